"""Letters: one a person, in their language, with a code that can be made anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels import seats, services
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import letters
from panel_app.recruitment.languages import language_of
from panel_app.recruitment.services import draw_panel
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.recruitment import ACTOR, TARGETS, make_draw, make_lottery, make_pool
from tests.factories.sessions import make_session
from tests.factories.staff import make_user

LETTERS = "/desk/hillgrove/letters"


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; the drawn panel of 6 is at /desk/hillgrove/."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        panel.reply_by = date(2026, 11, 12)
        db.session.commit()
        make_draw(panel)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def seat(app: Flask, number: int = 1) -> tuple[str, str, str]:
    """Return the public_id, token and typed code of a seat."""
    with app.test_request_context():
        member = db.session.scalars(select(Member).where(Member.seat == number)).one()
        return member.public_id, seats.token_of(member), seats.code_of(member)


def test_every_person_drawn_gets_a_letter_in_their_language(
    app: Flask, desk: CheckedClient
) -> None:
    page = desk.page(f"{LETTERS}/print")
    articles = list(page.iter("article"))
    with app.test_request_context():
        members = db.session.scalars(select(Panel)).one().members
        wanted = [(m.language, "rtl" if m.language == "ar" else "ltr") for m in members]
        codes = [seats.code_of(member) for member in members]
    assert [(a.get("lang"), a.get("dir")) for a in articles] == wanted
    for article, code in zip(articles, codes, strict=True):
        words = text_of(article)
        assert code in words
        assert "Canary Row" in words
        assert "Person" in words
        assert "Hillgrove Panel" in words
        assert any(element.get("role") == "img" for element in article.iter())


def test_english_letter_says_by_when_to_answer(app: Flask, desk: CheckedClient) -> None:
    public_id, _, _ = seat(app)
    desk.submit(LETTERS, {"language": "en"}, action=f"{public_id}/language")
    words = text_of(desk.page(f"{LETTERS}/{public_id}"))
    assert "Please answer by 12 November 2026." in words
    assert "24 neighbours said yes, and 6 were drawn by lottery" in words
    assert "/join" in words


def test_every_letter_tells_readers_of_the_other_languages_to_scan(
    app: Flask, desk: CheckedClient
) -> None:
    letters = list(desk.page(f"{LETTERS}/print").iter("article"))
    assert letters
    for letter in letters:
        lines = [p.get("lang") for p in letter.iter("p") if p.get("lang")]
        assert sorted([*lines, letter.get("lang")]) == ["ar", "bn", "en"]


def test_language_of_a_letter_can_be_chosen(app: Flask, desk: CheckedClient) -> None:
    public_id, _, _ = seat(app)
    answer = desk.submit(LETTERS, {"language": "bn"}, action=f"{public_id}/language")
    assert answer.status_code == 303
    article = next(desk.page(f"{LETTERS}/{public_id}").iter("article"))
    assert article.get("lang") == "bn"
    refused = desk.submit(LETTERS, {"language": "xx"}, action=f"{public_id}/language")
    assert refused.status_code == 422


def test_new_letter_takes_a_second_step_and_ends_the_old_one(
    app: Flask, desk: CheckedClient, client: CheckedClient
) -> None:
    public_id, token, code = seat(app)
    client.set_cookie("language", "en")
    client.submit(f"/j/{token}", action=f"/j/{token}")
    desk.get(f"{LETTERS}/{public_id}/reissue")
    assert client.get("/my/").status_code == 200
    answer = desk.submit(f"{LETTERS}/{public_id}/reissue")
    assert answer.headers["Location"] == f"{LETTERS}/{public_id}"
    _, new_token, new_code = seat(app)
    assert token != new_token
    assert code != new_code
    assert new_code in text_of(desk.page(f"{LETTERS}/{public_id}"))
    assert client.get("/my/").headers["Location"] == "/moved"
    assert client.get(f"/j/{token}").status_code == 404
    assert "does not work" in client.submit("/join", {"code": code}).text
    assert client.get(f"/j/{new_token}").status_code == 200


def test_who_declined_gets_no_letter(app: Flask, desk: CheckedClient) -> None:
    public_id, _, code = seat(app)
    with app.test_request_context():
        member = db.session.scalars(select(Member).where(Member.public_id == public_id)).one()
        services.give_up_seat(member=member)
        db.session.commit()
    assert code not in desk.get(f"{LETTERS}/print").text
    assert desk.get(f"{LETTERS}/{public_id}").status_code == 404
    assert "no" in text_of(desk.page(LETTERS))


def test_letters_of_another_panel_are_not_found(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        [other] = make_members(make_panel(), 1)
        public_id = other.public_id
        db.session.commit()
    for path in (public_id, f"{public_id}/reissue", "x"):
        assert desk.get(f"{LETTERS}/{path}").status_code == 404


def test_only_organisers_see_names(app: Flask, desk: CheckedClient, sign_in: Any) -> None:
    with app.test_request_context():
        email = make_user("facilitator", db.session.scalars(select(Panel)).one()).email
        db.session.commit()
    fay = sign_in(email)
    assert fay.get("/desk/hillgrove/draw").status_code == 200
    for path in (LETTERS, f"{LETTERS}/print", "/desk/hillgrove/people"):
        assert fay.get(path).status_code == 403


def test_no_letter_is_printed_without_an_address_to_write_to(
    app: Flask, desk: CheckedClient
) -> None:
    with app.test_request_context():
        db.session.scalars(select(Panel)).one().sender = ""
        db.session.commit()
    answer = desk.get(f"{LETTERS}/print")
    assert answer.headers["Location"] == "/desk/hillgrove/edit"
    page = desk.page(f"{LETTERS}/print")
    assert "people with questions write to that address" in text_of(page)


def test_large_panel_prints_in_pages(
    app: Flask, desk: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "LETTERS_A_PAGE", 4)
    assert len(list(desk.page(f"{LETTERS}/print").iter("article"))) == 4
    assert "Print all 6 on one page" in desk.get(LETTERS).text
    assert len(list(desk.page(f"{LETTERS}/print?from=all").iter("article"))) == 6
    assert len(list(desk.page(f"{LETTERS}/print?from=4").iter("article"))) == 2
    assert len(list(desk.page(f"{LETTERS}/print?from=-1").iter("article"))) == 4
    assert "Print letters 5 to 6" in text_of(desk.page(LETTERS))


def test_full_page_of_letters_stays_within_the_budget(app: Flask, desk: CheckedClient) -> None:
    with app.test_request_context():
        panel = make_panel(slug="large", size=letters.LETTERS_A_PAGE)
        make_pool(panel, people=80, targets=TARGETS.replace("2,4", "5,15"))
        draw_panel(lottery=make_lottery(panel), dice="000", actor=ACTOR)
        db.session.commit()
    page = desk.page("/desk/large/letters/print")
    assert len(list(page.iter("article"))) == letters.LETTERS_A_PAGE


def test_letter_after_one_who_declined_is_on_its_page(
    app: Flask, desk: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "LETTERS_A_PAGE", 3)
    first = desk.get(f"{LETTERS}/print").text
    with app.test_request_context():
        members = db.session.scalars(select(Member).order_by(Member.seat)).all()
        services.give_up_seat(member=members[0])
        db.session.commit()
        codes = [seats.code_of(member) for member in members]
    both = first + desk.get(f"{LETTERS}/print?from=3").text
    assert [code in both for code in codes] == [True] * 6
    assert codes[0] not in desk.get(f"{LETTERS}/print").text


def test_nothing_is_printed_for_who_declines_meanwhile(app: Flask, desk: CheckedClient) -> None:
    public_id, _, _ = seat(app)
    page = parse(desk.get(f"{LETTERS}/{public_id}/reissue").text)
    token = page.find(".//main//input[@name='csrf_token']")
    assert token is not None
    with app.test_request_context():
        member = db.session.scalars(select(Member).where(Member.public_id == public_id)).one()
        services.give_up_seat(member=member)
        db.session.commit()
    answer = desk.post(f"{LETTERS}/{public_id}/reissue", data={"csrf_token": token.get("value")})
    assert answer.status_code == 409
    with app.test_request_context():
        member = db.session.scalars(select(Member).where(Member.public_id == public_id)).one()
        assert member.issue == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Bengali", "bn"),
        ("bangla", "bn"),
        ("bn-BD", "bn"),
        ("বাংলা", "bn"),
        ("Arabic (العربية)", "ar"),
        ("Bengali / English", "bn"),
        ("English, Arabic", "en"),
        ("Klingon", "ar"),
        ("", "ar"),
    ],
)
def test_language_of_a_registration_is_understood(said: str, code: str) -> None:
    assert language_of({"Preferred Language": said}, ["ar", "bn", "en"]) == code


def test_letter_says_when_and_where_what_is_paid_and_whom_to_ask(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        make_draw(panel)
        member = panel.members[0]
        member.language = "en"
        before = letters.letter_of(panel, member).html
        assert "The panel meets here:" in before
        assert "Write to the address above." in before
        panel.contact = "Ada, 020 7946 0000"
        panel.terms = Translated.of(en="£50 an evening and childcare", ar="50 جنيهًا")
        session = make_session(panel, is_open=False)
        session.starts_at, session.ends_at = (clock.now() + timedelta(days=days) for days in (7, 8))
        db.session.flush()
        written = letters.letter_of(panel, member).html
        assert "The next meeting:" in written
        assert str(session.place) in written
        assert "What you get for taking part:" in written
        assert "£50 an evening and childcare" in written
        assert "Ada, 020 7946 0000" in written
        assert "Write to the address above." not in written
        session.state = "closed"
        db.session.flush()
        assert "The next meeting:" not in letters.letter_of(panel, member).html
