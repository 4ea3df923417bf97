"""Closing: what is published, what is destroyed, and that it can be checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from panel_app.balloting import cleaning, due, keys, queries, seals
from panel_app.balloting.models import CountedPaper, Paper, Receipt, Turnout
from panel_app.balloting.services import close_ballot, open_ballot
from panel_app.budgets import counts
from panel_app.core import audit, canonical, clock, key_files, rewriting
from panel_app.core.db import db
from panel_app.core.errors import Conflict, NotAllowed, Refused
from panel_app.panels.models import Member
from panel_app.panels.services import give_up_seat
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.budgets import make_ballot, make_pot
from tests.factories.panels import make_members, make_panel


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(app, members=7)


def vote_all(vote: Vote) -> dict[int, tuple[str, str, list[str]]]:
    """Cast a paper for everyone; return tracker, nonce and choice by Member.id."""
    cast_papers = {}
    for number, member in enumerate(vote.members):
        choice = sorted(vote.projects[number % 3 : number % 3 + 1])
        made = cast(vote, member, choice)
        cast_papers[member] = (made.tracker, made.nonce, choice)
    return cast_papers


def test_closing_publishes_sorted_papers_and_receipts(app: Flask, vote: Vote) -> None:
    with app.app_context():
        made = vote_all(vote)
        ballot = close(vote)
        choices = queries.counted_choices(ballot)
        assert choices == sorted((c for *_, c in made.values()), key=canonical.dumps)
        trackers = [receipt.tracker for receipt in queries.receipts(ballot)]
        assert trackers == sorted(tracker for tracker, *_ in made.values())
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 0
        assert ballot.state == "closed"
        assert ballot.altered == 0
        assert queries.fingerprint_holds(ballot)


def test_everyone_can_open_their_own_receipt(app: Flask, vote: Vote) -> None:
    with app.app_context():
        made = vote_all(vote)
        ballot = close(vote)
        for tracker, nonce, choice in made.values():
            assert queries.choice_behind(ballot, tracker, nonce) == choice
            assert queries.choice_behind(ballot, tracker, seals.new_nonce()) is None
        assert queries.choice_behind(ballot, "0" * 10, seals.new_nonce()) is None


def test_key_is_destroyed_after_the_commit_and_not_before(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        place = key_files._place(vote.public_id)
        close_ballot(ballot=the_ballot(vote), actor="system")
        assert place.exists()
        db.session.rollback()
        assert place.exists()
        assert the_ballot(vote).state == "open"
        cast(vote, vote.members[0], vote.projects[2:3], 2)
        close(vote)
        assert not place.exists()
        assert not list(place.parent.glob("*.key"))
        assert the_ballot(vote).cleaned


def test_without_its_key_handles_lead_to_nobody(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        key = keys.read(the_ballot(vote))
        handles = set(db.session.scalars(select(Paper.handle)))
        members = list(db.session.scalars(select(Member)))
        assert {seals.handle(key, m.public_id) for m in members} == handles
        close(vote)
        ballot = the_ballot(vote)
        with pytest.raises(keys.KeyMissing):
            keys.read(ballot)
        known = [app.config["SECRET_KEY"].encode(), (ballot.key_digest or "").encode()]
        known += [bytes.fromhex(ballot.key_digest or ""), ballot.public_id.encode()]
        guesses = {seals.handle(k, m.public_id) for k in known for m in members}
        assert not guesses & handles


def test_closing_twice_changes_nothing(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        close(vote)
        fingerprint, entries = the_ballot(vote).fingerprint, audit.head().number
        close(vote)
        assert the_ballot(vote).fingerprint == fingerprint
        assert audit.head().number == entries


def test_draft_cannot_be_closed(app: Flask) -> None:
    with app.app_context():
        draft = make_ballot(make_pot(make_panel()))
        with pytest.raises(Conflict):
            close_ballot(ballot=draft, actor="system")


def test_empty_ballot_closes(app: Flask, vote: Vote) -> None:
    with app.app_context():
        ballot = close(vote)
        assert queries.counted_choices(ballot) == []
        assert queries.fingerprint_holds(ballot)
        assert queries.too_few(ballot)
        assert counts.stored(ballot) == {}


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_papers_are_destroyed_uncounted(
    app: Flask, vote: Vote, number: int
) -> None:
    with app.app_context():
        made = [cast(vote, member, vote.projects[:1]) for member in vote.members[:number]]
        ballot = close(vote)
        assert not [t for t in (Paper, CountedPaper, Receipt, Turnout) if db.session.query(t).all()]
        assert counts.stored(ballot) == {}
        member = db.session.get_one(Member, vote.members[0])
        assert queries.has_voted(ballot, member) is None
        log = "".join(str(entry.details) for entry in db.session.query(audit.AuditEntry))
        ways = range(2 ** len(vote.projects))
        choices = [
            sorted(p for place, p in enumerate(vote.projects) if way >> place & 1) for way in ways
        ]
        for choice in choices:
            assert canonical.fingerprint([choice] * number) not in log
        assert not [paper for paper in made if paper.commitment in log]
        assert "'papers': None" in log


def test_papers_of_nobody_are_noticed(app: Flask, vote: Vote) -> None:
    """Somebody with the database, but without the key, adds a paper."""
    with app.app_context():
        vote_all(vote)
        stuffed = {"ballot_id": vote.ballot_id, "handle": b"x" * 32, "choice": [], "nonce": "n"}
        seal = seals.commitment("n", [])
        db.session.add(Paper(**stuffed, commitment=seal, tracker="T", counter=1))
        db.session.commit()
        ballot = close(vote)
        assert (queries.turnout(ballot), queries.voters(ballot)) == (8, 7)


def test_member_who_left_still_counts_as_cast(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        leaver = db.session.get_one(Member, vote.members[0])
        give_up_seat(member=leaver)
        db.session.commit()
        ballot = close(vote)
        assert (queries.turnout(ballot), queries.voters(ballot), queries.electors(ballot)) == (
            7,
            7,
            7,
        )
        assert queries.has_voted(ballot, leaver)


def test_member_who_joined_later_cannot_vote(app: Flask, vote: Vote) -> None:
    with app.app_context():
        (late,) = make_members(the_ballot(vote).panel, 1)
        db.session.commit()
        with pytest.raises(NotAllowed):
            cast(vote, late.id, vote.projects[:1])
        db.session.rollback()
        assert queries.electors(the_ballot(vote)) == 7


@pytest.mark.parametrize("way", ["", "/check"])
def test_member_who_joined_later_is_shown_no_sheet(
    app: Flask, join: Callable[[int], CheckedClient], vote: Vote, way: str
) -> None:
    with app.app_context():
        (late,) = make_members(the_ballot(vote).panel, 1)
        db.session.commit()
        number = late.id
    phone = join(number)
    app.config["WTF_CSRF_ENABLED"] = False
    answer = phone.post(vote.page + way, data={"project": vote.projects[0]})
    assert (answer.status_code, answer.headers["Location"]) == (303, vote.page)


def test_ballot_of_a_panel_without_members_does_not_open(app: Flask) -> None:
    with app.app_context():
        draft = make_ballot(make_pot(make_panel()))
        with pytest.raises(Refused) as refusal:
            open_ballot(ballot=draft, closes_at=None, actor="system")
        assert "Nobody could vote" in str(refusal.value.message)


def test_ballot_closes_by_itself_when_its_time_is_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = make_vote(app, closes_at=clock.now() + timedelta(hours=1))
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:1])
        due.tidy()
        assert the_ballot(vote).state == "open"
        later = clock.now() + timedelta(hours=2)
        monkeypatch.setattr(clock, "now", lambda: later)
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).state == "closed"
        assert the_ballot(vote).cleaned
        assert len(queries.receipts(the_ballot(vote))) == 6


def test_ballot_that_cannot_be_closed_keeps_no_other_from_closing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = clock.now() + timedelta(hours=1)
    broken, sound = make_vote(app, closes_at=soon), make_vote(app, closes_at=soon)
    with app.app_context():
        the_ballot(broken).kind = "unknown"
        db.session.commit()
        later = clock.now() + timedelta(hours=2)
        monkeypatch.setattr(clock, "now", lambda: later)
        due.tidy()
        db.session.expire_all()
        assert the_ballot(broken).state == "open"
        assert the_ballot(sound).state == "closed"
        assert the_ballot(sound).cleaned


def test_disk_that_refuses_is_tried_again(app: Flask, vote: Vote, tmp_path: Path) -> None:
    with app.app_context():
        vote_all(vote)
        folder = app.extensions["settings"].ballot_keys
        key = next(folder.glob("*.key"))
        aside = key.rename(tmp_path / "aside")
        key.mkdir()
        ballot = close(vote)
        assert ballot.state == "closed"
        assert not ballot.cleaned
        key.rmdir()
        aside.rename(key)
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).cleaned
        assert not list(folder.glob("*.key"))


@pytest.mark.skipif(bool(POSTGRESQL), reason="fills SQLite's own file")
def test_full_disk_delays_the_cleaning_and_loses_nothing(
    app: Flask, vote: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(cursor: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    with app.app_context():
        vote_all(vote)
        monkeypatch.setattr(rewriting, "truncate_log", full)
        ballot = close(vote)
        assert (ballot.state, ballot.cleaned) == ("closed", False)
        assert len(queries.receipts(ballot)) == 7
        monkeypatch.undo()
        db.session.rollback()
        due.tidy()
        db.session.expire_all()
        assert the_ballot(vote).cleaned


def test_round_of_the_minute_is_in_the_timetable(app: Flask) -> None:
    names = [task.name for task in app.extensions["huey"]._registry.periodic_tasks]
    assert "ballots-due" in names


def test_log_holds_opening_and_closing_with_the_fingerprint(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        ballot = close(vote)
        entries = db.session.scalars(
            select(audit.AuditEntry)
            .where(audit.AuditEntry.subject == f"ballot:{ballot.public_id}")
            .order_by(audit.AuditEntry.number)
        ).all()
        assert [entry.action for entry in entries] == [
            "ballot.opened",
            "ballot.closed",
            "ballot.counted",
        ]
        assert entries[1].details["fingerprint"] == ballot.fingerprint
        assert entries[1].details["papers"] == entries[1].details["voters"] == 7
        assert audit.verify()[1] is None


@pytest.mark.parametrize("what", ["choice", "commitment", "receipt gone", "paper gone", "added"])
def test_tampering_after_closing_is_seen(app: Flask, vote: Vote, what: str) -> None:
    with app.app_context():
        vote_all(vote)
        ballot_id = close(vote).id
        changes = {
            "choice": update(CountedPaper).where(CountedPaper.number == 1).values(choice=[]),
            "commitment": update(Receipt).values(commitment="0" * 64),
            "receipt gone": text(
                "DELETE FROM receipt WHERE tracker = (SELECT min(tracker) FROM receipt)"
            ),
            "paper gone": text("DELETE FROM counted_paper WHERE number = 7"),
            "added": CountedPaper.__table__.insert().values(  # type: ignore[attr-defined]
                ballot_id=ballot_id, number=8, choice=[]
            ),
        }
        db.session.execute(changes[what])
        db.session.commit()
        db.session.expire_all()
        assert not queries.fingerprint_holds(the_ballot(vote))
        with pytest.raises(Conflict):
            counts.store(the_ballot(vote), actor="system")


def test_tampering_with_a_sealed_paper_is_counted_at_closing(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        one = db.session.scalars(select(Paper).limit(1)).one()
        db.session.execute(
            update(Paper).where(Paper.id == one.id).values(choice=vote.projects[3:4])
        )
        db.session.commit()
        assert close(vote).altered == 1


def test_turnout_says_who_voted_and_no_more(app: Flask, vote: Vote) -> None:
    with app.app_context():
        voters = vote.members[1:6]
        for member in reversed(voters):
            cast(vote, member, vote.projects[:1])
        assert db.session.query(Turnout).all() == []
        close(vote)
        assert sorted(db.session.scalars(select(Turnout.member_id))) == voters
        assert set(Turnout.__table__.columns.keys()) == {"ballot_id", "member_id"}
        assert set(Paper.__table__.columns.keys()) == {
            "id",
            "ballot_id",
            "handle",
            "choice",
            "nonce",
            "commitment",
            "tracker",
            "counter",
            "origin",
            "helper",
        }


def test_cleaning_leaves_an_open_ballot_alone(app: Flask, vote: Vote) -> None:
    with app.app_context():
        vote_all(vote)
        assert not cleaning.finish(vote.ballot_id)
        assert key_files._place(vote.public_id).exists()
        assert cleaning.unfinished() == []
