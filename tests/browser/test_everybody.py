"""Joining, answering and voting without JavaScript, with the keyboard alone, on a slow network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels import seats
from panel_app.panels.models import Member, Panel
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Session
from panel_app.staff.demo import PASSWORD, STAFF
from tests.browser import harness, rules
from tests.browser.walk import Walk
from tests.conftest import POSTGRESQL
from tests.factories.deliberation import make_asking

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(POSTGRESQL), reason="the borough is loaded on SQLite"),
]

#: A resident's first visit, in bytes as they travel: the page, its style, its script, its icon.
FIRST_VISIT = 25 * 1024


@pytest.fixture
def walk(hillgrove_served: harness.Running, chromium: object) -> Walk:
    return Walk(hillgrove_served, chromium, "en")  # type: ignore[arg-type]


def letter(walk: Walk) -> str:
    """Return where the QR code of a letter leads that nobody has answered yet."""
    with walk.app.test_request_context():
        query = select(Member).join(Member.panel).where(Panel.slug == "hillgrove")
        query = query.where(Member.state == "invited").order_by(Member.seat)
        member = db.session.scalars(query).first()
        assert member is not None
        return f"/j/{seats.token_of(member)}"


def hall(walk: Walk) -> str:
    """Return the open session's public identifier."""
    with walk.app.test_request_context():
        return db.session.scalars(select(Session.public_id).where(Session.state == "open")).one()


def open_a_question(walk: Walk) -> None:
    with walk.app.test_request_context():
        session = db.session.scalars(select(Session).where(Session.state == "open")).one()
        sessions.open_item(item=make_asking(session, is_open=False), actor="staff:test")
        db.session.commit()


def lengthen(walk: Walk) -> None:
    """Give the open part titles as long as the form takes."""
    long = {
        "en": "Which of the repairs that were put off last year should come before more lighting?",
        "bn": "গত বছর পিছিয়ে দেওয়া মেরামতগুলোর কোনটি পথে আরও আলো দেওয়ার আগে করা উচিত বলে মনে করেন?",
        "ar": "أي من الإصلاحات التي أُجّلت في العام الماضي ينبغي أن تسبق زيادة الإنارة في الممرات؟",
    }
    with walk.app.test_request_context():
        item = db.session.scalars(select(AgendaItem).where(AgendaItem.state == "open")).one()
        item.title = Translated.of(**long)
        db.session.commit()


def press(page: Page, words: str) -> None:
    """Press the button or follow the link with these words, and wait for what it leads to."""
    with page.expect_navigation():
        page.locator("main").locator("button, a.btn").filter(has_text=words).first.click()


def test_everything_works_without_javascript(walk: Walk) -> None:
    phone = walk.phone(chosen=False, java_script_enabled=False)
    phone.goto(letter(walk))
    press(phone, "English")
    press(phone, "Yes, join")
    expect(phone.locator("h1")).to_have_text("Repairs or lighting?")
    press(phone, "Disagree")
    expect(phone.locator("main")).to_contain_text("1 of 6 answered")
    open_a_question(walk)
    press(phone, "Refresh")
    phone.locator("input[type=radio]").first.check()
    press(phone, "Send my answer")
    expect(phone.locator("main")).to_contain_text("Your answer is saved.")
    vote_without_javascript(phone)
    score_without_javascript(phone)


def vote_without_javascript(phone: Page) -> None:
    """Choose too much, be told, choose less, cast, and read the receipt."""
    phone.goto("/my/")
    press(phone, "Vote")
    costs = ("5200000", "6800000")
    for cost in costs:
        phone.locator(f".project:has([data-cost='{cost}']) label").click()
    press(phone, "Check and cast")
    expect(phone.locator("[role=alert]")).to_be_visible()
    phone.locator(f".project:has([data-cost='{costs[0]}']) label").click()
    press(phone, "Check and cast")
    press(phone, "Cast my vote")
    expect(phone.locator("h1")).to_have_text("Your vote is in")
    expect(phone.locator(".code").first).not_to_be_empty()


def score_without_javascript(phone: Page) -> None:
    """Declare no connection, score an application, see what others think."""
    phone.goto("/my/grants")
    phone.locator("main a[href*='/my/cases/']").first.click()
    phone.locator("input[value=none]").check()
    press(phone, "Continue")
    for question in phone.locator("fieldset:has(input[name^=score])").all():
        question.locator("input[value='4']").check()
    phone.locator("textarea").fill("Clear and cheap.")
    press(phone, "Save my score")
    expect(phone.locator(".saved")).to_have_text("Your score is saved.")


def reach(page: Page, wanted: Locator) -> None:
    """Go on with the Tab key until `wanted` has the focus."""
    for _ in range(rules.STOPS):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {wanted}")


def enter(page: Page, words: str) -> None:
    """Reach the button or link with these words with the Tab key, and press Enter."""
    reach(page, page.locator("main").locator("button, a").filter(has_text=words).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_joining_and_voting_need_only_a_keyboard(walk: Walk) -> None:
    phone = walk.phone()
    phone.goto(letter(walk))
    enter(phone, "Yes, join")
    reach(phone, phone.locator(".trio button").first)
    phone.keyboard.press("Enter")
    expect(phone.locator("main")).to_contain_text("1 of 6 answered")
    assert rules.obscured(phone) == []
    phone.goto("/my/")
    enter(phone, "Vote")
    assert rules.obscured(phone) == []
    phone.reload()
    reach(phone, phone.locator(".project input").first)
    phone.keyboard.press("Space")
    expect(phone.locator("[data-chosen]")).to_have_text("1")
    enter(phone, "Check and cast")
    enter(phone, "Cast my vote")
    expect(phone.locator("h1")).to_have_text("Your vote is in")


def test_console_needs_only_a_keyboard(walk: Walk) -> None:
    desk = walk.laptop()
    walk.sign_in(desk, STAFF[2][0], PASSWORD)
    desk.goto(f"/desk/hillgrove/sessions/{hall(walk)}/")
    assert rules.obscured(desk) == []
    for words in ("Close the round", "Show the results", "Next:"):
        reach(desk, desk.locator("main button").filter(has_text=words).first)
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
    expect(desk.locator(".agenda .now")).to_contain_text("Break")


def test_first_visit_is_light(walk: Walk) -> None:
    phone = walk.phone(chosen=False)
    channel = phone.context.new_cdp_session(phone)
    channel.send("Network.enable")
    sizes: list[float] = []
    channel.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    phone.goto(letter(walk))
    phone.wait_for_load_state("networkidle")
    assert len(sizes) >= 3, "the page, its style and its script were fetched"
    assert sum(sizes) <= FIRST_VISIT, f"{sum(sizes)} bytes"


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_wall_reads_from_the_last_row(
    hillgrove_served: harness.Running, chromium: object, language: str, size: tuple[int, int]
) -> None:
    walk = Walk(hillgrove_served, chromium, language)  # type: ignore[arg-type]
    wall = walk.laptop()
    walk.sign_in(wall, STAFF[2][0], PASSWORD)
    wall.set_viewport_size({"width": size[0], "height": size[1]})
    lengthen(walk)
    wall.goto(f"/desk/hillgrove/sessions/{hall(walk)}/wall")
    sizes: list[float] = wall.evaluate(
        """() => [...document.querySelectorAll('.wall *')]
          .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
          .filter(e => e.checkVisibility()).map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert sizes
    assert min(sizes) >= size[1] * 0.04 - 0.1
    for part in ("h1", ".stage .say", ".join .code", ".head .clock"):
        expect(wall.locator(part)).to_be_in_viewport(ratio=1)
