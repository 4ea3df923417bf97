"""The whole mission in a browser: from a pool and targets to a public page, in two languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.core.db import db
from panel_app.staff.accounts import create_user
from tests.browser import harness
from tests.browser.mission_grants import decide_grant
from tests.browser.mission_hall import vote_on_budget, walk_session
from tests.browser.mission_recruiting import draw, join, print_letters, set_up_panel
from tests.browser.walk import Walk
from tests.factories.staff import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORGANISER = "organiser@example.org"


@pytest.fixture
def served(migrated: str, tmp_path: Path) -> Iterator[harness.Running]:
    """Return a running server with its job process and one organiser."""
    with harness.running(migrated, tmp_path, start=False) as server:
        app = server.app()
        with app.test_request_context():
            create_user(
                email=ORGANISER, name="Oren Organiser", password=PASSWORD, role="administrator"
            )
            db.session.commit()
            db.session.remove()
        server.start(jobs=True)
        yield server


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_mission(served: harness.Running, chromium: Browser, language: str) -> None:
    walk = Walk(served, chromium, language)
    desk = walk.laptop()
    walk.sign_in(desk, ORGANISER, PASSWORD)
    set_up_panel(walk, desk)
    draw(walk, desk)
    print_letters(walk, desk)
    first, second = join(walk, seat=1), join(walk, seat=2)
    walk_session(walk, desk, first, second)
    vote_on_budget(walk, desk, first, second)
    publish(desk)
    decide_grant(walk, desk, [first, second])
    read_in_public(walk)


def publish(desk: Page) -> None:
    """Let anyone read about the panel."""
    desk.goto("/desk/hillgrove-panel/")
    desk.locator("main form[action$='/publish'] button").click()
    desk.locator("main form[action$='/withdraw'] button").wait_for()


def read_in_public(walk: Walk) -> None:
    """Read on a phone, without signing in, how people were chosen and what was decided."""
    anyone = walk.phone()
    anyone.goto("/")
    walk.look(anyone, "front")
    for place in ("", "chosen", "grants"):
        anyone.goto(f"/p/hillgrove-panel/{place}")
        walk.look(anyone, f"public-{place or 'panel'}")
    anyone.goto("/p/hillgrove-panel/")
    walk.follow(anyone, "/budget/")
    walk.look(anyone, "result")
    for name in ("draw", "composition", "decisions", "grants"):
        for kind in ("json", "csv"):
            answer = anyone.request.get(f"/p/hillgrove-panel/data/{name}.{kind}")
            assert answer.ok, name
            assert answer.body(), name
