"""The demo borough is whole, lively, and the same every time."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from panel_app.balloting.models import Ballot
from panel_app.core import audit, clock
from panel_app.core.db import db
from panel_app.grants.models import Application, Award, Round
from panel_app.panels.models import Panel
from panel_app.recruitment.demo import pool, texts
from panel_app.recruitment.demo.story import DICE
from panel_app.recruitment.models import Person
from panel_app.recruitment.queries import (
    Now,
    composition,
    draw_story,
    replacement_stories,
    standing,
)
from panel_app.sessions import activities, guests
from panel_app.sessions.models import Session
from tests.conftest import new_client


def test_the_panel_is_drawn_within_its_targets(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        story = draw_story(panel)
        assert story is not None
        assert (story.pool_size, story.size, story.dice) == (pool.POOL, pool.SIZE, DICE)
        for feature in composition(panel):
            assert sum(value.number for value in feature.values) == pool.SIZE
            for value in feature.values:
                assert value.minimum <= value.number <= value.maximum, value


def test_one_seat_was_given_up_and_drawn_again(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        assert standing(panel) == Now(sitting=pool.SIZE, gone=1, came=1)
        [told] = replacement_stories(panel)
        assert told.drawn_at is not None


def test_it_happened_in_its_order_and_nothing_in_the_future(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        noted = list(
            db.session.scalars(select(audit.AuditEntry.at).order_by(audit.AuditEntry.number))
        )
        assert noted == sorted(noted)
        assert clock.now() - noted[0] > timedelta(days=50)
        assert noted[-1] <= clock.now()


def test_it_is_lively(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        states = set(db.session.scalars(select(Session.state)))
        assert states == {"open", "closed"}
        assert set(db.session.scalars(select(Ballot.state))) == {"open", "closed"}
        count = select(func.count()).select_from(Application)
        assert db.session.scalar(count) == 12
        assert db.session.scalar(count.where(Application.state == "decided")) == 5


def test_a_workshop_was_open_to_whoever_came(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        panel = db.session.scalars(select(Panel).where(Panel.kind == "open")).one()
        session = db.session.scalars(select(Session).where(Session.panel_id == panel.id)).one()
        told = {item.kind: activities.published(item) for item in session.items if item.kind}
        came = guests.in_the_room(session)
        assert panel.members == []
        assert {kind: part and part.people for kind, part in told.items()} == {
            "question": came - 1,
            "statements": came - 1,
        }
    page = new_client(hillgrove).get(f"/p/ward-workshops/minutes/{session.public_id}").text
    assert "What do you like most about the ward?" in page
    assert f"{came} people" in page


def test_its_money_adds_up(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        for round in db.session.scalars(select(Round)):
            given = select(func.sum(Award.amount)).where(Award.round_id == round.id)
            assert round.committed == (db.session.scalar(given) or 0) <= round.pot


def test_its_log_is_unbroken(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        number, broken = audit.verify()
        assert number > 50
        assert broken is None


def test_the_pool_is_the_same_every_time() -> None:
    assert pool.people_csv() == pool.people_csv()
    assert pool.people_csv(1) != pool.people_csv(2)


def test_every_feature_has_words_in_every_language(hillgrove: Flask) -> None:
    for language in ("bn", "ar"):
        page = new_client(hillgrove).page(f"/p/hillgrove/chosen?l={language}")
        assert not [e for e in page.iter("bdi") if e.get("lang") == "en"]
    assert set(texts.FEATURES) == {
        (feature, said) for feature, value, *_ in pool.TARGETS for said in ("", value)
    }


def test_nobody_shares_an_address_on_the_panel(hillgrove: Flask) -> None:
    with hillgrove.test_request_context():
        homes = list(
            db.session.scalars(select(Person.household).where(Person.lottery_id.is_not(None)))
        )
        # One more than there are seats: somebody said no, and somebody else came in.
        assert len(homes) == len(set(homes)) == pool.SIZE + 1
