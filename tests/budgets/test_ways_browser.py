"""Ranking and sharing out points on a small phone, with buttons alone, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.balloting.models import Paper
from panel_app.budgets.rules import Rules
from panel_app.core.db import db
from panel_app.panels import devices
from panel_app.panels.models import Member
from tests.browser.harness import Running, accessibility_faults, overflow, phone, running
from tests.factories.balloting import Vote, make_vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def server(migrated: str, tmp_path: Path) -> Iterator[Running]:
    with running(migrated, tmp_path) as made:
        yield made


def ballot_page(
    chromium: Browser, server: Running, vote: Vote, language: str, *, script: bool
) -> Page:
    """Return the open ballot on a member's phone, in a language."""
    with server.app().app_context():
        seat = devices.take_seat(db.session.get_one(Member, vote.members[0]))
        db.session.commit()
    context = phone(chromium, server.address, seat=seat, java_script_enabled=script)
    context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    page = context.new_page()
    page.goto(vote.page)
    return page


def sound(page: Page, *, script: bool) -> None:
    if script:
        assert accessibility_faults(page) == []
        assert overflow(page) <= 0


def cast(page: Page) -> None:
    """Press on to the check page and cast."""
    page.locator(".purse button").click()
    page.wait_for_url("**/check")
    page.locator("form[data-queue] button").click()
    page.wait_for_url("**/receipt")


def stored(server: Running) -> object:
    with server.app().app_context():
        return db.session.scalars(select(Paper)).one().choice


@pytest.mark.parametrize(("language", "script"), [("en", False), ("ar", True)])
def test_a_list_is_made_with_buttons_and_cast(
    chromium: Browser, server: Running, language: str, script: bool
) -> None:
    vote = make_vote(server.app(), rules=Rules(way="ranking", limit=2))
    page = ballot_page(chromium, server, vote, language, script=script)
    for place in (0, 2):
        page.locator(f"button[value='add.{vote.projects[place]}']").click()
    assert page.locator("button[value^='add.']").count() == 0
    sound(page, script=script)
    page.locator(f"#up-{vote.projects[2]}").click()
    assert page.locator("#order li input").first.get_attribute("value") == vote.projects[2]
    page.locator(f"#out-{vote.projects[0]}").click()
    page.locator(f"button[value='add.{vote.projects[3]}']").click()
    cast(page)
    assert stored(server) == [vote.projects[2], vote.projects[3]]
    page.context.close()


@pytest.mark.parametrize(("language", "script"), [("en", True), ("bn", False)])
def test_points_are_given_by_typing_and_by_buttons(
    chromium: Browser, server: Running, language: str, script: bool
) -> None:
    vote = make_vote(server.app(), rules=Rules(way="points"))
    page = ballot_page(chromium, server, vote, language, script=script)
    page.locator(f"#points-{vote.projects[0]}").fill("৮")
    page.locator(f"#more-{vote.projects[1]}").click()
    page.locator(f"#more-{vote.projects[1]}").click()
    page.locator(f"#more-{vote.projects[1]}").click()
    sound(page, script=script)
    page.locator(".purse button").click()
    assert page.locator("#errors").count() == 1
    assert page.locator(f"#points-{vote.projects[0]}").input_value() == "৮"
    page.locator(f"#less-{vote.projects[1]}").click()
    cast(page)
    assert stored(server) == {vote.projects[0]: 8, vote.projects[1]: 2}
    page.context.close()


def test_one_of_many_projects_is_found_and_a_choice_out_of_sight_stays(
    chromium: Browser, server: Running
) -> None:
    vote = make_vote(server.app(), rules=Rules(way="approval"), projects=30)
    page = ballot_page(chromium, server, vote, "en", script=False)
    page.locator(f"input[value='{vote.projects[0]}']").locator("xpath=..").click()
    page.locator("#find").fill("play SURFACE")
    page.locator("button[value='find.']").click()
    assert page.locator(".project:visible").count() == 1
    page.locator(f"input[value='{vote.projects[3]}']").locator("xpath=..").click()
    page.locator("#find").fill("")
    page.locator("#show").select_option("mine")
    page.locator("button[value='find.']").click()
    assert page.locator(".project:visible").count() == 2
    cast(page)
    assert stored(server) == sorted([vote.projects[0], vote.projects[3]])
    page.context.close()
