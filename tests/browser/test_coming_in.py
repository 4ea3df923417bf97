"""Coming into the open session in a browser: by letter and as a guest, on a small old phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.sessions.models import Session
from tests.browser import harness
from tests.browser.walk import Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def codes(walk: Walk) -> tuple[str, str]:
    """Return where the QR code of an unanswered letter leads, and that of the wall."""
    with walk.app.test_request_context():
        session = db.session.scalars(select(Session).where(Session.state == "open")).one()
        query = select(Member).where(Member.panel_id == session.panel_id)
        member = db.session.scalars(query.where(Member.state == "invited")).first()
        assert member is not None
        return f"/j/{seats.token_of(member)}", f"/s/{session.code}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_one_tap_and_two_screens_lead_into_the_session(
    hillgrove_served: harness.Running, chromium: Browser, language: str
) -> None:
    walk = Walk(hillgrove_served, chromium, language)
    letter, wall = codes(walk)
    phone = walk.phone(width=320)
    screens: list[str] = []
    phone.on("load", lambda page: screens.append(page.url))
    phone.goto(letter)
    walk.look(phone, "letter-join")
    phone.locator("main form[action^='/j/'] button").click()
    phone.wait_for_url("**/my/session/**")
    walk.look(phone, "letter-in")
    assert len(screens) == 2
    assert phone.locator("form.here").count() == 0

    guest = walk.phone(width=320)
    guest.goto(wall)
    walk.look(guest, "guest-join")
    guest.locator("main form[action^='/s/'] button").click()
    guest.wait_for_url("**/my/session/**")
    walk.look(guest, "guest-in")
    guest.locator("form.trio button.a").click()
    guest.locator(".saved a").wait_for()
    walk.look(guest, "guest-answered")
