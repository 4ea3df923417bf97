"""What a tablet that is a kiosk keeps of whoever was there before: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.balloting import kiosk
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from tests.browser.harness import Running, accessibility_faults, overflow, phone, running
from tests.factories.balloting import make_vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def server(migrated: str, tmp_path: Path) -> Iterator[Running]:
    with running(migrated, tmp_path) as made:
        yield made


def let_in(page: Page, code: str) -> None:
    page.goto("/kiosk")
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    page.wait_for_url("**/kiosk/vote")


def found_of_a_person(page: Page) -> list[str]:
    """Return what the browser holds beside that it is a kiosk, a form's safeguard apart."""
    names = [str(cookie.get("name")) for cookie in page.context.cookies()]
    kept = page.evaluate("[localStorage.length, sessionStorage.length]")
    return [n for n in names if n not in {"kiosk", "session"}] + [f"{n}" for n in kept if n]


def test_next_person_finds_nothing_of_the_one_before(chromium: Browser, server: Running) -> None:
    app = server.app()
    vote = make_vote(app)
    with app.app_context():
        code = seats.code_of(db.session.get_one(Member, vote.members[0]))
        device = str(kiosk._signer(kiosk.DEVICE).dumps(vote.public_id))
    context = phone(chromium, server.address)
    context.add_cookies([{"name": "kiosk", "value": device, "url": f"{server.address}/kiosk"}])
    page = context.new_page()
    page.clock.install()
    let_in(page, code)
    assert accessibility_faults(page) == []
    assert overflow(page) <= 0
    page.locator("label.choice").first.click()
    # A minute without a touch: back at the start, as if nobody had been there.
    page.clock.fast_forward(61_000)
    page.wait_for_url("**/kiosk")
    assert found_of_a_person(page) == []
    let_in(page, code)
    assert page.locator("input[type=checkbox]:checked").count() == 0
    page.locator("label.choice").first.click()
    page.locator(".purse button").click()
    page.wait_for_url("**/check")
    page.get_by_role("button", name="Cast my vote").click()
    page.wait_for_url("**/kiosk/receipt")
    receipt = page.locator(".code").inner_text()
    page.locator("[data-kiosk-leave]").click()
    page.wait_for_url("**/kiosk")
    assert found_of_a_person(page) == []
    for _press in range(4):
        page.evaluate("history.back()")
        page.wait_for_timeout(400)
        shown = page.content()
        assert receipt not in shown
        assert "Is this your vote?" not in shown
        assert page.locator("input[type=checkbox]:checked").count() == 0
