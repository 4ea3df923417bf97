"""The linkage attack: after closing, the files tell no better than chance whose paper is whose."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from math import comb
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from panel_app.balloting import cleaning, seals
from panel_app.balloting.models import Ballot, CountedPaper, Paper, Receipt, Turnout
from panel_app.balloting.services import cast_paper, close_ballot
from panel_app.core import canonical
from panel_app.core.db import db
from panel_app.panels.models import Member
from tests.conftest import POSTGRESQL
from tests.factories.budgets import make_open_ballot, make_small_pot
from tests.factories.panels import make_members, make_panel

MEMBERS = 60
RUNS = 10
PROJECTS = 7
#: The chance that an honest run looks this good to the attacker: one in ten million.
LEAST_LIKELY = 1e-7

Guess = Callable[["Loot"], dict[int, str]]


class Loot:
    """What a thief has: the tables, the raw files, a backup from before closing, the log."""

    def __init__(self, ballot_id: int, ballot: str, files: bytes, secret: str) -> None:
        self.ballot, self.files, self.secret = ballot, files, secret
        mine = Turnout.ballot_id == ballot_id
        self.turnout = list(db.session.scalars(select(Turnout.member_id).where(mine)))
        self.members = {m.id: m.public_id for m in db.session.scalars(select(Member))}
        query = select(CountedPaper).where(CountedPaper.ballot_id == ballot_id)
        self.papers = [canonical.dumps(paper.choice) for paper in db.session.scalars(query)]
        listed = select(Receipt).where(Receipt.ballot_id == ballot_id)
        self.receipts = list(db.session.scalars(listed))
        #: Handles, choices and keys of the papers as a backup holds them.
        self.backup: list[tuple[bytes, str, bytes]] = []


def by_row_order(loot: Loot) -> dict[int, str]:
    """Pair the list of voters with the pile, both in the order in which they are stored."""
    return dict(zip(loot.turnout, loot.papers, strict=True))


def by_receipt_order(loot: Loot) -> dict[int, str]:
    """Pair voters with receipts in order, and take the papers in the order of commitments."""
    order = sorted(range(len(loot.receipts)), key=lambda i: loot.receipts[i].commitment)
    return {member: loot.papers[i] for member, i in zip(loot.turnout, order, strict=True)}


def by_backup_order(loot: Loot) -> dict[int, str]:
    """Pair voters with the sealed papers of the backup, in the order of their keys."""
    pile = [choice for _handle, choice, _key in sorted(loot.backup, key=lambda paper: paper[2])]
    return dict(zip(loot.turnout, pile or loot.papers, strict=False))


def by_handle(loot: Loot) -> dict[int, str]:
    """Try every key that could be guessed on the handles of the backup; else take the order."""
    keys = [loot.secret.encode(), loot.ballot.encode(), b"", b"\0" * 32]
    choices = {handle: choice for handle, choice, _key in loot.backup}
    opened = {
        member: choices[handle]
        for member, public_id in loot.members.items()
        for handle in (seals.handle(key, public_id) for key in keys)
        if handle in choices
    }
    return opened or by_backup_order(loot)


def by_file_offset(loot: Loot) -> dict[int, str]:
    """Pair voters with papers in the order in which the choices lie in the files."""
    places = sorted(loot.papers, key=lambda choice: loot.files.find(choice.encode()))
    return dict(zip(loot.turnout, places, strict=True))


def by_last_traces(loot: Loot) -> dict[int, str]:
    """The same from the end of the files, where a log's newest pages would lie."""
    places = sorted(loot.papers, key=lambda choice: loot.files.rfind(choice.encode()))
    return dict(zip(sorted(loot.turnout), places, strict=True))


ATTACKS: tuple[Guess, ...] = (
    by_row_order,
    by_receipt_order,
    by_backup_order,
    by_handle,
    by_file_offset,
    by_last_traces,
)


def at_least(hits: int, trials: int, chance: float) -> float:
    """Return the exact binomial probability of `hits` or more."""
    return sum(
        comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hits, trials + 1)
    )


def distinct_choices(projects: list[str], number: int, seed: int) -> list[list[str]]:
    """Return `number` different sorted choices in a random order."""
    masks = random.Random(seed).sample(range(1, 2 ** len(projects)), number)
    return [sorted(p for i, p in enumerate(projects) if mask >> i & 1) for mask in masks]


def vote(app: Flask, seed: int) -> tuple[int, dict[int, str]]:
    """Let everyone vote in order of their seats, each in a transaction of their own."""
    with app.app_context():
        panel = make_panel()
        members = [member.id for member in make_members(panel, MEMBERS)]
        pot = make_small_pot(panel, projects=PROJECTS)
        ballot_id = make_open_ballot(pot).id
        projects = [project.public_id for project in pot.projects]
        db.session.commit()
        truth = {}
        for member_id, choice in zip(
            members, distinct_choices(projects, MEMBERS, seed), strict=True
        ):
            ballot, member = db.session.get(Ballot, ballot_id), db.session.get(Member, member_id)
            assert ballot is not None
            assert member is not None
            cast_paper(ballot=ballot, member=member, choice=choice, counter=1)
            db.session.commit()
            truth[member_id] = canonical.dumps(choice)
    return ballot_id, truth


def steal_backup(ballot_id: int) -> list[tuple[bytes, str, bytes]]:
    """Read the sealed papers as a backup taken just before closing holds them."""
    query = select(Paper).where(Paper.ballot_id == ballot_id)
    return [(p.handle, canonical.dumps(p.choice), p.id.bytes) for p in db.session.scalars(query)]


def raw_files(folder: Path) -> bytes:
    """Return every file that a thief finds beside the database, keys folder included."""
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


@pytest.mark.slow
def test_no_attack_beats_chance(app: Flask, tmp_path: Path) -> None:
    hits = dict.fromkeys((attack.__name__ for attack in ATTACKS), 0)
    for seed in range(RUNS):
        ballot_id, truth = vote(app, seed)
        with app.app_context():
            backup = steal_backup(ballot_id)
            ballot = db.session.get(Ballot, ballot_id)
            assert ballot is not None
            close_ballot(ballot=ballot, actor="system")
            db.session.commit()
            loot = Loot(ballot_id, ballot.public_id, raw_files(tmp_path), app.config["SECRET_KEY"])
            loot.backup = backup
            for attack in ATTACKS:
                guessed = attack(loot)
                hits[attack.__name__] += sum(
                    truth[m] == c for m, c in guessed.items() if m in truth
                )
    trials = MEMBERS * RUNS
    for name, number in hits.items():
        likely = at_least(number, trials, 1 / MEMBERS)
        assert likely > LEAST_LIKELY, f"{name} paired {number} of {trials}: p = {likely:.2g}"


def test_the_attacks_do_find_a_leak(app: Flask) -> None:
    """The same test must fail for a box that keeps papers in the order of voting."""
    ballot_id, truth = vote(app, 1)
    with app.app_context():
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        loot = Loot(ballot_id, ballot.public_id, b"", "")
        loot.papers = [truth[member] for member in sorted(truth)]
        hits = sum(truth[m] == c for m, c in by_row_order(loot).items())
    assert at_least(hits, MEMBERS, 1 / MEMBERS) < LEAST_LIKELY


@pytest.mark.skipif(bool(POSTGRESQL), reason="reads SQLite's own files")
def test_files_keep_no_trace_of_sealed_papers(app: Flask, tmp_path: Path) -> None:
    ballot_id, _truth = vote(app, 3)
    with app.app_context():
        sealed = list(db.session.scalars(select(Paper).where(Paper.ballot_id == ballot_id)))
        secrets = [p.handle for p in sealed] + [p.nonce.encode() for p in sealed]
        key = (app.extensions["settings"].ballot_keys).glob("*.key").__next__().read_bytes()
        before = raw_files(tmp_path)
        assert all(secret in before for secret in secrets)
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        after = raw_files(tmp_path)
    assert key in before
    assert key not in after
    assert not [secret for secret in secrets if secret in after]


@pytest.mark.skipif(not POSTGRESQL, reason="reads PostgreSQL's row versions")
def test_row_versions_tell_no_order(app: Flask) -> None:
    ballot_id, _truth = vote(app, 6)
    with app.app_context():
        ballot = db.session.get_one(Ballot, ballot_id)
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert ballot.cleaned
        for table in ("turnout", "counted_paper", "receipt"):
            writers = db.session.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}"))
            assert writers == 1, table
        in_file = db.session.scalars(text("SELECT member_id FROM turnout ORDER BY ctid")).all()
        assert list(in_file) == sorted(in_file)
        assert db.session.scalar(text("SELECT pg_relation_size('paper')")) == 0


@pytest.mark.skipif(bool(POSTGRESQL), reason="holds SQLite's own log")
def test_a_reader_in_the_way_delays_the_cleaning_and_no_more(app: Flask, tmp_path: Path) -> None:
    ballot_id, _truth = vote(app, 4)
    reader = sqlite3.connect(tmp_path / "panel.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM paper").fetchone()
    with app.app_context():
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert ballot.state == "closed"
        assert not ballot.cleaned
        assert cleaning.unfinished() == [ballot_id]
        db.session.rollback()
        reader.execute("COMMIT")
        reader.close()
        assert cleaning.finish(ballot_id)
        db.session.expire_all()
        assert cleaning.unfinished() == []
        assert not list(app.extensions["settings"].ballot_keys.iterdir())


def test_copy_of_the_database_without_the_key_cannot_take_votes(app: Flask, tmp_path: Path) -> None:
    ballot_id, _truth = vote(app, 5)
    shutil.rmtree(app.extensions["settings"].ballot_keys)
    with app.app_context():
        ballot = db.session.get(Ballot, ballot_id)
        assert ballot is not None
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert len(db.session.scalars(select(Receipt)).all()) == MEMBERS
