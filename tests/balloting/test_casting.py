"""Casting papers: one a person, changed until closing, never outside the open time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.balloting import keys, queries, seals
from panel_app.balloting.models import Paper, Turnout
from panel_app.balloting.services import HIGHEST_COUNTER, open_ballot
from panel_app.core import clock, key_files
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from panel_app.panels.models import Member
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.budgets import make_ballot, make_pot
from tests.factories.panels import make_panel


def papers() -> list[Paper]:
    return list(db.session.scalars(select(Paper)))


def named() -> int:
    return db.session.scalar(select(func.count()).select_from(Turnout)) or 0


def test_paper_is_stored_and_nobody_is_named(app: Flask, vote: Vote) -> None:
    with app.app_context():
        made = cast(vote, vote.members[0], vote.projects[:2])
        (paper,) = papers()
        assert paper.choice == sorted(vote.projects[:2])
        assert (paper.tracker, paper.nonce) == (made.tracker, made.nonce)
        assert made.commitment == seals.commitment(made.nonce, paper.choice)
        assert queries.turnout(the_ballot(vote)) == 1
        assert named() == 0
        assert not made.replaced


def test_second_paper_replaces_first(app: Flask, vote: Vote) -> None:
    with app.app_context():
        first = cast(vote, vote.members[0], vote.projects[:1], 1)
        second = cast(vote, vote.members[0], vote.projects[1:2], 2)
        (paper,) = papers()
        assert paper.choice == vote.projects[1:2]
        assert second.replaced
        assert second.tracker == first.tracker
        assert second.nonce != first.nonce
        assert queries.turnout(the_ballot(vote)) == 1


def test_same_counter_and_choice_give_the_same_receipt(app: Flask, vote: Vote) -> None:
    with app.app_context():
        first = cast(vote, vote.members[0], vote.projects[:2], 1)
        again = cast(vote, vote.members[0], vote.projects[:2][::-1], 1)
        assert (again.tracker, again.nonce, again.commitment) == (
            first.tracker,
            first.nonce,
            first.commitment,
        )
        assert len(papers()) == 1


@pytest.mark.parametrize("late", [0, 1, 2])
def test_replayed_paper_never_undoes_a_later_one(app: Flask, vote: Vote, late: int) -> None:
    with app.app_context():
        cast(vote, vote.members[0], vote.projects[:1], 1)
        cast(vote, vote.members[0], vote.projects[1:2], 2)
        with pytest.raises(Conflict):
            cast(vote, vote.members[0], vote.projects[:1], late)
        db.session.rollback()
        assert [paper.choice for paper in papers()] == [vote.projects[1:2]]


@pytest.mark.parametrize("stored", [0, 1, 7, HIGHEST_COUNTER])
def test_one_more_than_the_stored_counter_is_always_taken(
    app: Flask, vote: Vote, stored: int
) -> None:
    with app.app_context():
        for number in range(3):
            cast(vote, vote.members[0], vote.projects[number : number + 1], stored + number)
        assert [paper.choice for paper in papers()] == [vote.projects[2:3]]


@pytest.mark.parametrize("counter", [-1, 10**7, 2**40, 1.0, True, "1", None, float("nan")])
def test_counter_must_be_a_small_whole_number(app: Flask, vote: Vote, counter: object) -> None:
    with app.app_context():
        with pytest.raises(Refused):
            cast(vote, vote.members[0], vote.projects[:1], counter)
        db.session.rollback()
        assert not papers()


def test_paper_before_opening_is_refused(app: Flask, vote: Vote) -> None:
    with app.app_context():
        member = db.session.get(Member, vote.members[0])
        assert member is not None
        ballot = make_ballot(make_pot(member.panel))
        db.session.commit()
        early = Vote(vote.panel_slug, ballot.public_id, ballot.id, vote.members, vote.projects)
        with pytest.raises(Conflict):
            cast(early, vote.members[0], [])
        db.session.rollback()
        assert not papers()


def test_paper_after_closing_is_refused(app: Flask, vote: Vote) -> None:
    with app.app_context():
        for member in vote.members[1:]:
            cast(vote, member, vote.projects[:1])
        close(vote)
        with pytest.raises(Conflict):
            cast(vote, vote.members[0], vote.projects[:1])
        db.session.rollback()
        assert queries.counted_choices(the_ballot(vote)) == [vote.projects[:1]] * 5


@pytest.mark.parametrize(("offset", "taken"), [(-1, True), (0, False), (1, False)])
def test_server_clock_decides_at_the_closing_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch, offset: int, taken: bool
) -> None:
    closes_at = (clock.now() + timedelta(hours=1)).replace(microsecond=0)
    vote = make_vote(app, closes_at=closes_at)
    moment = closes_at + timedelta(milliseconds=offset)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with app.app_context():
        if taken:
            cast(vote, vote.members[0], vote.projects[:1])
        else:
            with pytest.raises(Conflict):
                cast(vote, vote.members[0], vote.projects[:1])
        db.session.rollback()
        assert len(papers()) == taken


def test_member_of_another_panel_finds_nothing(app: Flask, vote: Vote) -> None:
    other = make_vote(app)
    with app.app_context():
        with pytest.raises(NotFound):
            cast(vote, other.members[0], vote.projects[:1])
        db.session.rollback()
        assert not papers()


@pytest.mark.parametrize("state", ["invited", "declined", "left"])
def test_only_confirmed_members_vote(app: Flask, vote: Vote, state: str) -> None:
    with app.app_context():
        member = db.session.get(Member, vote.members[0])
        assert member is not None
        member.state = state
        db.session.commit()
        with pytest.raises(NotAllowed):
            cast(vote, vote.members[0], vote.projects[:1])
        db.session.rollback()
        assert not papers()


@pytest.mark.parametrize("content", [None, b"another key of 32 random bytes..", b""])
def test_without_its_key_a_ballot_refuses_and_never_makes_a_new_one(
    app: Flask, vote: Vote, content: bytes | None
) -> None:
    with app.app_context():
        cast(vote, vote.members[0], vote.projects[:1])
        place = key_files._place(vote.public_id)
        place.unlink() if content is None else place.write_bytes(content)
        with pytest.raises(keys.KeyMissing):
            cast(vote, vote.members[0], vote.projects[1:2], 2)
        db.session.rollback()
        assert [paper.choice for paper in papers()] == [vote.projects[:1]]
        assert place.exists() == (content is not None)


def test_key_file_is_for_its_owner_only(app: Flask, vote: Vote) -> None:
    with app.app_context():
        place = key_files._place(vote.public_id)
        assert place.stat().st_mode & 0o777 == 0o600
        assert len(place.read_bytes()) == key_files.KEY_BYTES
        assert the_ballot(vote).key_digest == key_files.digest(place.read_bytes())


def test_opening_twice_keeps_the_first_key(app: Flask, vote: Vote) -> None:
    with app.app_context():
        before = key_files._place(vote.public_id).read_bytes()
        with pytest.raises(Conflict):
            open_ballot(ballot=the_ballot(vote), closes_at=None, actor="system")
        assert key_files._place(vote.public_id).read_bytes() == before


def test_opening_needs_projects_and_a_time_to_come(app: Flask) -> None:
    with app.app_context():
        pot = make_pot(make_panel())
        draft = make_ballot(pot)
        past = clock.now() - timedelta(seconds=1)
        with pytest.raises(DomainError):
            open_ballot(ballot=draft, closes_at=past, actor="system")
        for project in list(pot.projects):
            db.session.delete(project)
        db.session.flush()
        db.session.expire(pot)
        with pytest.raises(Refused):
            open_ballot(ballot=draft, closes_at=None, actor="system")


def test_casting_leaves_no_trace_in_the_log(app: Flask, vote: Vote) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
