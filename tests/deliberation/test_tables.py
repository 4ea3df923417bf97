"""Tables over rounds: seating, people who come and go, notes, and who reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.holdings import Who
from panel_app.deliberation.statements import themes
from panel_app.deliberation.tables import notes, planning, queries, services
from panel_app.deliberation.tables.exports import note_rows, notes_result
from panel_app.deliberation.tables.holdings import HOLDER
from panel_app.deliberation.tables.models import TablePlan, TableSeat
from panel_app.deliberation.tables.rules import Unreadable, fixed, groups, interpreters, numbers
from panel_app.panels.models import Member
from panel_app.sessions import activities, guests
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem, Guest
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.deliberation import make_tables
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[User | str], CheckedClient]


class Hall:
    """A session with people in it and a part with tables."""

    def __init__(self, app: Flask, people: int = 12, late: int = 0, **settings: object) -> None:
        self.app = app
        with app.app_context():
            panel = make_panel()
            members = make_members(panel, people + late)
            session = make_session(panel)
            for member in members[:people]:
                sessions.attend(session=session, member=member)
            item = make_tables(session, **{"size": 4, "rounds": 3, **settings})  # type: ignore[arg-type]
            self.item, self.session, self.slug = item.public_id, session.public_id, panel.slug
            self.members = [member.id for member in members]
            self.facilitator = make_user("facilitator", panel).email
            self.scribe = make_user("scribe", panel).email
            db.session.commit()

    def the_item(self) -> AgendaItem:
        query = select(AgendaItem).where(AgendaItem.public_id == self.item)
        return db.session.scalars(query).one()

    def plan(self) -> TablePlan:
        return queries.plan_of(self.the_item())

    def seat(self, whom: str = "here") -> None:
        with self.app.app_context():
            planning.ask_for_plan(item=self.the_item(), whom=whom, actor=ACTOR)
            db.session.commit()

    def begin(self) -> None:
        with self.app.app_context():
            services.begin_round(item=self.the_item(), actor=ACTOR)
            db.session.commit()

    def end(self) -> None:
        with self.app.app_context():
            services.end_round(item=self.the_item(), actor=ACTOR)
            db.session.commit()

    def arrive(self, *places: int) -> None:
        with self.app.app_context():
            for place in places:
                member = db.session.get_one(Member, self.members[place])
                sessions.attend(session=self.the_item().session, member=member)
            db.session.commit()

    def rounds(self) -> list[dict[int, int]]:
        """Return the table of each seat, round by round."""
        with self.app.app_context():
            seats = queries.seats_of(self.plan())
            last = max((seat.round for seat in seats), default=0)
            return [
                {s.member.seat: s.number for s in seats if s.round == at}
                for at in range(1, last + 1)
            ]

    def write(self, number: int, text: str, key: str = "k", author: int | None = None) -> None:
        with self.app.app_context():
            member = db.session.get_one(Member, author) if author else None
            notes.write_notes(
                plan=self.plan(), number=number, text=text, language="en", key=key, author=member
            )
            db.session.commit()

    @property
    def desk(self) -> str:
        return f"/desk/{self.slug}/items/{self.item}/tables"


def test_a_hall_of_48_repeats_the_proven_minimum_and_changes_leave_held_rounds_alone(
    app: Flask,
) -> None:
    hall = Hall(app, people=48, late=3, size=8, rounds=4)
    hall.seat()
    with app.app_context():
        assert hall.plan().figures["again"] == hall.plan().figures["fewest"] == 72
    before = hall.rounds()
    met = Counter(
        pair
        for tables in before
        for pair in combinations(sorted(tables), 2)
        if tables[pair[0]] == tables[pair[1]]
    )
    assert sum(times * (times - 1) // 2 for times in met.values()) == 72
    for _round in "12":
        hall.begin()
        hall.end()
    hall.arrive(48, 49, 50)
    with app.app_context():
        services.fit_in(item=hall.the_item(), left=[1, 2, 3, 4, 5], actor=ACTOR)
        db.session.commit()
    after = hall.rounds()
    assert after[:2] == before[:2]
    for old, new in zip(before[2:], after[2:], strict=True):
        assert set(new) == set(range(6, 52))
        sizes = Counter(new.values())
        assert max(sizes.values()) - min(sizes.values()) <= 1
        assert sum(new[seat] != old[seat] for seat in old.keys() & new.keys()) <= 2


def test_the_database_holds_nobody_at_two_tables_in_one_round(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    with app.app_context():
        first = db.session.scalars(select(TableSeat).where(TableSeat.round == 1)).first()
        assert first is not None
        place = {"plan_id": first.plan_id, "round": 1, "member_id": first.member_id}
        db.session.add(TableSeat(**place, number=first.number % 3 + 1))
        with pytest.raises(IntegrityError):
            db.session.flush()


def test_seven_people_at_twelve_tables_fill_the_tables_they_can(app: Flask) -> None:
    hall = Hall(app, people=7, size=4, places=[{"en": f"Corner {n}"} for n in range(12)])
    hall.seat()
    assert set(hall.rounds()[0].values()) == {1, 2}
    refused = Hall(app, people=7, size=4, fixed="3: 12")
    refused.seat()
    with app.app_context():
        assert refused.plan().state == "failed"
        assert refused.plan().faults[0]["code"] == "unknown_table"
    assert refused.rounds() == []


def test_a_late_guest_sits_down_in_the_round_that_is_on_and_nobody_moves(app: Flask) -> None:
    hall = Hall(app, people=11, late=1)
    hall.seat()
    hall.begin()
    before = hall.rounds()
    hall.arrive(11)
    with app.app_context():
        services.fit_in(item=hall.the_item(), left=[2], actor=ACTOR)
        db.session.commit()
    after = hall.rounds()
    assert after[0].items() >= before[0].items()
    assert 12 in after[0]
    assert 2 in after[0]
    assert all(12 in tables and 2 not in tables for tables in after[1:])


def test_someone_is_moved_by_hand_but_not_in_a_round_that_was_held(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.end()
    target = hall.rounds()[1][5] % 3 + 1
    with app.app_context():
        services.move(item=hall.the_item(), seat=5, to=target, since=2, actor=ACTOR)
        db.session.commit()
        for wrong in ({"to": 1, "since": 1}, {"to": 99, "since": 2}):
            with pytest.raises(Refused):
                services.move(item=hall.the_item(), seat=5, **wrong, actor=ACTOR)
        with pytest.raises(Refused):
            services.move(item=hall.the_item(), seat=77, to=1, since=2, actor=ACTOR)
    assert hall.rounds()[1][5] == target


def test_two_scribes_at_once_keep_both_texts(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.write(1, "Lamps first\nBins later", key="a")
    hall.write(1, "Gardens", key="b", author=hall.members[0])
    hall.write(1, "Lamps first\nBins later", key="a")
    with app.app_context():
        plan = hall.plan()
        first = queries.notes_at(plan, 1, 1)[0]
        for text in ("Lamps by the bus", "Lamps at the garages"):
            notes.rewrite(note=first, text=text, language="en", version=1, author=None)
        db.session.commit()
        said = [str(note.wording) for note in queries.notes_at(hall.plan(), 1, 1)]
    assert said == ["Lamps by the bus", "Bins later", "Gardens", "Lamps at the garages"]


def test_a_table_writes_no_more_points_by_correcting_an_old_one(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.write(1, "\n".join(f"Point {number}" for number in range(notes.MOST_NOTES)), key="a")
    with app.app_context():
        first = queries.notes_at(hall.plan(), 1, 1)[0]
        with pytest.raises(Refused):
            notes.rewrite(note=first, text="More", language="en", version=0, author=None)


def test_notes_of_others_are_read_once_the_round_is_over(app: Flask, join: Join) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.write(1, "Lamps first")
    phone = join(hall.members[0])
    assert "Lamps first" not in phone.get(f"/my/tables/{hall.item}").text
    hall.end()
    assert "Lamps first" in phone.get(f"/my/tables/{hall.item}").text
    with app.app_context(), pytest.raises(Conflict):
        notes.write_notes(
            plan=hall.plan(), number=1, text="Late", language="en", key="z", author=None
        )


def test_a_member_who_takes_the_code_of_their_own_table_writes_for_it(
    app: Flask, join: Join
) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    own = hall.rounds()[0][1]
    with app.app_context():
        codes = {table.number: table.code for table in hall.plan().tables}
    phone, page = join(hall.members[0]), f"/my/session/{hall.session}"
    shown = phone.get(page).text
    assert f"Your table: {own}" in shown
    assert "you are seat 1" in shown
    write, take = f"/my/tables/{hall.item}/notes", f"/my/tables/{hall.item}/scribe"
    other = phone.submit(page, {"code": codes[own % 3 + 1]}, action=take)
    assert f"Your table is {own}" in other.text
    phone.submit(page, {"code": codes[own].lower()}, action=take)
    phone.submit(page, {"text": "Lamps first\nThen bins"}, action=write)
    assert "Then bins" in phone.get(page).text
    neighbour = next(s for s, table in hall.rounds()[0].items() if table == own and s != 1)
    phone.submit(page, {}, action=f"/my/tables/{hall.item}/spoke/{neighbour}")
    assert "1 turn" in phone.get(page).text


def test_a_flag_for_help_is_on_the_console_only(app: Flask, join: Join, sign_in: SignIn) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    phone, page = join(hall.members[0]), f"/my/session/{hall.session}"
    phone.submit(page, {}, action=f"/my/tables/{hall.item}/help")
    desk = sign_in(hall.facilitator)
    console = f"/desk/{hall.slug}/sessions/{hall.session}"
    assert "needs help" in desk.get(f"{console}/").text
    assert "help" not in desk.get(f"{console}/wall").text
    table = hall.rounds()[0][1]
    desk.submit(f"{console}/", {}, action=f"{hall.desk}/{table}/helped")
    assert "needs help" not in desk.get(f"{console}/").text


def test_a_scribe_writes_for_a_table_and_seats_nobody(app: Flask, sign_in: SignIn) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    desk = sign_in(hall.scribe)
    page = f"{hall.desk}/2"
    desk.submit(page, {"text": "Gardens"}, button="Add to the notes")
    assert "Gardens" in desk.get(page).text
    assert "/tables/end" not in desk.get(hall.desk).text


def test_the_desk_seats_fits_in_and_moves(app: Flask, sign_in: SignIn) -> None:
    hall = Hall(app, people=11, late=1)
    desk = sign_in(hall.facilitator)
    assert desk.submit(hall.desk, {"whom": "here"}, action=f"{hall.desk}/seat").status_code == 303
    assert "no plan has fewer than" in desk.get(hall.desk).text
    hall.arrive(11)
    wrong = desk.submit(hall.desk, {"left": "x"}, action=f"{hall.desk}/fit")
    assert wrong.status_code == 422
    assert desk.submit(hall.desk, {"left": "2"}, action=f"{hall.desk}/fit").status_code == 303
    moved = {"seat": "5", "to": "1", "round": "3"}
    assert desk.submit(hall.desk, moved, action=f"{hall.desk}/move").status_code == 303
    assert hall.rounds()[2][5] == 1
    assert "types this code" in desk.get(f"{hall.desk}/print").text


def test_a_queue_of_speakers_goes_by_who_asked_first(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    with app.app_context():
        seats = [s for s in queries.seats_of(hall.plan()) if s.round == 1 and s.number == 1]
        for seat in (seats[2], seats[0]):
            services.wait_to_speak(seat, wants=True)
        table = queries.table_in(hall.plan(), 1, 1)
        assert [s.id for s in table.waiting] == [seats[2].id, seats[0].id]
        services.spoke(seats[2])
        assert [s.turns for s in seats] == [0, 0, 1, 0]
        assert queries.table_in(hall.plan(), 1, 1).waiting == [seats[0]]


def test_notes_are_open_data_with_themes_once_shown_and_go_with_their_author(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.write(1, "Lamps first", author=hall.members[0])
    hall.write(2, "Gardens for everybody")
    with app.app_context():
        item = hall.the_item()
        sessions.close_item(item=item, actor=ACTOR)
        db.session.commit()
        panel = item.session.panel
        assert not hall.plan().running
        assert themes.THEMES in (hall.the_item().snapshot or {})
        assert note_rows(panel) == []
        sessions.reveal(item=hall.the_item(), actor=ACTOR)
        assert [row["note"] for row in note_rows(panel)] == ["Lamps first", "Gardens for everybody"]
        assert notes_result(hall.the_item())["people"] == 12
        me = db.session.get_one(Member, hall.members[0])
        who = Who((f"member:{me.public_id}",))
        HOLDER.erase(who, ACTOR)
        assert [row["note"] for row in note_rows(panel)] == ["Gardens for everybody"]
        mine = select(TableSeat).where(TableSeat.member_id == hall.members[0])
        assert db.session.scalars(mine).all() == []


def test_a_note_that_was_taken_out_is_read_by_nobody_else(app: Flask) -> None:
    hall = Hall(app)
    hall.seat()
    hall.begin()
    hall.write(1, "Mrs Example is too loud")
    hall.end()
    with app.app_context():
        note = queries.written(hall.plan())[0].notes[0]
        notes.hide(note=note, hidden=True, actor=ACTOR)
        assert queries.written(hall.plan()) == []


def test_lines_of_wishes_are_read_or_named() -> None:
    assert groups("4, 12\n\n3 19 7") == [{4, 12}, {3, 19, 7}]
    assert fixed("12: 3\n৪: ২") == {12: 3, 4: 2}
    assert interpreters("bn: 1, 2") == {"bn": {1, 2}}
    assert numbers("١ ،٢") == [1, 2]
    for read, line in ((groups, "4"), (fixed, "12"), (fixed, "1: 2\n1: 3"), (numbers, "4 and 5")):
        with pytest.raises(Unreadable):
            read(line)


def make_guests_at(hall: Hall, number: int) -> list[int]:
    with hall.app.app_context():
        session = hall.the_item().session
        session.guests = True
        made = [Guest(session_id=session.id) for _ in range(number)]
        db.session.add_all(made)
        db.session.commit()
        return [guest.id for guest in made]


def test_guests_are_seated_too_where_the_facilitator_says_so(app: Flask) -> None:
    hall = Hall(app, people=8)
    make_guests_at(hall, 4)
    hall.seat("all")
    hall.begin()
    with app.app_context():
        plan = hall.plan()
        labels = [n for t in queries.rounds_of(plan)[0].tables for n in t.numbers]
        assert sorted(labels) == sorted([*map(str, range(1, 9)), "G1", "G2", "G3", "G4"])
        assert (queries.people(plan), queries.guests(plan)) == (8, 4)
        sessions.close_item(item=hall.the_item(), actor=ACTOR)
        assert (hall.the_item().snapshot or {})["people"] == 8
        assert (hall.the_item().guest_snapshot or {}) == {"people": 4}


def test_guest_who_comes_late_is_fitted_in_and_can_be_moved(app: Flask) -> None:
    hall = Hall(app, people=8)
    make_guests_at(hall, 3)
    hall.seat("all")
    hall.begin()
    (late,) = make_guests_at(hall, 1)
    with app.app_context():
        item = hall.the_item()
        services.fit_in(item=item, left=[*numbers("G1")], actor=ACTOR)
        plan = hall.plan()
        seat = queries.seat_of(plan, db.session.get_one(Guest, late))
        assert seat is not None
        assert seat.label == "G4"
        other = next(t.number for t in plan.tables if t.number != seat.number)
        services.move(item=item, seat=seat.person.seat, to=other, since=1, actor=ACTOR)
        assert seat.number == other
        assert [person.seat for person in queries.unseated(plan)] == numbers("G1")
        first = [s for s in queries.seats_of(plan) if s.label == "G1" and s.round > 1]
        assert not first
        db.session.add(TableSeat(plan_id=plan.id, round=1, number=1))
        with pytest.raises(IntegrityError):
            db.session.flush()


def test_guests_sit_freely_where_they_are_not_seated(app: Flask) -> None:
    hall = Hall(app, people=8)
    (guest,) = make_guests_at(hall, 1)
    hall.seat()
    hall.begin()
    with app.test_request_context():
        shown = activities.named("tables").guests
        assert shown is not None
        words = str(shown.phone(hall.the_item(), db.session.get_one(Guest, guest)))
    assert "Guests sit freely" in words


def test_a_guest_sees_their_table_and_writes_for_it(app: Flask, sign_in: SignIn) -> None:
    hall = Hall(app, people=0, size=3, rounds=1)
    with app.app_context():
        item = hall.the_item()
        item.session.panel.kind, item.session.panel.size = "open", 0
        item.session.guests = True
        tokens = [
            guests.come(session=item.session, role="resident", language="en") for _ in range(6)
        ]
        db.session.commit()
    desk = sign_in(hall.facilitator)
    at = f"/desk/{hall.slug}/sessions/{hall.session}/"
    assert desk.submit(at, {"whom": "all"}, action="/tables/seat").status_code == 303
    desk.submit(at, button="Begin round 1")
    assert "G1" in text_of(desk.page(f"{at}wall"))
    phone = new_client(app)
    phone.set_cookie("guest", tokens[0])
    here = f"/my/session/{hall.session}"
    page = text_of(phone.page(here))
    assert "Your table:" in page
    assert "you are G1 on the wall" in page
    assert "seat " not in page
    with app.app_context():
        plan = hall.plan()
        seat = next(s for s in queries.seats_of(plan) if s.label == "G1")
        code = queries.table_called(plan, seat.number).code
        assert queries.people(plan) == 6
    phone.submit(here, {"code": code}, button="I will write")
    phone.submit(here, {"text": "A bench by the gate."}, button="Add to the notes")
    phone.submit(here, button="I want to speak")
    assert "A bench by the gate." in text_of(phone.page(here))
    with app.app_context():
        services.end_round(item=hall.the_item(), actor=ACTOR)
        (written,) = queries.written(hall.plan())
        assert [str(note.wording) for note in written.notes] == ["A bench by the gate."]
