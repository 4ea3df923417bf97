"""Guests: in without a letter where it is allowed, asked like everybody, counted apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.deliberation.contributions import services as contributions
from panel_app.deliberation.statements.exports import STATEMENTS
from panel_app.deliberation.statements.queries import statements_of, waiting_of
from panel_app.deliberation.statements.services import answer_statement, moderate
from panel_app.deliberation.tables import planning
from panel_app.deliberation.tables import queries as table_queries
from panel_app.deliberation.tables import services as tables
from panel_app.deliberation.tables.models import TableSeat
from panel_app.panels import seats
from panel_app.panels.models import Member, Panel
from panel_app.publishing import minutes
from panel_app.sessions import activities, guests, queries, record, services, wall
from panel_app.sessions.exports import minutes_of
from panel_app.sessions.models import AgendaItem, Attendance, Guest, Participant, Session
from panel_app.staff.models import User
from panel_app.web import limits
from panel_app.web.access import rule_of
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.deliberation import (
    answer_all,
    answer_question,
    contribute,
    make_asking,
    make_room,
    make_round,
    make_statement,
    make_tables,
    want,
)
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import make_question
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

Join = Callable[[int], CheckedClient]
SignIn = Callable[[User | str], CheckedClient]


class Hall:
    """An open session with a round of statements, where guests may take part."""

    def __init__(self, app: Flask, *, allowed: bool = True) -> None:
        with app.app_context():
            panel = make_panel()
            self.members = [member.id for member in make_members(panel, 6)]
            session = make_session(panel)
            guests.allow(session=session, allowed=allowed, actor=ACTOR)
            item = make_round(session)
            self.facilitator = make_user("facilitator", panel).email
            self.id, self.code, self.item = session.id, session.code, item.id
            self.phone = f"/my/session/{session.public_id}"
            self.round = f"/my/statements/{item.public_id}"
            self.desk = f"/desk/{panel.slug}/sessions/{session.public_id}"
            self.public = f"/p/{panel.slug}/minutes/{session.public_id}"
            db.session.commit()
        self.app = app

    def guest(self, role: str = "resident", button: str = "Join as a guest") -> CheckedClient:
        """Return a phone that came in as a guest by the wall's code."""
        phone = new_client(self.app)
        answer = phone.submit(f"/s/{self.code}", {"role": role}, button=button)
        assert answer.headers["Location"] == self.phone
        return phone


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def make_guests(session: Session, number: int) -> list[Guest]:
    made = [
        Guest(session_id=session.id, public_id=f"guest-{session.id}-{n}") for n in range(number)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def test_whoever_scans_the_wall_without_a_letter_takes_part(hall: Hall) -> None:
    phone = hall.guest("councillor")
    page = text_of(phone.page(hall.phone))
    assert "Repairs come first." in page or "comes first." in page or "Plant more" in page
    assert "You are here as a guest." in page
    answered = phone.submit(hall.phone, button="Agree")
    assert answered.status_code == 303
    with hall.app.app_context():
        kept = db.session.query(Guest).one()
        assert (kept.role, kept.language) == ("councillor", "en")
        item = db.session.get_one(AgendaItem, hall.item)
        assert guests.answering(item) == 1


def test_looking_at_the_walls_code_makes_no_guest(hall: Hall) -> None:
    for _ in range(3):
        assert "Join as a guest" in new_client(hall.app).get(f"/s/{hall.code}").text
    with hall.app.app_context():
        assert db.session.query(Guest).count() == 0


def test_nobody_is_a_guest_where_the_facilitator_does_not_allow_it(
    app: Flask, sign_in: SignIn
) -> None:
    hall = Hall(app, allowed=False)
    stranger = new_client(app)
    assert stranger.get(f"/s/{hall.code}").headers["Location"] == "/join"
    token = stranger.token_on("/join")
    form = {"csrf_token": token, "role": "resident"}
    assert stranger.post(f"/s/{hall.code}", data=form).status_code in {409, 422}
    desk = sign_in(hall.facilitator)
    with app.app_context():
        services.close_item(item=db.session.get_one(AgendaItem, hall.item), actor=ACTOR)
        db.session.commit()
    desk.submit(f"{hall.desk}/", button="Let guests take part")
    phone = hall.guest()
    assert phone.get(hall.phone).status_code == 200
    desk.submit(f"{hall.desk}/", button="Let no guests take part")
    assert phone.get(hall.phone).headers["Location"] == "/join"


def test_wall_says_scan_your_letter_where_guests_are_not_allowed(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        panel = make_panel()
        session = make_session(panel)
        wall = f"/desk/{panel.slug}/sessions/{session.public_id}/wall"
        email, at = make_user("facilitator", panel).email, session.id
        db.session.commit()
    desk = sign_in(email)
    assert "Scan the QR code on your letter." in text_of(desk.page(wall))
    with app.app_context():
        guests.allow(session=db.session.get_one(Session, at), allowed=True, actor=ACTOR)
        db.session.commit()
    assert "take part as a guest" in text_of(desk.page(wall))


def test_guest_is_in_one_session_and_nowhere_else(hall: Hall) -> None:
    phone = hall.guest()
    other = Hall(hall.app)
    assert phone.get(other.phone).status_code == 404
    assert phone.get(f"{other.round}/new").status_code == 404
    assert phone.get("/my/").headers["Location"] == "/join"
    token = phone.token_on(hall.phone)
    with hall.app.app_context():
        foreign = statements_of(db.session.get_one(AgendaItem, other.item))[0].public_id
    sent = {"csrf_token": token, "value": "1", "counter": "1"}
    assert phone.post(f"/my/statements/{foreign}/answer", data=sent).status_code == 404


def test_who_has_a_seat_answers_with_it_though_they_were_a_guest(hall: Hall, join: Join) -> None:
    phone = hall.guest()
    with hall.app.app_context():
        token = seats.token_of(db.session.get_one(Member, hall.members[0]))
    phone.submit(f"/j/{token}", button="Yes, join")
    assert "You are here as a guest." not in text_of(phone.page(hall.phone))
    phone.submit(hall.phone, button="Agree")
    with hall.app.app_context():
        item = db.session.get_one(AgendaItem, hall.item)
        assert guests.answering(item) == 0
        assert db.session.query(Attendance).count() == 1


def test_guests_write_statements_that_a_facilitator_lets_in(hall: Hall) -> None:
    phone = hall.guest()
    phone.submit(f"{hall.round}/new", {"text": "Open the hall at night."}, button="Send it")
    with hall.app.app_context():
        mine = statements_of(db.session.get_one(AgendaItem, hall.item))[-1]
        assert (mine.state, mine.author_id) == ("pending", None)
        assert mine.guest_id is not None


@pytest.mark.parametrize("kind", ["ballot", "grants"])
def test_ballots_and_cases_ask_guests_nothing(hall: Hall, kind: str) -> None:
    with hall.app.app_context():
        assert activities.named(kind).guests is None


def test_only_parts_for_guests_have_addresses_for_them(app: Flask) -> None:
    open_to_guests = {
        endpoint.partition(".")[0]
        for endpoint in app.view_functions
        if rule_of(app, endpoint) == "participant"
    }
    own = {"deliberation", "live_questions", "contributions", "tables"}
    assert open_to_guests == {"sessions", *own}


def test_results_say_how_many_of_the_panel_and_how_many_guests(hall: Hall, sign_in: SignIn) -> None:
    with hall.app.app_context():
        session, item = (
            db.session.get_one(Session, hall.id),
            db.session.get_one(AgendaItem, hall.item),
        )
        for number in hall.members:
            answer_all(item, db.session.get_one(Member, number), 1)
        for guest in make_guests(session, 7):
            for statement in statements_of(item):
                answer_statement(statement=statement, member=guest, value=-1, counter=1)
        services.close_item(item=item, actor=ACTOR)
        services.reveal(item=item, actor=ACTOR)
        db.session.commit()
    words = "6 of the panel, 7 guests"
    phone = hall.guest()
    shown = text_of(phone.page(hall.phone))
    assert words in shown
    assert shown.index("6 of 6 agree") < shown.index("0 of 7 agree")
    desk = sign_in(hall.facilitator)
    assert words in text_of(desk.page(f"{hall.desk}/"))
    assert words in text_of(desk.page(f"{hall.desk}/wall"))
    assert words in text_of(desk.page(f"{hall.desk}/side-by-side"))
    with hall.app.app_context():
        services.close_session(session=db.session.get_one(Session, hall.id), actor=ACTOR)
        db.session.commit()
        told = minutes_of(db.session.get_one(Session, hall.id))
        part = told["parts"][0]
        assert (part["people"], part["guests"], told["guests"]) == (6, 7, 8)
        assert {row["disagree"] for row in part["guests_result"]["statements"]} == {7}
        assert {row["disagree"] for row in part["result"]["statements"]} == {0}
    assert words in text_of(new_client(hall.app).page(hall.public))


def test_fewer_than_five_guests_are_not_told(hall: Hall) -> None:
    with hall.app.app_context():
        session, item = (
            db.session.get_one(Session, hall.id),
            db.session.get_one(AgendaItem, hall.item),
        )
        for guest in make_guests(session, 4):
            for statement in statements_of(item):
                answer_statement(statement=statement, member=guest, value=-1, counter=1)
        services.close_item(item=item, actor=ACTOR)
        services.reveal(item=item, actor=ACTOR)
        told = guests.published(item)
        assert told is not None
        assert told["people"] is None
        assert {row["disagree"] for row in told["statements"]} == {None}


def test_guests_answers_to_a_part_that_is_kept_back_are_not_published(hall: Hall) -> None:
    with hall.app.test_request_context():
        session = db.session.get_one(Session, hall.id)
        item = db.session.get_one(AgendaItem, hall.item)
        for guest in make_guests(session, 6):
            for statement in statements_of(item):
                answer_statement(statement=statement, member=guest, value=-1, counter=1)
        services.close_item(item=item, actor=ACTOR)
        services.reveal(item=item, actor=ACTOR)
        services.close_session(session=session, actor=ACTOR)
        for kept in (False, True):
            record.keep_back(item=item, kept=kept, actor=ACTOR)
            (part,) = minutes.minutes_of(session.panel, session.public_id).parts
            found = part.apart, part.of_guests, guests.published(item)
            assert [each is None for each in found] == [kept] * 3


def test_words_that_fewer_than_five_guests_wrote_are_told_nowhere(hall: Hall) -> None:
    with hall.app.app_context():
        session = db.session.get_one(Session, hall.id)
        item = make_asking(session, make_question("words", high=2))
        for number, guest in enumerate(make_guests(session, 6)):
            words = ["benches", "canary"] if number == 0 else ["benches"]
            answer_question(item, guest, q1=words)
        services.close_item(item=item, actor=ACTOR)
        services.reveal(item=item, actor=ACTOR)
        shown, told = str(guests.shown(item)), str(guests.published(item))
        assert "benches" in shown
        assert "benches" in told
        assert "canary" not in shown + told


def test_a_room_full_of_guests_comes_in_and_a_machine_is_stopped(hall: Hall) -> None:
    phones = [new_client(hall.app) for _ in range(2)]
    with hall.app.test_request_context():
        public_id = db.session.get_one(Session, hall.id).public_id
        for _ in range(guests.A_ROOM.amount - 1):
            limits.take(guests.A_ROOM, "guests", public_id, message="")
    first, last = [phone.submit(f"/s/{hall.code}", {"role": "resident"}) for phone in phones]
    assert first.status_code == 303
    assert "Very many guests come in just now." in last.text
    with hall.app.app_context():
        assert db.session.query(Guest).count() == 1


def test_rejected_statement_leaves_the_guests_results_too(hall: Hall) -> None:
    with hall.app.app_context():
        item = db.session.get_one(AgendaItem, hall.item)
        statement = statements_of(item)[0]
        services.close_item(item=item, actor=ACTOR)
        moderate(statement=statement, state="rejected", actor=ACTOR)
        assert item.guest_snapshot is not None
        assert statement.number not in {row["number"] for row in item.guest_snapshot["statements"]}


def test_phone_of_a_guest_is_forgotten_a_month_after_the_session(hall: Hall) -> None:
    phone = hall.guest()
    with hall.app.app_context():
        session = db.session.get_one(Session, hall.id)
        guests.forget_old_phones()
        assert db.session.query(Guest).one().token_digest is not None
        session.starts_at = clock.now() - timedelta(days=32)
        session.ends_at = clock.now() - timedelta(days=31)
        db.session.commit()
        guests.forget_old_phones()
        assert db.session.query(Guest).one().token_digest is None
    assert phone.get(hall.phone).headers["Location"] == "/join"


# --- Guests on the wall, in the record and in the files -----------------------------------------


def answered_by(hall: Hall, members: int, coming: int) -> AgendaItem:
    """Have members agree and guests disagree with everything; close and reveal."""
    item = db.session.get_one(AgendaItem, hall.item)
    for number in hall.members[:members]:
        answer_all(item, db.session.get_one(Member, number), 1)
    for guest in make_guests(item.session, coming):
        for statement in statements_of(item):
            answer_statement(statement=statement, member=guest, value=-1, counter=1)
    services.close_item(item=item, actor=ACTOR)
    services.reveal(item=item, actor=ACTOR)
    return item


def test_wall_turns_from_the_panels_results_to_the_guests(hall: Hall, sign_in: SignIn) -> None:
    with hall.app.test_request_context():
        item = answered_by(hall, 6, 7)
        own = len(activities.named("statements").screens(item, True))
        first, last = wall.shown(item, results=True), None
        item.wall_page = own
        last = wall.shown(item, results=True)
        assert first is not None
        assert last is not None
        assert (first.guests, last.guests) == (False, True)
        assert last.of == own + len(statements_of(item))
        db.session.commit()
    page = text_of(sign_in(hall.facilitator).page(f"{hall.desk}/wall"))
    assert "What guests answered" in page
    assert "0 agree" in page
    assert "7 disagree" in page


@pytest.mark.parametrize(
    ("members", "coming", "words"),
    [
        (6, 7, "6 of the panel, 7 guests"),
        (6, 3, "6 of the panel, fewer than five guests"),
        (2, 7, "Fewer than five of the panel, 7 guests"),
        (2, 3, "Guests answered too; figures of fewer than five are not shown."),
    ],
)
def test_each_group_is_told_or_withheld_by_itself_and_no_total_is(
    hall: Hall, sign_in: SignIn, members: int, coming: int, words: str
) -> None:
    with hall.app.app_context():
        item = answered_by(hall, members, coming)
        services.close_session(session=item.session, actor=ACTOR)
        told, rows = minutes_of(item.session), STATEMENTS.rows(item.session.panel)
        db.session.commit()
    desk = sign_in(hall.facilitator)
    pages = [text_of(desk.page(f"{hall.desk}/{at}")) for at in ("", "record")]
    pages.append(text_of(new_client(hall.app).page(hall.public)))
    for page in pages[1:]:
        assert words in page
    by_group = {row["of"]: row["answers"] for row in rows}
    assert by_group == {
        "panel": members if members >= 5 else None,
        "guests": coming if coming >= 5 else None,
    }
    total = members + coming
    figures = json.dumps(told["parts"]) + json.dumps(rows)
    # Times and random identifiers hold digits too: the figures stand outside quotation marks.
    figures = re.sub(r'"[^"]*"', "", figures)
    assert not re.search(rf"[^\d-]{total}\b", figures)


def test_in_an_open_panel_the_figures_are_of_those_who_came(app: Flask, sign_in: SignIn) -> None:
    hall = Hall(app)
    with app.test_request_context():
        session = db.session.get_one(Session, hall.id)
        for member in list(session.panel.members):
            db.session.delete(member)
        session.panel.kind, session.panel.size = "open", 0
        hall.members = []
        item = answered_by(hall, 0, 7)
        asking = make_asking(session)
        for guest in guests.of(session):
            answer_question(asking, guest, q1="a")
        services.close_item(item=asking, actor=ACTOR)
        ideas = make_room(session)
        want(contribute(ideas, guests.of(session)[0]), *guests.of(session)[1:])
        services.close_item(item=ideas, actor=ACTOR)
        assert (ideas.snapshot, ideas.guest_snapshot) == ({"people": 7, "figures": {"1": 7}}, None)
        assert (item.guest_snapshot, asking.guest_snapshot) == (None, None)
        assert (item.snapshot or {})["people"] == 7
        assert (asking.snapshot or {})["answers"] == 7
        assert queries.expected(session) == 7
        assert guests.apart(item) is None
        services.show_again(item=item, actor=ACTOR)
        db.session.commit()
    desk, phone = sign_in(hall.facilitator), hall.guest(button="Take part")
    looked_at = desk.page(f"{hall.desk}/wall"), desk.page(f"{hall.desk}/"), phone.page(hall.phone)
    for page in looked_at:
        said = text_of(page)
        assert "of 7 agree" in said or "7 disagree" in said
        assert "guest" not in said.casefold()
    with app.app_context():
        services.close_session(session=db.session.get_one(Session, hall.id), actor=ACTOR)
        db.session.commit()
    record_page = text_of(new_client(app).page(hall.public))
    assert "8 people" in record_page
    assert "0 of 7 agree" in record_page
    assert "guest" not in record_page.casefold()


# --- No guest's answer moves a panel figure, whatever the kind ---------------------------------

#: How somebody answers a part of each kind that asks guests.
Play = Callable[[AgendaItem, Participant, int], None]


def play_statements(item: AgendaItem, person: Participant, choice: int) -> None:
    asked = [one for one in statements_of(item) if one.state == "accepted"]
    values = (-1, 0, 1)
    answer_statement(
        statement=asked[choice % len(asked)],
        member=person,
        value=values[choice % 3],
        counter=choice + 1,
    )
    if choice % 5 == 0 and waiting_of(item, person) < 3:
        make_statement(item, person, f"More of {choice}.")


def play_question(item: AgendaItem, person: Participant, choice: int) -> None:
    answer_question(item, person, q1="abc"[choice % 3])


def make_questions(session: Session) -> AgendaItem:
    return make_room(session, "qa", moderated=True)


def play_contributions(item: AgendaItem, person: Participant, choice: int) -> None:
    one = contribute(item, person, ("More trees", "More lamps", "Fewer cars")[choice % 3])
    contributions.moderate(contribution=one, state="accepted", actor=ACTOR)
    contributions.support(contribution=one, person=person, wanted=True, counter=choice + 2)


def make_tables_on(session: Session) -> AgendaItem:
    item = make_tables(session, rounds=1)
    plan = table_queries.plan_of(item)
    plan.state, seats_of = "ready", [member.seat for member in session.panel.members]
    for member in session.panel.members:
        services.attend(session=session, member=member)
    planning.lay_out(plan, [[seats_of]])
    tables.begin_round(item=item, actor=ACTOR)
    return item


def play_tables(item: AgendaItem, person: Participant, choice: int) -> None:
    plan = table_queries.plan_of(item)
    seat = table_queries.seat_of(plan, person)
    if seat is None:
        seat = TableSeat(plan_id=plan.id, round=1, number=1, guest_id=person.id)
        db.session.add(seat)
        db.session.flush()
    tables.wait_to_speak(seat, wants=choice % 2 == 0)
    tables.spoke(seat, turns=choice % 3)


MAKE: dict[str, tuple[Callable[[Session], AgendaItem], Play]] = {
    "statements": (make_round, play_statements),
    "question": (make_asking, play_question),
    "qa": (make_questions, play_contributions),
    "ideas": (make_room, play_contributions),
    "tables": (make_tables_on, play_tables),
}


def figures_of(session: Session, item: AgendaItem) -> dict[str, Any]:
    """Return every figure of the panel that a part and its session have."""
    activity = activities.named(item.kind or "")
    return {
        "snapshot": activity.snapshot(item),
        "expected": queries.expected(session),
        "here": queries.people_of(session).here,
        "came": queries.came(session),
    }


@pytest.mark.parametrize("kind", sorted(MAKE))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    panels=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), max_size=14),
    others=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 30)), min_size=1, max_size=20),
)
def test_no_guests_answer_moves_a_panel_figure(
    app: Flask, kind: str, panels: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    make, play = MAKE[kind]
    with app.app_context():
        panel: Panel = make_panel()
        members, session = make_members(panel, 6), make_session(panel)
        guests.allow(session=session, allowed=True, actor=ACTOR)
        item = make(session)
        for who, choice in panels:
            play(item, members[who], choice)
        before = figures_of(session, item)
        coming = make_guests(session, 9)
        for who, choice in others:
            play(item, coming[who], choice)
        assert figures_of(session, item) == before
        services.close_item(item=item, actor=ACTOR)
        assert item.snapshot == before["snapshot"]
        assert item.guest_snapshot is not None
        assert item.guest_snapshot["people"] == len({who for who, _ in others})
        services.reveal(item=item, actor=ACTOR)
        told = activities.published(item)
        assert told is not None
        assert "guest" not in str(told.result)


def test_every_registered_kind_either_asks_guests_or_shows_them_nothing_of_its_own(
    hall: Hall,
) -> None:
    with hall.app.app_context():
        kinds = {activity.kind: activity.guests for activity in activities.all_kinds()}
    assert {kind for kind, part in kinds.items() if part} == set(MAKE)
    with hall.app.app_context():
        item = db.session.get_one(AgendaItem, hall.item)
        for kind, part in kinds.items():
            if part is None:
                item.kind = kind
                assert guests.part_for(item) is None
                assert guests.answering(item) is None


def test_part_for_the_panel_alone_says_so_to_guests(hall: Hall) -> None:
    phone = hall.guest()
    with hall.app.app_context():
        item = db.session.get_one(AgendaItem, hall.item)
        item.kind, item.settings = "grants", {}
        db.session.commit()
    page = text_of(phone.page(hall.phone))
    assert "This part is for the panel: its members decide on their phones." in page


def test_part_without_phones_is_shown_to_guests(hall: Hall) -> None:
    phone = hall.guest()
    with hall.app.app_context():
        make_item(db.session.get_one(Session, hall.id), title="Tea", is_open=True)
        db.session.commit()
    assert "Tea" in text_of(phone.page(hall.phone))
