"""The three pictures that the README shows, taken from the demo borough."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.sessions.models import Session
from panel_app.staff.demo import PASSWORD, STAFF
from tests.browser import harness
from tests.browser.walk import Walk
from tests.conftest import POSTGRESQL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(POSTGRESQL), reason="drawn on SQLite")]

#: Where the pictures are kept when somebody asks for them (`make pictures`).
FOLDER = os.environ.get("README_PICTURES", "")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_ballot_on_a_phone(
    hillgrove_served: harness.Running, chromium: Browser, language: str
) -> None:
    walk = Walk(hillgrove_served, chromium, language)
    with walk.app.test_request_context():
        member = db.session.scalars(select(Member).where(Member.state == "invited")).first()
        assert member is not None
        address = f"/j/{seats.token_of(member)}"
        ballot = db.session.scalars(select(Ballot.public_id).where(Ballot.state == "open")).one()
    phone = walk.phone(device_scale_factor=1)
    phone.goto(address)
    phone.locator("main form[action*='/j/'] button").first.click()
    phone.wait_for_url("**/my/**")
    phone.goto(f"/my/ballots/{ballot}")
    for cost in (1_850_000, 620_000, 5_200_000):
        phone.locator(f".project input[data-cost='{cost}']").check(force=True)
    walk.look(phone, "demo-ballot")
    assert phone.locator("[data-left]").first.inner_text() != "£100,000"
    keep(phone, "ballot" if language == "en" else f"ballot-{language}")


def test_the_wall_in_the_hall(hillgrove_served: harness.Running, chromium: Browser) -> None:
    walk = Walk(hillgrove_served, chromium, "en")
    with walk.app.test_request_context():
        session = db.session.scalars(select(Session.public_id).where(Session.state == "open")).one()
    wall = walk.laptop()
    walk.sign_in(wall, STAFF[2][0], PASSWORD)
    wall.goto(f"/desk/hillgrove/sessions/{session}/wall")
    walk.look(wall, "demo-wall")
    keep(wall, "wall")


def keep(page: Page, name: str) -> None:
    """Keep what the screen shows as a picture of the README."""
    if FOLDER:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=f"{FOLDER}/{name}.png")
