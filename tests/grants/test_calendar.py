"""A year of rounds from a rule: no application falls between two, whatever is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from panel_app.core import clock, errors
from panel_app.core.db import db
from panel_app.grants import letters, rounds
from panel_app.grants.models import Programme, Round
from panel_app.grants.queries import next_round
from panel_app.grants.round_dates import Rule, bank_holidays, dates_of, doubtful, working_day
from panel_app.outbox.models import Message
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import make_application
from tests.grants.conftest import Scene

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def a_rule(first: date, **more: object) -> Rule:
    return Rule(first=first, at=time(18, 30), zone=LONDON, **more)  # type: ignore[arg-type]


@given(
    first=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    weeks=st.integers(1, 4),
    closes_before=st.integers(1, 30),
    closes_at=st.times(),
    skipped=st.sets(st.dates(date(2026, 1, 1), date(2032, 12, 31)), max_size=20),
    after=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_no_application_falls_between_two_of_26_rounds(
    first: date,
    weeks: int,
    closes_before: int,
    closes_at: time,
    skipped: set[date],
    after: float,
) -> None:
    rule = a_rule(
        first,
        weeks=weeks,
        closes_before=closes_before,
        closes_at=closes_at.replace(fold=0),
        exceptions=frozenset(skipped),
    )
    opens = datetime.combine(first - timedelta(days=60), time(), UTC)
    found = dates_of(rule, opens)
    assert len(found) == 26
    sent = opens + (found[-1].closes_at - opens) * after * 0.999
    assert sum(one.opens_at <= sent < one.closes_at for one in found) == 1
    for one in found:
        local = one.meets_at.astimezone(LONDON)
        assert one.closes_at < one.meets_at
        assert local.time() == time(18, 30)
        assert local.date() not in skipped | bank_holidays(local.year)


def test_bank_holidays_are_those_that_were_announced() -> None:
    assert sorted(bank_holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),
        date(2027, 12, 28),
    ]
    assert date(2022, 1, 3) in bank_holidays(2022)
    assert working_day(date(2026, 12, 25)) == date(2026, 12, 29)


def test_the_missing_and_the_doubled_hour_are_told_apart() -> None:
    assert doubtful(datetime(2026, 3, 29, 1, 30), LONDON) == "missing"  # noqa: DTZ001 - as typed
    assert doubtful(datetime(2026, 10, 25, 1, 30), LONDON) == "twice"  # noqa: DTZ001 - as typed
    assert doubtful(datetime(2026, 10, 25, 2, 0), LONDON) is None  # noqa: DTZ001 - as typed


def test_a_year_follows_the_rounds_that_there_are_and_stays_joined(inside: Scene) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    first = (clock.now() + timedelta(days=28)).date()
    soon = a_rule((clock.now() + timedelta(days=3)).date())
    with pytest.raises(errors.Refused):
        rounds.add_year(programme=programme, rule=soon, pot=1, actor="staff:test")
    added = rounds.add_year(
        programme=programme, rule=a_rule(first), pot=800_000, actor="staff:test"
    )
    assert len(added) == 26
    second = added[1]
    rounds.change_round(
        round_=second,
        opens_at=second.opens_at + timedelta(hours=3),
        closes_at=second.closes_at - timedelta(days=1),
        meets_at=second.meets_at,
        pot=second.pot,
        actor="staff:test",
    )
    query = select(Round).where(Round.programme_id == programme.id).order_by(Round.number)
    every = db.session.scalars(query).all()
    for before, after in pairwise(every):
        assert before.closes_at == after.opens_at


def test_a_round_takes_nothing_before_it_opens(
    inside: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    round_ = db.session.get_one(Round, inside.round)
    assert next_round(programme) == round_
    early = round_.opens_at - timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: early)
    assert next_round(programme) is None


def test_what_is_left_moves_to_the_next_meeting_and_the_applicant_is_told(inside: Scene) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    round_ = db.session.get_one(Round, inside.round)
    late, soon = (
        rounds.add_round(
            programme=programme,
            opens_at=round_.closes_at,
            closes_at=round_.closes_at + timedelta(days=days),
            meets_at=round_.meets_at + timedelta(days=days),
            pot=1_000,
            actor="staff:test",
        )
        for days in (28, 14)
    )
    application = make_application(programme)
    rounds.close_round(round_=round_, actor="staff:test")
    assert (application.round, late.number) == (soon, 2)
    letters.tell_moved([application.public_id])
    told = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert told
    assert told.purpose == "grants.moved"


def test_organiser_sees_the_dates_before_they_are_added(
    scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    desk = enter("organiser")
    path = f"/desk/{scene.slug}/grants/programmes/{scene.programme_id}/year"
    first = (clock.now() + timedelta(days=28)).date()
    typed = {
        "first": first.isoformat(),
        "at": "18:30",
        "weeks": "2",
        "number": "26",
        "closes_before": "7",
        "closes_at": "17:00",
        "papers_before": "3",
        "exceptions": "",
        "pot": "8000",
    }
    assert desk.submit(path, {**typed, "exceptions": "Christmas"}).status_code == 422
    shown = desk.submit(path, typed)
    assert "Add these rounds" in shown.text
    assert "the clocks change in between" in shown.text
    rounds_page = f"/desk/{scene.slug}/grants/programmes/{scene.programme_id}/rounds"
    assert "Round 2" not in text_of(desk.page(rounds_page))
    assert desk.submit(path, {**typed, "sure": "yes"}).status_code == 303
    assert "Round 27" in text_of(desk.page(rounds_page))
