"""Coming in: by the letter while a session is open, by the wall's code, early, and back again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.sessions import queries, services
from panel_app.sessions.models import Attendance, Session
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session

Join = Callable[[int], CheckedClient]


@dataclass(frozen=True)
class Evening:
    id: int
    code: str
    phone: str
    token: str
    member: int


@pytest.fixture
def evening(app: Flask) -> Evening:
    """Return an open session, and the letter of somebody who has not answered it."""
    with app.app_context():
        panel = make_panel()
        member = make_members(panel, 1, state="invited")[0]
        session = make_session(panel)
        make_item(session, is_open=True)
        made = Evening(
            session.id,
            session.code,
            f"/my/session/{session.public_id}",
            seats.token_of(member),
            member.id,
        )
        db.session.commit()
    return made


def came(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Attendance).count()


def change(app: Flask, evening: Evening, state: str, *, hours: float) -> None:
    """Put the session into a state, so many hours before it starts."""
    with app.app_context():
        session = db.session.get_one(Session, evening.id)
        session.state = state
        session.starts_at = clock.now() + timedelta(hours=hours)
        session.ends_at = session.starts_at + timedelta(hours=2)
        db.session.commit()


def test_one_tap_leads_from_the_letter_into_the_open_session(app: Flask, evening: Evening) -> None:
    phone = new_client(app)
    answer = phone.submit(f"/j/{evening.token}", button="Yes, join")
    assert answer.headers["Location"] == evening.phone
    assert came(app) == 1
    words = text_of(phone.page(evening.phone))
    assert "Welcome" in words
    assert "I’m here" not in words


def test_camera_that_fetches_the_code_first_joins_nobody(app: Flask, evening: Evening) -> None:
    camera = new_client(app)
    for path in (f"/j/{evening.token}", f"/s/{evening.code}"):
        for _ in range(3):
            camera.get(path, headers={"Sec-Purpose": "prefetch"})
            camera.head(path)
    with app.app_context():
        assert db.session.get_one(Member, evening.member).state == "invited"
    assert came(app) == 0
    assert "seat" not in {cookie.key for cookie in camera._cookies.values()}


def test_walls_code_takes_one_tap_where_the_phone_has_the_seat(
    app: Flask, evening: Evening, join: Join
) -> None:
    phone = join(evening.member)
    assert came(app) == 0
    answer = phone.submit(f"/s/{evening.code}", button="Yes, join")
    assert answer.headers["Location"] == evening.phone
    assert came(app) == 1
    assert phone.get(f"/s/{evening.code}").headers["Location"] == evening.phone


def test_letter_scanned_again_leads_straight_back(app: Flask, evening: Evening) -> None:
    phone = new_client(app)
    phone.submit(f"/j/{evening.token}", button="Yes, join")
    assert phone.get(f"/j/{evening.token}").headers["Location"] == evening.phone


def test_who_comes_early_counts_as_present_when_it_starts(app: Flask, evening: Evening) -> None:
    change(app, evening, "planned", hours=0.5)
    phone = new_client(app)
    answer = phone.submit(f"/j/{evening.token}", button="Yes, join")
    assert answer.headers["Location"] == evening.phone
    assert "has not started yet" in text_of(phone.page(evening.phone))
    with app.app_context():
        session = db.session.get_one(Session, evening.id)
        services.open_session(session=session, actor=ACTOR)
        assert queries.people_of(session).here == 1


@pytest.mark.parametrize(("state", "hours"), [("planned", 72), ("closed", -3)])
def test_letter_leads_to_my_panel_while_no_session_lets_people_in(
    app: Flask, evening: Evening, state: str, hours: float
) -> None:
    change(app, evening, state, hours=hours)
    answer = new_client(app).submit(f"/j/{evening.token}", button="Yes, join")
    assert answer.headers["Location"] == "/my/"
    assert came(app) == 0


def test_pages_that_parts_open_lead_back_to_the_session_first(
    app: Flask, evening: Evening, join: Join
) -> None:
    phone = join(evening.member)
    words = text_of(next(phone.page("/help").iter("main")))
    assert words.startswith("Back to the session Now: Welcome")


def test_phone_that_wakes_after_the_end_is_told_so(
    app: Flask, evening: Evening, join: Join
) -> None:
    phone = join(evening.member)
    change(app, evening, "closed", hours=-3)
    for path in (f"{evening.phone}/now", f"{evening.phone}/strip", evening.phone):
        answer = phone.get(path)
        assert answer.status_code == 200
        assert "The session is over" in answer.text
    assert "Now:" not in phone.get(f"{evening.phone}/strip").text
    token = phone.token_on("/my/phone")
    phone.post(f"{evening.phone}/here", data={"csrf_token": token})
    assert came(app) == 0
