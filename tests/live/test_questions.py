"""Every kind of question in a real browser, on a small phone."""

from __future__ import annotations

import pytest

from panel_app.core.db import db
from panel_app.questions.models import AnswerSet
from panel_app.sessions import services
from tests.browser.harness import accessibility_faults, overflow, phone
from tests.factories.deliberation import make_asking
from tests.factories.questions import one_of_each
from tests.factories.sessions import ACTOR
from tests.live.conftest import Hall

pytestmark = pytest.mark.browser

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect
Browser, Page = playwright.Browser, playwright.Page


def ask_everything(hall: Hall) -> None:
    """Put a question of every kind to the hall."""
    with hall.app.app_context():
        item = make_asking(hall.state_of_session(), *one_of_each(), is_open=False)
        services.open_item(item=item, actor=ACTOR)
        db.session.commit()


def fill(page: Page) -> None:
    """Answer everything but the order, as a person does."""
    page.locator("#one input").first.check()
    for place in (0, 2):
        page.locator("#several input").nth(place).check()
    page.locator("#yes input").first.check()
    page.locator("#scale input").nth(3).check()
    for code in ("gradients", "fist", "ready"):
        page.locator(f"#{code} input").nth(1).check()
    page.locator("#words").fill("light, bins")
    page.locator("input[name='dots.a']").fill("6")
    page.locator("input[name='dots.c']").fill("4")
    for name, text in {
        "line": "Two lamps",
        "text": "Lamps first",
        "number": "12",
        "money": "1250",
        "date": "2026-12-24",
        "name": "Rosa Example",
        "contact": "rosa@example.org",
        "place": "E1 6AN",
    }.items():
        page.locator(f"#{name}").fill(text)
    page.locator("#consent input").check()


def kept(hall: Hall) -> AnswerSet:
    with hall.app.app_context():
        return db.session.query(AnswerSet).one()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_kind_on_a_small_phone(hall: Hall, chromium: Browser, language: str) -> None:
    ask_everything(hall)
    mobile = phone(chromium, hall.server.address, seat=hall.seats[0], width=320).new_page()
    mobile.goto(f"{hall.phone}?l={language}")
    assert mobile.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert overflow(mobile) <= 0
    assert accessibility_faults(mobile) == []
    small = mobile.locator("form[action$='/answer'] :is(.btn, .choice)").evaluate_all(
        "all => all.filter(e => e.getBoundingClientRect().height < 44 && !e.matches('.unseen'))"
        ".length"
    )
    assert small == 0
    fill(mobile)
    mobile.locator("main form[action$='/answer'] .btn.wide").click()
    mobile.locator("[data-queue-of][data-state=received]").wait_for()
    assert len(kept(hall).answers) == len(one_of_each())
    mobile.locator("#rank-up-c").click()
    expect(mobile.locator("input[name=rank]").nth(1)).to_have_value("c")
    expect(mobile.locator("#rank-up-c")).to_be_focused()


def test_every_kind_without_javascript(hall: Hall, chromium: Browser) -> None:
    ask_everything(hall)
    options = {"seat": hall.seats[0], "width": 320, "java_script_enabled": False}
    mobile = phone(chromium, hall.server.address, **options).new_page()
    mobile.goto(hall.phone)
    fill(mobile)
    mobile.locator("input[name='dots.a']").fill("60")
    mobile.locator("main form[action$='/answer'] .btn.wide").click()
    expect(mobile.locator("[role=alert]")).to_contain_text("These are 64 points; there are 10.")
    expect(mobile.locator("#text")).to_have_value("Lamps first")
    mobile.locator("input[name='dots.a']").fill("6")
    mobile.locator("#rank-down-a").click()
    mobile.locator("main form[action$='/answer'] .btn.wide").click()
    expect(mobile.locator("main")).to_contain_text("Your answer is saved.")
    assert kept(hall).answers["rank"] == ["b", "a", "c"]
