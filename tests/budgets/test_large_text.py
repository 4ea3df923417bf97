"""Nothing that sticks covers the screen or what has the focus, however large the letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from panel_app.core.db import db
from panel_app.panels import devices
from panel_app.panels.models import Member
from panel_app.web import i18n
from tests.browser.harness import Running, phone, running
from tests.factories.balloting import Vote, make_vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LETTERS = (100, 130, 150, 175, 200)
SCREENS = ((375, 667), (320, 256), (667, 375))
#: Every element that sticks, with the height it takes of a screen scrolled to the top.
STUCK = """() => [...document.querySelectorAll('body *')]
  .filter(e => ['sticky', 'fixed'].includes(getComputedStyle(e).position))
  .map(e => [e, e.getBoundingClientRect()])
  .map(([e, box]) => [e.className, Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)])"""
ENLARGE = """percent => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: ${percent * 1.125}% !important }`);
  document.adoptedStyleSheets = [sheet]; scrollTo(0, 0); }"""
COVERED = """box => { box.scrollIntoView({block: 'nearest'}); box.focus();
  const label = box.closest('label'), r = label.getBoundingClientRect();
  const spots = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) =>
    document.elementFromPoint(r.left + x * r.width, r.top + y * r.height));
  return !spots.some(spot => label.contains(spot)); }"""


@pytest.fixture(scope="module")
def served(
    migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Vote]]:
    folder: Path = tmp_path_factory.mktemp("large")
    with running(migrated, folder, start=False) as server:
        vote = make_vote(server.app(), members=6)
        server.start()
        yield server, vote


def ballot(chromium: Browser, served: tuple[Running, Vote], language: str, **options: Any) -> Page:
    server, vote = served
    with server.app().app_context():
        seat = devices.take_seat(db.session.get_one(Member, vote.members[0]))
        db.session.commit()
    context = phone(chromium, server.address, seat=seat, **options)
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page = context.new_page()
    page.goto(vote.page)
    return page


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_purse_never_covers_the_screen(
    chromium: Browser, served: tuple[Running, Vote], language: str
) -> None:
    page = ballot(chromium, served, language)
    page.locator(".project .choice").nth(1).click()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for percent in LETTERS:
            page.evaluate(ENLARGE, percent)
            where = (width, height, percent)
            stuck = page.evaluate(STUCK)
            assert stuck or (height, percent) != (667, 100), "the purse no longer sticks at all"
            for name, taken in stuck:
                assert taken <= height / 3, (*where, name, taken)
            boxes = page.locator(".project input:not(:disabled)")
            for place in range(boxes.count()):
                assert not boxes.nth(place).evaluate(COVERED), (*where, place)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, where
    page.context.close()


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_script_writes_money_as_the_page_does(
    chromium: Browser, served: tuple[Running, Vote], language: str
) -> None:
    page = ballot(chromium, served, language)
    with served[0].app().test_request_context(f"/?l={language}"):
        whole, less = i18n.money_text(10_000_000), i18n.money_text(10_000_000 - 1_850_000)
    left = page.locator("[data-left]")
    assert whole in left.inner_text()
    page.locator(f"input[value='{served[1].projects[0]}']").locator("xpath=..").click()
    assert less in left.inner_text()
    page.context.close()


def test_going_back_and_choosing_again_keep_ticks_and_sums(
    chromium: Browser, served: tuple[Running, Vote]
) -> None:
    page = ballot(chromium, served, "en")
    for place in (0, 2):
        page.locator(f"input[value='{served[1].projects[place]}']").locator("xpath=..").click()
    said = page.locator("[data-left]").inner_text()
    page.locator("form.projects .sums button").click()
    page.wait_for_url("**/check")
    page.go_back()
    assert page.locator("input:checked").count() == 2
    assert page.locator("[data-left]").inner_text() == said
    page.locator("form.projects .sums button").click()
    page.get_by_role("button", name="Choose again").click()
    page.wait_for_url(f"**{served[1].page}")
    assert page.locator("input:checked").count() == 2
    assert page.locator("[data-left]").inner_text() == said
    page.context.close()


def test_without_a_script_no_sum_is_claimed_and_a_change_of_language_keeps_ticks(
    chromium: Browser, served: tuple[Running, Vote]
) -> None:
    page = ballot(chromium, served, "en", java_script_enabled=False)
    for place in (0, 1, 2):
        page.locator(f"input[value='{served[1].projects[place]}']").locator("xpath=..").click()
    assert page.locator(".left").inner_text() == "There is £100,000 in all."
    assert page.locator(".counted").first.is_hidden()
    page.locator("header .lang").click()
    page.locator("button[value=ar]").click()
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("input:checked").count() == 3
    page.locator("form.projects .sums button").click()
    page.wait_for_url("**/check")
    page.go_back()
    assert page.locator("input:checked").count() == 3
    assert "100,000" in page.locator(".left").inner_text()
    assert page.locator(".counted").first.is_hidden()
    page.locator("form.projects .sums button").click()
    page.wait_for_url("**/check")
    page.locator("header .lang").click()
    page.locator("button[value=en]").click()
    assert page.locator("input:checked").count() == 3
    page.context.close()
