"""The language of a page, and how money, numbers, times and content are written in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.web import i18n
from tests.checked_client import CheckedClient
from tests.factories.panels import make_members, make_panel

EVENING = datetime(2026, 7, 26, 17, 30, tzinfo=UTC)


def language_of(app: Flask, **request: object) -> str:
    with app.test_request_context(**request):  # type: ignore[arg-type]
        return i18n.code()


def test_order_of_choice(app: Flask) -> None:
    everything = {
        "path": "/help?l=ar",
        "headers": {"Cookie": "language=bn", "Accept-Language": "bn"},
    }
    assert language_of(app, **everything) == "ar"
    assert language_of(app, headers={"Cookie": "language=bn", "Accept-Language": "ar"}) == "bn"
    assert language_of(app, headers={"Accept-Language": "ar-EG, en;q=0.5"}) == "ar"
    assert language_of(app, headers={"Accept-Language": "xx"}) == "en"
    assert language_of(app) == "en"


@pytest.mark.parametrize("given", ["xx", "", "../../etc", "EN", "bn\x00", "a" * 5_000, "%"])
def test_unknown_language_is_ignored(app: Flask, given: str) -> None:
    assert language_of(app, path="/help", query_string={"l": given}) == "en"


def test_members_own_language_comes_before_the_browsers(
    app: Flask, join: Callable[[int], CheckedClient]
) -> None:
    with app.app_context():
        member = make_members(make_panel(), 1)[0]
        member.language = "bn"
        db.session.commit()
        member_id = member.id
    phone = join(member_id)
    answer = phone.get("/my/", headers={"Accept-Language": "ar"})
    assert answer.headers["Content-Language"] == "bn"
    assert phone.get("/my/?l=ar").headers["Content-Language"] == "ar"


def test_staff_pages_stay_english_without_a_staff_catalogue(app: Flask) -> None:
    app.extensions["desk_languages"] = frozenset({"en"})
    assert language_of(app, path="/desk/?l=ar") == "en"
    assert language_of(app, path="/help?l=ar") == "ar"


def test_answers_say_what_they_depend_on(client: CheckedClient) -> None:
    headers = client.get("/help?l=ar").headers
    assert headers["Content-Language"] == "ar"
    assert {"Accept-Language", "Cookie"} <= {v.strip() for v in headers["Vary"].split(",")}


def test_choice_wins_over_the_language_in_the_address(client: CheckedClient) -> None:
    answer = client.submit("/language?next=/help?l=ar%26x=1", button="বাংলা")
    assert answer.headers["Location"] == "/help?x=1"
    assert client.page(answer.headers["Location"]).get("lang") == "bn"


def test_choice_is_kept_for_a_year_out_of_reach_of_scripts(client: CheckedClient) -> None:
    cookie = client.submit("/language", button="বাংলা").headers["Set-Cookie"]
    for flag in ("HttpOnly", "SameSite=Lax", "Max-Age=31536000", "Path=/"):
        assert flag in cookie


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "£1,234,567.50"), ("bn", "£12,34,567.50"), ("ar", "£1,234,567.50")],
)
def test_money_has_our_sign_and_the_readers_grouping(
    app: Flask, language: str, expected: str
) -> None:
    with app.test_request_context(f"/?l={language}"):
        assert i18n.money(123_456_750) == f'<bdi class="num">{expected}</bdi>'
        isolated = "\u2066£5\u2069" if language == "ar" else "£5"
        assert i18n.money_text(500) == isolated


def test_amounts_in_content_keep_their_order_among_arabic(app: Flask) -> None:
    text = Translated.of(en="Share £1,500", ar="قسّموا £1,500 الآن")
    with app.test_request_context("/?l=ar"):
        assert '"auto">قسّموا \u2066£1,500\u2069 الآن</bdi>' in i18n.said(text)
    with app.test_request_context("/?l=en"):
        assert i18n.said(text) == '<bdi dir="auto">Share £1,500</bdi>'


@pytest.mark.parametrize(
    ("language", "day", "hour"),
    [("en", "26 July 2026", "6.30 pm"), ("bn", "26 জুলাই 2026", "6:30 PM"),
     ("ar", "26 يوليو 2026", "6:30 م")],
)  # fmt: skip
def test_times_are_local_and_in_words(app: Flask, language: str, day: str, hour: str) -> None:
    comma = "،" if language == "ar" else ","
    with app.test_request_context(f"/?l={language}"):
        assert i18n.day(EVENING) == day
        assert i18n.day(date(2026, 7, 26)) == day
        assert i18n.hour(EVENING).replace("\u202f", " ") == hour
        assert i18n.moment(EVENING).replace("\u202f", " ") == f"{day}{comma} {hour}"


def test_content_in_another_language_says_so(app: Flask) -> None:
    text = Translated.of(en="<b>Panel</b>", bn="প্যানেল")
    with app.test_request_context("/?l=bn"):
        assert i18n.said(text) == '<bdi dir="auto">প্যানেল</bdi>'
    with app.test_request_context("/?l=ar"):
        shown = i18n.said(text)
    assert '<bdi lang="en" dir="ltr">&lt;b&gt;Panel&lt;/b&gt;</bdi>' in shown
    assert 'lang="en">English</span>' in shown
    with app.test_request_context():
        assert i18n.said(None) == ""


def test_machine_wording_says_so(app: Flask) -> None:
    text = Translated.of(en="Panel").with_version("ar", "لجنة", "machine")
    with app.test_request_context("/?l=ar"):
        assert i18n.said(text).startswith('<bdi dir="auto">لجنة</bdi> <span')


def test_what_people_typed_is_isolated(app: Flask) -> None:
    with app.test_request_context():
        assert i18n.theirs("\u202eevil<script>") == (
            '<bdi dir="auto">\u202eevil&lt;script&gt;</bdi>'
        )


@pytest.mark.parametrize(
    ("code", "name", "direction"), [("ro", "Română", "ltr"), ("ur", "اردو", "rtl")]
)
def test_language_needs_nothing_but_its_catalogue(
    tmp_path: Path, code: str, name: str, direction: str
) -> None:
    (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / code / "LC_MESSAGES" / "messages.mo").open("wb") as file:
        write_mo(file, Catalog(code))
    app = Flask("x")
    i18n.init_app(app, languages=("en", code), time_zone="Europe/London", folder=tmp_path)
    with app.app_context():
        assert i18n.offered()[1] == i18n.Language(code, name, direction)
        assert code in [language.code for language in i18n.spoken()]


def test_language_without_a_catalogue_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="PANEL_LANGUAGES: xx, fr"):
        i18n.init_app(
            Flask("x"), languages=("en", "xx", "fr"), time_zone="Europe/London", folder=tmp_path
        )
