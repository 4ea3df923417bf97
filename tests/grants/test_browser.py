"""The applicant's journey and a member's scoring, on a 360 px phone in English and Arabic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.casework.services import declare_conflict
from panel_app.core.db import db
from panel_app.grants import services
from panel_app.grants.models import Programme
from panel_app.panels import devices
from panel_app.panels.models import Member
from tests.browser import harness
from tests.factories.grants import ANSWERS, make_application, make_draft, make_programme, make_round
from tests.factories.panels import make_members, make_panel

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "ar")
SLUG = "small-grants"


@pytest.fixture(scope="module")
def seats(
    migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[harness.Running, dict[str, str]]]:
    """Run a server with one application waiting; return it and a seat's token by language."""
    with harness.running(migrated, tmp_path_factory.mktemp("grants"), start=False) as server:
        with server.app().test_request_context():
            panel = make_panel()
            programme = make_programme(panel, slug=SLUG)
            make_round(programme)
            make_application(programme)
            members = make_members(panel, len(LANGUAGES))
            tokens = [devices.take_seat(member) for member in members]
            db.session.commit()
        server.start()
        yield server, dict(zip(LANGUAGES, tokens, strict=True))


WORD = "x" * 78


@pytest.fixture(scope="module")
def decided(seats: tuple[harness.Running, dict[str, str]]) -> tuple[str, str]:
    """Return the addresses of an application with endless words: its owner's, and a member's."""
    with seats[0].app().test_request_context():
        programme = db.session.scalars(select(Programme)).one()
        typed = {name: {name: WORD} for name in ("title", "plan")}
        draft, token = make_draft(programme, kind={"kind": "group"}, **typed)
        case = services.submit_application(application=draft).case
        assert case
        services.decide_application(
            application=draft, outcome="defer", amount=None, reason=WORD * 4, actor="staff:test"
        )
        members = db.session.scalars(select(Member)).all()
        for member in members:
            declare_conflict(case=case, member=member, level="none")
        db.session.commit()
        return f"/a/{token}", f"/my/cases/{case.public_id}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_endless_words_wrap_on_the_smallest_phone(
    chromium: Browser,
    seats: tuple[harness.Running, dict[str, str]],
    decided: tuple[str, str],
    language: str,
) -> None:
    server, tokens = seats
    context = harness.phone(chromium, server.address, seat=tokens[language], width=320)
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page = context.new_page()
    for path in decided:
        page.goto(path)
        assert WORD in page.inner_text("main")
        look(page)
    context.close()


def look(page: Page) -> None:
    """Hold the page to the rules: nothing for axe to find, nothing wider than the phone."""
    assert harness.accessibility_faults(page) == []
    assert harness.overflow(page) <= 0


def fill(page: Page, question: str) -> None:
    for name, value in ANSWERS[question].items():
        if question in {"kind", "mission"}:
            page.check(f"input[name={name}][value={value}]")
        else:
            page.fill(f"[name={name}]", value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", [True, False])
def test_applicant_asks_and_sees_the_status(
    chromium: Browser,
    seats: tuple[harness.Running, dict[str, str]],
    tmp_path: Path,
    language: str,
    script: bool,
) -> None:
    server, _tokens = seats
    context = harness.phone(chromium, server.address, java_script_enabled=script)
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page = context.new_page()
    page.goto(f"/apply/{SLUG}")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    check = look if script else (lambda _page: None)
    check(page)
    page.click("main a.btn")
    check(page)
    page.check("input[value=yes]")
    page.click("main form button")
    for question in ANSWERS:
        page.wait_for_url(f"**/answer/{question}")
        check(page)
        fill(page, question)
        page.screenshot(path=tmp_path / f"{question}.png", full_page=True)
        page.click("main form button.wide")
    page.wait_for_url("**/check")
    check(page)
    page.click("main form button.wide")
    page.wait_for_url("**/a/*")
    check(page)
    assert page.locator("#own-link").input_value() == page.url
    page.click("main a[href$=withdraw]")
    check(page)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_member_declares_scores_and_sees_the_spread(
    chromium: Browser, seats: tuple[harness.Running, dict[str, str]], language: str
) -> None:
    server, tokens = seats
    context = harness.phone(chromium, server.address, seat=tokens[language])
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page = context.new_page()
    page.goto("/my/grants")
    look(page)
    page.click(".card a")
    look(page)
    page.check("input[value=none]")
    page.click("main form button")
    page.wait_for_selector("textarea")
    look(page)
    page.click("summary")
    look(page)
    page.check("input[name^=score][value='4']")
    page.fill("textarea", "A clear need")
    page.click("main form button")
    page.wait_for_url("**/scores")
    look(page)
    context.close()
