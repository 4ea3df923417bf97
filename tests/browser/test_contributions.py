"""Questions and ideas in the hall: on phones with and without a script, on console and wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from panel_app.core.db import db
from panel_app.deliberation.contributions import queries, services
from panel_app.deliberation.contributions.models import Contribution, counted_in
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from tests.browser import harness
from tests.browser.test_wall import FAULTS
from tests.browser.walk import Walk
from tests.conftest import POSTGRESQL
from tests.factories.deliberation import contribute, make_room, want
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(POSTGRESQL), reason="drawn on SQLite")]
#: As long as one may be, in words that say different things.
LONG = "Could the council tell us by letter, in plain words, what the {} on the estate costs?"


class Room:
    """A hall that asks questions, its facilitator, and two of its phones."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        with walk.app.test_request_context():
            panel = make_panel()
            people = make_members(panel, 12)
            session = make_session(panel)
            item = make_room(session, "qa", moderated=True)
            for place, about in enumerate(("new lighting", "old boiler", "caretaker", "garden")):
                one = contribute(item, people[2 + place], LONG.format(about).ljust(138, "x"))
                services.moderate(contribution=one, state="accepted", actor=ACTOR)
                want(one, *people[6 : 12 - place])
            self.letters = [f"/j/{seats.token_of(person)}" for person in people[:2]]
            self.item, self.people = item.id, [person.id for person in people]
            self.facilitator = make_user("facilitator", panel).email
            self.phone = f"/my/session/{session.public_id}"
            self.desk = f"/desk/{panel.slug}/sessions/{session.public_id}/"
            db.session.commit()

    def the_item(self) -> AgendaItem:
        return db.session.get_one(AgendaItem, self.item)

    def member(self, place: int) -> Member:
        return db.session.get_one(Member, self.people[place])

    def of_first(self) -> int:
        """Return how many want the newest of those that are shown."""
        with self.walk.app.test_request_context():
            newest = max(queries.contributions_of(self.the_item()), key=lambda one: one.number)
            model = counted_in(self.the_item())
            return queries.supporters(db.session.merge(newest), model)

    def end(self) -> None:
        with self.walk.app.test_request_context():
            sessions.close_item(item=self.the_item(), actor=ACTOR)
            sessions.reveal(item=self.the_item(), actor=ACTOR)
            db.session.commit()


def come_in(room: Room, phone: Page, letter: str) -> None:
    phone.goto(letter)
    phone.locator("main form[action*='/j/'] button").first.click()
    phone.locator("main .actions a").first.wait_for()


def on_the_wall(room: Room, wall: Page, name: str) -> None:
    for width, height in ((1280, 720), (1920, 1080)):
        wall.set_viewport_size({"width": width, "height": height})
        wall.goto(f"{room.desk}wall")
        room.walk.look(wall, f"{name}-{height}")
        assert wall.evaluate(FAULTS) == [], f"{name} at {width}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_question_goes_from_a_phone_to_the_wall(
    migrated: str, tmp_path: Path, chromium: Browser, language: str
) -> None:
    asked = {"en": "Who pays for the lift?", "ar": "من يدفع ثمن المصعد؟"}[language]
    with harness.running(migrated, tmp_path) as server:
        walk = Walk(server, chromium, language)
        room = Room(walk)
        plain, phone = walk.phone(width=320, java_script_enabled=False), walk.phone()
        come_in(room, phone, room.letters[0])
        walk.look(phone, "qa-phone")
        # Without a script: ask, and press for what somebody else asked.
        plain.goto(room.letters[1])
        plain.locator("main form[action*='/j/'] button").first.click()
        plain.goto(room.phone)
        plain.locator("main .actions a").first.click()
        plain.fill("textarea", asked)
        plain.locator("main form button").last.click()
        assert asked in plain.locator("main").inner_text()
        plain.locator("form[action$='/support'] button").first.click()
        assert plain.locator("button[value='0']").count() == 1
        # On the desk, by keys: checked, then put on the wall.
        desk, wall = walk.laptop(), walk.laptop()
        walk.sign_in(desk, room.facilitator, PASSWORD)
        desk.goto(room.desk)
        walk.look(desk, "qa-console")
        desk.locator("a[href$='/contributions/check']").click()
        desk.locator("[data-keys] input").check()
        walk.look(desk, "qa-check")
        with desk.expect_navigation():
            desk.keyboard.press("a")
        phone.get_by_text(asked).first.wait_for()
        walk.look(phone, "qa-phone-asked")
        # The phone goes offline; its press waits, and counts once when it is back.
        mine = phone.locator(".card", has_text=asked).locator("button")
        harness.go_offline(phone, offline=True)
        mine.click()
        phone.locator("[data-queue-of][data-state=saved]").wait_for()
        harness.go_offline(phone, offline=False)
        phone.locator("[data-queue-of][data-state=received]").wait_for()
        assert room.of_first() == 2
        desk.goto(room.desk)
        with desk.expect_navigation():
            desk.keyboard.press("w")
        walk.sign_in(wall, room.facilitator, PASSWORD)
        on_the_wall(room, wall, "qa-large")
        phone.locator(".tag:not(.quiet)").first.wait_for()
        desk.goto(desk.url.split("/sessions/")[0] + f"/items/{_public_id(room)}/contributions")
        walk.look(desk, "qa-list")
        room.end()
        on_the_wall(room, wall, "qa-results")
        phone.reload()
        phone.locator(".bars").wait_for()
        walk.look(phone, "qa-phone-results")


def test_wall_says_how_to_take_part_and_what_comes_next(
    migrated: str, tmp_path: Path, chromium: Browser
) -> None:
    with harness.running(migrated, tmp_path) as server:
        walk = Walk(server, chromium, "bn")
        room = Room(walk)
        wall = walk.laptop()
        walk.sign_in(wall, room.facilitator, PASSWORD)
        on_the_wall(room, wall, "qa-start")
        with walk.app.test_request_context():
            for one in db.session.query(Contribution).order_by(Contribution.number).limit(3):
                services.mark(contribution=one, mark="shortlisted", on=True, actor=ACTOR)
            db.session.commit()
        on_the_wall(room, wall, "qa-shortlist")


def _public_id(room: Room) -> str:
    with room.walk.app.test_request_context():
        return room.the_item().public_id
