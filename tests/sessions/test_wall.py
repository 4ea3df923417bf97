"""The wall turned by the console: screens, previews, the way in, a second language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.audit import head
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.translated import Translated
from panel_app.deliberation.statements.models import Statement
from panel_app.panels.models import Member
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem, Session
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import answer_all, make_round, make_statement
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


class Room:
    """A session with a round of three statements that is open, and a part after it."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, 6)]
            session = make_session(panel)
            item = make_round(session)
            make_item(session, title="Break")
            self.session, self.item = session.id, item.id
            self.facilitator = make_user("facilitator", panel).email
            self.observer = make_user("observer", panel).email
            self.desk = f"/desk/{panel.slug}/sessions/{session.public_id}/"
            self.turn = f"/desk/{panel.slug}/items/{item.public_id}/turn"
            db.session.commit()

    def everybody_answers(self, app: Flask) -> None:
        with app.app_context():
            for member in self.members:
                answer_all(self.part, db.session.get_one(Member, member), 1)
            db.session.commit()

    @property
    def part(self) -> AgendaItem:
        return db.session.get_one(AgendaItem, self.item)


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(app)


def test_facilitator_turns_the_walls_screens(room: Room, sign_in: SignIn) -> None:
    desk = sign_in(room.facilitator)
    wall = text_of(desk.page(f"{room.desk}wall"))
    assert "Repairs come first." in wall
    assert "Lighting comes first." not in wall
    assert "1 of 3" in wall
    desk.submit(room.desk, button="Next screen")
    wall = text_of(desk.page(f"{room.desk}wall"))
    assert "Lighting comes first." in wall
    assert "Repairs come first." not in wall
    desk.submit(room.desk, button="Back one screen")
    assert "Repairs come first." in text_of(desk.page(f"{room.desk}wall"))


def test_turning_twice_at_once_turns_one_screen(room: Room, sign_in: SignIn, app: Flask) -> None:
    first, second = sign_in(room.facilitator), sign_in(room.facilitator)
    pages = [desk.page(room.desk) for desk in (first, second)]
    assert all("Screen 1 of 3" in text_of(page) for page in pages)
    for _press in range(2):
        with app.app_context():
            services.turn_wall(item=room.part, page=1)
            db.session.commit()
    assert "2 of 3" in text_of(first.page(f"{room.desk}wall"))


@pytest.mark.parametrize("page", [-1, 1_000])
def test_a_screen_that_cannot_be_is_refused(room: Room, app: Flask, page: int) -> None:
    with app.app_context(), pytest.raises(Refused):
        services.turn_wall(item=room.part, page=page)


def test_a_part_begins_with_its_first_screen(room: Room, app: Flask) -> None:
    with app.app_context():
        services.turn_wall(item=room.part, page=2)
        services.close_item(item=room.part, actor=ACTOR)
        assert room.part.wall_page == 0


def test_code_is_large_before_the_first_part_and_on_one_press(
    room: Room, sign_in: SignIn, app: Flask
) -> None:
    desk = sign_in(room.facilitator)
    assert "inviting" not in desk.get(f"{room.desk}wall").text
    desk.submit(room.desk, button="Show the QR code large")
    assert "inviting" in desk.get(f"{room.desk}wall").text
    desk.submit(room.desk, button="Next: Break")
    assert "inviting" not in desk.get(f"{room.desk}wall").text


def test_results_are_previewed_before_the_room_sees_them(
    room: Room, sign_in: SignIn, app: Flask
) -> None:
    room.everybody_answers(app)
    desk = sign_in(room.facilitator)
    assert "6 agree" not in text_of(desk.page(room.desk))
    desk.submit(room.desk, button="Close the round")
    assert "6 agree" not in text_of(desk.page(room.desk))
    desk.submit(room.desk, button="Look at them first")
    console, wall = (text_of(desk.page(room.desk + page)) for page in ("", "wall"))
    assert "which the room has not seen" in console
    assert "6 agree" in console
    assert "6 agree" not in wall


def test_observers_turn_nothing(room: Room, sign_in: SignIn) -> None:
    watching = sign_in(room.observer)
    assert "Next screen" not in text_of(watching.page(room.desk))
    assert watching.post(room.turn, data={"page": "1"}).status_code in {400, 403, 404}


def test_wall_says_it_in_a_second_language_too(room: Room, sign_in: SignIn, app: Flask) -> None:
    with app.app_context():
        db.session.get_one(Session, room.session).second_language = "bn"
        statement = db.session.query(Statement).order_by(Statement.number).first()
        assert statement is not None
        statement.wording = Translated.of(en="Repairs come first.", bn="আগে মেরামত।")
        db.session.commit()
    desk = sign_in(room.facilitator)
    wall = desk.get(f"{room.desk}wall").text
    assert '<p class="also" lang="bn" dir="auto">আগে মেরামত।</p>' in wall


def test_organiser_chooses_the_second_language(room: Room, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(room.facilitator)
    desk.submit(f"{room.desk}edit", {"second_language": "ar"})
    with app.app_context():
        assert db.session.get_one(Session, room.session).second_language == "ar"


def test_mark_on_the_wall_is_the_start_of_the_record(
    room: Room, sign_in: SignIn, app: Flask
) -> None:
    desk = sign_in(room.facilitator)
    wall = text_of(desk.page(f"{room.desk}wall"))
    with app.app_context():
        newest = head()
    letters = newest.hash[:8].upper()
    assert f"record {newest.number} · {letters[:4]} {letters[4:]}" in wall
    assert newest.hash[:12] not in wall


def test_any_part_is_one_press_away(room: Room, sign_in: SignIn, app: Flask) -> None:
    desk = sign_in(room.facilitator)
    desk.submit(room.desk, button="open this part")
    assert "Break" in text_of(next(desk.page(f"{room.desk}wall").iter("h1")))


def test_past_evenings_stay_readable_to_their_members(
    room: Room, app: Flask, join: Callable[[int], CheckedClient]
) -> None:
    room.everybody_answers(app)
    with app.app_context():
        session = db.session.get_one(Session, room.session)
        services.close_session(session=session, actor=ACTOR)
        services.reveal(item=room.part, actor=ACTOR)
        address = f"/my/session/{session.public_id}"
        db.session.commit()
    phone = join(room.members[0])
    assert "Read what came of it" in text_of(phone.page("/my/"))
    shown = text_of(phone.page(address))
    assert "Which comes first?" in shown
    assert "6 of 6 agree" in shown
    assert "You agreed." in shown


def test_first_that_waits_is_decided_by_a_key_beside_what_it_resembles(
    room: Room, sign_in: SignIn, app: Flask
) -> None:
    with app.app_context():
        member = db.session.get_one(Member, room.members[0])
        make_statement(room.part, member, "Repairs come first!")
        make_statement(room.part, member, "Open the hall on Sundays.")
        db.session.commit()
    shown = sign_in(room.facilitator).get(room.desk).text
    assert (shown.count('data-key="a"'), shown.count('data-key="x"')) == (1, 1)
    assert "very like no. 1" in shown
    assert shown.count("Repairs come first.") >= 2
