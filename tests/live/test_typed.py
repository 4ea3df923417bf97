"""What was ticked and typed on a live part stays: in another language, without a seat."""

from __future__ import annotations

from typing import Any

import pytest

from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels import devices
from panel_app.panels.models import Member
from panel_app.questions.models import AnswerSet
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem
from tests.browser.harness import phone
from tests.factories.deliberation import make_asking
from tests.factories.questions import make_question, options
from tests.factories.sessions import ACTOR
from tests.live.conftest import Hall

pytestmark = pytest.mark.browser

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect
Browser, Page = playwright.Browser, playwright.Page
WORDS = "Half a sen\nte“nce”"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])


def ask(hall: Hall) -> str:
    """Put three questions to the room; return the part."""
    with hall.app.app_context():
        item = make_asking(
            hall.state_of_session(),
            make_question("one_of", code="one", options=options("Mondays", "Never")),
            make_question("several_of", code="several", options=options("Tea", "Cake", "Fruit")),
            make_question("text", code="words"),
            is_open=False,
        )
        services.open_item(item=item, actor=ACTOR)
        db.session.commit()
        return item.public_id


def opened(hall: Hall, chromium: Browser, **given: Any) -> Page:
    page = phone(chromium, hall.server.address, seat=hall.seats[0], **given).new_page()
    page.goto(hall.phone)
    return page


def fill(page: Page) -> None:
    page.locator("#one input").nth(1).check()
    for place in (0, 2):
        page.locator("#several input").nth(place).check()
    page.locator("textarea").fill(WORDS)


def holds(page: Page) -> None:
    """Hold the page to what `fill` put into it."""
    expect(page.locator("textarea")).to_have_value(WORDS)
    ticked = "boxes => boxes.map(box => box.checked)"
    assert page.locator("#one input").evaluate_all(ticked) == [False, True]
    assert page.locator("#several input").evaluate_all(ticked) == [True, False, True]


def choose_bengali(page: Page) -> None:
    page.locator("header .lang").click()
    page.locator("button[value=bn]").click()
    expect(page.locator("html")).to_have_attribute("lang", "bn")


@SCRIPTS
def test_change_of_language_keeps_what_a_live_part_holds(
    hall: Hall, chromium: Browser, scripts: bool
) -> None:
    page = opened(hall, chromium, java_script_enabled=scripts)
    ask(hall)
    if scripts:
        page.wait_for_load_state()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("textarea")).to_be_visible()
    else:
        page.get_by_role("link", name="Refresh").click()
    fill(page)
    choose_bengali(page)
    holds(page)
    page.locator("main form[action$='/answer'] .btn.wide").click()
    expect(page.locator(".saved")).to_be_visible()
    with hall.app.app_context():
        answers = db.session.query(AnswerSet).one().answers
        assert answers["words"].replace("\r\n", "\n") == WORDS


def test_part_that_changes_leaves_what_came_along_into_another_language(
    hall: Hall, chromium: Browser
) -> None:
    item = ask(hall)
    page = opened(hall, chromium)
    fill(page)
    choose_bengali(page)
    page.wait_for_load_state()
    with hall.app.app_context():
        part = db.session.query(AgendaItem).filter_by(public_id=item).one()
        part.title = Translated.of(en="When then?")
        db.session.commit()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("h1")).to_contain_text("When then?")
    expect(page.locator("[data-typed]")).to_have_count(0)
    holds(page)


def test_part_without_anything_to_type_still_offers_the_languages(
    hall: Hall, chromium: Browser
) -> None:
    page = opened(hall, chromium)
    choose_bengali(page)
    expect(page.locator(".trio")).to_be_visible()


def test_page_without_a_script_never_comes_anew_while_somebody_types(
    hall: Hall, chromium: Browser
) -> None:
    page = opened(hall, chromium, java_script_enabled=False)
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)
    ask(hall)
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)


@pytest.mark.parametrize("how", ["moved", "cookie gone"])
def test_seat_lost_without_a_script_keeps_what_was_typed(
    hall: Hall, chromium: Browser, how: str
) -> None:
    ask(hall)
    page = opened(hall, chromium, java_script_enabled=False)
    fill(page)
    with hall.app.app_context():
        member = db.session.query(Member).filter_by(public_id=hall.subjects[0]).one()
        seat = devices.take_seat(member)
        db.session.commit()
    if how == "cookie gone":
        page.context.clear_cookies()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("main")).to_contain_text("This phone has no seat any more")
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator("main")).to_contain_text("This phone has no seat any more")
    cookie = {"name": "seat", "value": seat, "url": hall.server.address}
    page.context.add_cookies([cookie])
    page.get_by_role("button", name="Carry on").click()
    holds(page)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator(".saved")).to_be_visible()


def test_question_that_went_meanwhile_is_said_to_be_unsent(hall: Hall, chromium: Browser) -> None:
    item = ask(hall)
    page = opened(hall, chromium, java_script_enabled=False)
    fill(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Send my answer").click()
    with hall.app.app_context():
        one = db.session.query(AgendaItem).filter_by(public_id=item).one()
        services.close_item(item=one, actor=ACTOR)
        db.session.commit()
    cookie = {"name": "seat", "value": hall.seats[0], "url": hall.server.address}
    page.context.add_cookies([cookie])
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator("[role=status]").filter(has_text="was not sent")).to_contain_text("te“nce”")
