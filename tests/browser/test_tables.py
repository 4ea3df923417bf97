"""A part with tables, as the hall sees it: whose table is where, on phones and on the wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.core.db import db
from panel_app.deliberation.tables import notes, planning, queries
from panel_app.deliberation.tables import services as tables
from panel_app.panels import seats
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem
from tests.browser import harness
from tests.browser.test_wall import FAULTS
from tests.browser.walk import Walk
from tests.conftest import POSTGRESQL
from tests.factories.deliberation import make_tables
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(POSTGRESQL), reason="drawn on SQLite")]
PEOPLE, SIZE = 84, 7
#: As long as a note may be.
NOTE = "আলো " * 69


class Hall:
    """A full hall with twelve tables, and one of its phones."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        with walk.app.test_request_context():
            panel = make_panel()
            members = make_members(panel, PEOPLE)
            session = make_session(panel)
            for member in members:
                services.attend(session=session, member=member)
            prompts = [{"en": "What would you keep?", "ar": "ما الذي تُبقونه؟"}]
            item = make_tables(session, size=SIZE, rounds=2, prompts=prompts)
            planning.ask_for_plan(item=item, whom="here", actor=ACTOR)
            self.letter = f"/j/{seats.token_of(members[0])}"
            self.item, self.first, self.member = item.public_id, item.id, members[0]
            self.facilitator = make_user("facilitator", panel).email
            self.desk = f"/desk/{panel.slug}/sessions/{session.public_id}/"
            db.session.commit()
            planning.work_out(self.item)

    def the_item(self) -> AgendaItem:
        return db.session.get_one(AgendaItem, self.first)

    def begin(self) -> tuple[int, list[str]]:
        """Begin a round; return the table of the phone's seat, and who sits there."""
        with self.walk.app.test_request_context():
            tables.begin_round(item=self.the_item(), actor=ACTOR)
            db.session.commit()
            plan = queries.plan_of(self.the_item())
            seat = queries.seat_of(plan, db.session.merge(self.member))
            assert seat is not None
            table = queries.table_in(plan, plan.current_round, seat.number)
            return seat.number, [str(number) for number in table.numbers]

    def seats_on(self, wall: Page, screen: int) -> list[list[str]]:
        """Turn the wall; return who sits at each table that it shows."""
        with self.walk.app.test_request_context():
            services.turn_wall(item=self.the_item(), page=screen)
            db.session.commit()
        wall.reload()
        return [text.split(" · ") for text in wall.locator(".hall .num").all_inner_texts()]

    def write_and_show(self, number: int) -> None:
        """Have a table write four long notes, end the part, and show what was written."""
        with self.walk.app.test_request_context():
            for key in "abcd":
                plan = queries.plan_of(self.the_item())
                notes.write_notes(
                    plan=plan, number=number, text=NOTE, language="bn", key=key, author=None
                )
            services.close_item(item=self.the_item(), actor=ACTOR)
            services.reveal(item=self.the_item(), actor=ACTOR)
            db.session.commit()


def on_the_wall(hall: Hall, wall: Page, name: str) -> None:
    """Hold the wall to its rules on a small and on a large screen."""
    for width, height in ((1280, 720), (1920, 1080)):
        wall.set_viewport_size({"width": width, "height": height})
        wall.goto(f"{hall.desk}wall")
        hall.walk.look(wall, f"{name}-{height}")
        assert wall.evaluate(FAULTS) == [], f"{name} at {width}"


def test_phone_and_wall_say_whose_table_is_where(
    migrated: str, tmp_path: Path, chromium: Browser
) -> None:
    with harness.running(migrated, tmp_path) as server:
        walk = Walk(server, chromium, "ar")
        hall = Hall(walk)
        wall, phone = walk.laptop(), walk.phone(width=320)
        walk.sign_in(wall, hall.facilitator, PASSWORD)
        phone.goto(hall.letter)
        phone.locator("main form[action*='/j/'] button").first.click()
        phone.locator("[data-live] .lead").wait_for()
        walk.look(phone, "tables-laid")
        number, seated = hall.begin()
        phone.reload()
        assert str(number) in phone.locator(".say").inner_text()
        walk.look(phone, "tables-mine")
        on_the_wall(hall, wall, "tables-plan")
        assert seated in [hall.seats_on(wall, screen) for screen in (0, 1)][(number - 1) // 6]
        hall.write_and_show(number)
        on_the_wall(hall, wall, "tables-written")
        assert wall.locator(".found p").count() == 1
