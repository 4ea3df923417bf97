"""The ballot on a small phone in Chromium: with and without script, in English and Arabic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.balloting.models import Paper
from panel_app.core.db import db
from panel_app.panels import devices
from panel_app.panels.models import Member
from tests.browser.harness import (
    Running,
    accessibility_faults,
    overflow,
    phone,
    running,
)
from tests.factories.balloting import Vote, cast, close, make_vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

pytestmark = pytest.mark.browser
#: Whether the focused element can be seen: one of its corners or its centre is its own.
SEEN = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect();
  const places = [[r.left + 2, r.top + 2], [r.right - 2, r.top + 2], [r.left + 2, r.bottom - 2],
    [r.right - 2, r.bottom - 2], [(r.left + r.right) / 2, (r.top + r.bottom) / 2]];
  const own = ([x, y]) => e.contains(document.elementFromPoint(x, y));
  return e === document.body || places.some(own);
}"""


@pytest.fixture
def server(migrated: str, tmp_path: Path) -> Iterator[Running]:
    with running(migrated, tmp_path) as made:
        yield made


@pytest.fixture
def vote(server: Running) -> Vote:
    return make_vote(server.app(), members=6)


def seat(server: Running, vote: Vote, place: int = 0) -> str:
    """Give a phone the seat of a member; return the cookie's token."""
    with server.app().app_context():
        token = devices.take_seat(db.session.get_one(Member, vote.members[place]))
        db.session.commit()
        return token


def stored(server: Running) -> list[object]:
    with server.app().app_context():
        return [paper.choice for paper in db.session.scalars(select(Paper))]


def tick(page: Page, vote: Vote, *places: int) -> None:
    for place in places:
        box = page.locator(f"input[value='{vote.projects[place]}']")
        box.locator("xpath=..").click()


def connect(channel: CDPSession, *, offline: bool) -> None:
    """Cut the phone off or connect it again; only the channel that cut it off can."""
    channel.send("Network.enable")
    speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    channel.send("Network.emulateNetworkConditions", {"offline": offline, **speed})


def sound(page: Page) -> None:
    """Hold the page to what every resident page keeps."""
    assert accessibility_faults(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("script", [True, False])
def test_ballot_from_page_to_receipt(
    chromium: Browser, server: Running, vote: Vote, language: str, script: bool
) -> None:
    context = phone(chromium, server.address, seat=seat(server, vote), java_script_enabled=script)
    page = context.new_page()
    page.goto(f"/language?l={language}")
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page.goto(vote.page)
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[language]
    tick(page, vote, 0, 2)
    if script:
        sound(page)
    page.locator("form.projects button").click()
    page.wait_for_url("**/check")
    assert stored(server) == []
    if script:
        sound(page)
    page.locator("form[data-queue] button").click()
    page.wait_for_url("**/receipt")
    assert re.fullmatch(
        r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", page.locator("p.code").first.inner_text()
    )
    if script:
        sound(page)
    assert stored(server) == [sorted([vote.projects[0], vote.projects[2]])]
    context.close()


def test_running_total_says_what_is_left_and_what_no_longer_fits(
    chromium: Browser, server: Running, vote: Vote
) -> None:
    page = phone(chromium, server.address, seat=seat(server, vote)).new_page()
    page.goto(vote.page)
    tick(page, vote, 0, 1, 2)
    assert page.locator("[data-left]").inner_text() == "£51,300 left"
    assert page.locator("[data-chosen]").inner_text() == "3"
    lift = page.locator(".project", has=page.locator(f"input[value='{vote.projects[4]}']"))
    assert "£16,700 over" in lift.inner_text()
    assert "Lift refurbishment" in lift.inner_text()
    tick(page, vote, 1)
    assert page.locator("[data-left]").inner_text() == "£75,300 left"
    assert lift.locator("[data-over]").is_hidden()
    page.context.close()


def test_too_much_without_script_comes_back_with_the_ticks(
    chromium: Browser, server: Running, vote: Vote
) -> None:
    context = phone(chromium, server.address, seat=seat(server, vote), java_script_enabled=False)
    page = context.new_page()
    page.goto(vote.page)
    tick(page, vote, 0, 1, 2, 3, 4)
    page.locator("form.projects button").click()
    assert "£68,700 more" in page.locator("#errors").inner_text()
    assert page.locator("input:checked").count() == 5
    assert stored(server) == []
    context.close()


def test_purse_never_covers_what_has_the_focus(
    chromium: Browser, server: Running, vote: Vote
) -> None:
    page = phone(chromium, server.address, seat=seat(server, vote)).new_page()
    page.goto(vote.page)
    for _step in range(16):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
    page.context.close()


def test_vote_cast_offline_is_kept_and_sent_once(
    chromium: Browser, server: Running, vote: Vote
) -> None:
    page = phone(chromium, server.address, seat=seat(server, vote)).new_page()
    page.goto(vote.page)
    tick(page, vote, 0)
    page.locator("form.projects button").click()
    page.wait_for_url("**/check")
    channel = page.context.new_cdp_session(page)
    connect(channel, offline=True)
    page.locator("form[data-queue] button").click()
    page.locator("[data-queue-of][data-state=vote]").wait_for()
    assert stored(server) == []
    connect(channel, offline=False)
    page.wait_for_url("**/receipt")
    assert stored(server) == [[vote.projects[0]]]
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_result_and_receipts_are_sound(
    chromium: Browser, server: Running, vote: Vote, language: str
) -> None:
    with server.app().app_context():
        for place, member in enumerate(vote.members):
            cast(vote, member, [vote.projects[place % 3]])
        close(vote)
    page = phone(chromium, server.address).new_page()
    base = f"/p/{vote.panel_slug}"
    for path in ("budget/{0}", "ballots/{0}", "ballots/{0}/open"):
        page.goto(f"{base}/{path.format(vote.public_id)}?l={language}")
        for details in page.locator("details").all():
            details.locator("summary").click()
        sound(page)
    page.context.close()
