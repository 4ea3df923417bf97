"""The door: a code that lets a member in once, whoever lost the letter; who came, and when."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, NotFound
from panel_app.panels.models import Device, Member, Panel
from panel_app.recruitment.models import Person
from panel_app.sessions import door, services
from panel_app.sessions.models import Attendance, DoorPass, Session
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_panel
from tests.factories.recruitment import make_draw
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

SignIn = Callable[[User | str], CheckedClient]
DOOR = "/desk/hillgrove/sessions/{}/door"


@pytest.fixture
def hall(app: Flask) -> str:
    """Return an open session's public id; six people of the panel are drawn."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        make_draw(panel)
        session = make_session(panel)
        made = session.public_id
        db.session.commit()
    return made


def the_session(public_id: str) -> Session:
    return db.session.scalars(select(Session).where(Session.public_id == public_id)).one()


def seat_one() -> Member:
    return db.session.scalars(select(Member).where(Member.seat == 1)).one()


def code_for_seat_one(app: Flask, hall: str, *, printed: bool = False) -> str:
    with app.test_request_context():
        token = door.let_in(
            session=the_session(hall), member=seat_one(), printed=printed, actor=ACTOR
        )
        db.session.commit()
    return token


def phone_in_english(app: Flask) -> CheckedClient:
    phone = new_client(app)
    phone.set_cookie("language", "en")
    return phone


def staff(app: Flask, role: str) -> str:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        email = make_user(role, panel).email  # type: ignore[arg-type]
        db.session.commit()
    return email


def test_facilitator_finds_somebody_and_their_phone_is_in_with_one_tap(
    app: Flask, hall: str, sign_in: SignIn
) -> None:
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.member_id == seat_one().id)).one()
        name = str(person.details["name"])
    desk = sign_in(staff(app, "facilitator"))
    page = DOOR.format(hall)
    answer = desk.submit(page, {"words": name.lower()}, button="Find")
    assert "Seat 1" in answer.text
    assert "Not here yet" in answer.text
    token = code_for_seat_one(app, hall)
    phone = phone_in_english(app)
    assert "Join as seat 1?" in text_of(phone.page(f"/d/{token}"))
    landed = phone.submit(f"/d/{token}", button="Yes, join").headers["Location"]
    assert landed == f"/my/session/{hall}"
    assert "You are in" in text_of(phone.page(landed))
    again = desk.submit(page, {"words": "1"}, button="Find")
    assert "Arrived" in again.text


def test_code_is_shown_once_and_scanned_by_looking_is_not_used(
    app: Flask, hall: str, sign_in: SignIn
) -> None:
    desk = sign_in(staff(app, "facilitator"))
    page = DOOR.format(hall)
    form = {"csrf_token": desk.token_on(page)}
    with app.app_context():
        address = f"{page}/{seat_one().public_id}"
    assert "works once, within ten minutes" in desk.post(address, data=form).text
    token = code_for_seat_one(app, hall)
    for _ in range(3):
        assert new_client(app).get(f"/d/{token}").status_code == 200
    with app.app_context():
        assert db.session.query(DoorPass).one().used_at is None
        assert db.session.query(Device).count() == 0
        assert token not in str(db.session.execute(select(DoorPass.__table__)).all())


def test_code_lets_one_phone_in_though_eight_press_at_once(app: Flask, hall: str) -> None:
    token = code_for_seat_one(app, hall)

    def come(_: int) -> bool:
        with app.test_request_context():
            try:
                door.come_in(token=token, language="en")
            except NotFound:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(come, range(8))) == [False] * 7 + [True]
    with app.app_context():
        assert db.session.query(Device).count() == 1
        assert db.session.query(Attendance).count() == 1


def test_code_of_the_laptop_expires_and_a_printed_one_holds_until_the_end(
    app: Flask, hall: str
) -> None:
    short, later = code_for_seat_one(app, hall), clock.now() + timedelta(minutes=11)
    with app.app_context():
        assert db.session.query(DoorPass).one().expires_at < later
        db.session.query(DoorPass).one().expires_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
    assert new_client(app).get(f"/d/{short}").status_code == 404
    code_for_seat_one(app, hall, printed=True)
    with app.app_context():
        made = db.session.query(DoorPass).one()
        assert made.expires_at == the_session(hall).ends_at
    assert new_client(app).get(f"/d/{short}").status_code == 404


def test_who_was_let_in_and_by_whom_is_in_the_record(app: Flask, hall: str) -> None:
    token = code_for_seat_one(app, hall)
    phone_in_english(app).submit(f"/d/{token}", button="Yes, join")
    with app.app_context():
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action.like("door.%")).order_by(AuditEntry.number)
        ).all()
        assert [entry.action for entry in entries] == ["door.pass_made", "door.pass_used"]
        assert entries[0].actor == ACTOR
        assert {entry.subject for entry in entries} == {f"member:{seat_one().public_id}"}


def test_nobody_is_let_in_once_it_is_over_or_with_a_seat_given_up(app: Flask, hall: str) -> None:
    with app.test_request_context():
        session = the_session(hall)
        seat_one().state = "declined"
        db.session.flush()
        with pytest.raises(Conflict):
            door.let_in(session=session, member=seat_one(), actor=ACTOR)
        seat_one().state = "confirmed"
        services.close_session(session=session, actor=ACTOR)
        with pytest.raises(Conflict):
            door.let_in(session=session, member=seat_one(), actor=ACTOR)


def test_somebody_without_a_phone_is_noted_and_late_is_said(
    app: Flask, hall: str, sign_in: SignIn
) -> None:
    with app.app_context():
        the_session(hall).starts_at = clock.now() - timedelta(minutes=30)
        db.session.commit()
    desk = sign_in(staff(app, "facilitator"))
    page = DOOR.format(hall)
    with app.app_context():
        address = f"{page}/{seat_one().public_id}/arrived"
    desk.post(address, data={"csrf_token": desk.token_on(page)})
    assert "Arrived late" in desk.submit(page, {"words": "1"}, button="Find").text


def test_what_is_typed_at_the_door_stands_in_no_address(
    app: Flask, hall: str, sign_in: SignIn
) -> None:
    desk = sign_in(staff(app, "facilitator"))
    page = DOOR.format(hall)
    searches = [f for f in desk.page(page).iter("form") if f.get("role") == "search"]
    assert [form.get("method") for form in searches] == ["post"]
    assert sign_in(staff(app, "observer")).get(page).status_code == 403
