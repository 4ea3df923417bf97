"""Ballots of a full size, and what closing one holds the database's write lock for."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import event, update

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import cast_paper
from panel_app.core.db import db, read_only
from panel_app.counting import margins, tally
from panel_app.panels.models import Member
from tests.factories.balloting import Vote, the_ballot
from tests.factories.budgets import make_open_ballot, make_small_pot
from tests.factories.panels import make_members, make_panel

POT = 10_000_000


@dataclass
class Hold:
    """One transaction that may write, from its beginning until the connection is given back."""

    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    statements: int = 0
    #: The rules of the elections that were counted meanwhile.
    counted: list[str] = field(default_factory=list)


@dataclass
class Holds:
    """What one thread held the write lock for, and how often another writer came between."""

    held: list[Hold] = field(default_factory=list)
    open: Hold | None = None
    waits: list[float] = field(default_factory=list)
    #: How many transactions of the thread ended while the other writer waited, each time.
    waited_for: list[int] = field(default_factory=list)

    @property
    def longest(self) -> float:
        """The longest hold, in seconds."""
        return max((hold.seconds for hold in self.held), default=0.0)


def make_full_vote(app: Flask, seed: int, *, voters: int = 60, projects: int = 15) -> Vote:
    """Commit an open ballot on £100,000 with a random paper of everybody."""
    rng = random.Random(seed)
    with app.app_context():
        panel = make_panel(slug=f"full-{seed}-{voters}")
        members = [member.id for member in make_members(panel, voters)]
        pot = make_small_pot(panel, projects=projects)
        pot.amount = POT
        for project in pot.projects:
            project.cost = rng.randrange(500, 40_000) * 100
        costs = {project.public_id: project.cost for project in pot.projects}
        ballot = make_open_ballot(pot)
        vote = Vote(panel.slug, ballot.public_id, ballot.id, members, list(costs))
        for number in members:
            member = db.session.get_one(Member, number)
            cast_paper(ballot=ballot, member=member, choice=_filled(costs, rng), counter=1)
        db.session.commit()
    return vote


@contextmanager
def watched(app: Flask) -> Iterator[Holds]:
    """Note what this thread holds the lock for, while another writes every tenth of a second."""
    holds, done = Holds(), threading.Event()
    writer = threading.Thread(target=_write_now_and_then, args=(app, done, holds))
    with _listening(holds), _counts_noted(holds):
        writer.start()
        try:
            yield holds
        finally:
            done.set()
            writer.join()


def _filled(costs: dict[str, int], rng: random.Random) -> list[str]:
    left, choice = POT, []
    for project in rng.sample(list(costs), len(costs)):
        if costs[project] <= left and rng.random() < 0.6:
            choice.append(project)
            left -= costs[project]
    return choice


@contextmanager
def _listening(holds: Holds) -> Iterator[None]:
    """Listen to the transactions of this thread that may write."""
    thread = threading.get_ident()

    def mine() -> bool:
        return threading.get_ident() == thread

    def began(_connection: Any) -> None:
        if mine() and not read_only.get():
            holds.open = Hold()

    def asked(*_arguments: Any) -> None:
        if mine() and holds.open is not None:
            holds.open.statements += 1

    def ended(_connection: Any, _record: Any) -> None:
        if mine() and holds.open is not None:
            holds.open.seconds = time.monotonic() - holds.open.began
            holds.held.append(holds.open)
            holds.open = None

    heard = [
        (db.engine, "begin", began),
        (db.engine, "before_cursor_execute", asked),
        (db.engine.pool, "checkin", ended),
    ]
    for target, name, hear in heard:
        event.listen(target, name, hear)
    try:
        yield
    finally:
        for target, name, hear in heard:
            event.remove(target, name, hear)


@contextmanager
def _counts_noted(holds: Holds) -> Iterator[None]:
    """Note every election that is counted while a transaction that may write is open."""
    buy, winners = _noting(tally.buy, holds), _noting(margins.winners, holds)
    with patch.object(tally, "buy", buy), patch.object(margins, "winners", winners):
        yield


def _noting(count: Callable[..., Any], holds: Holds) -> Callable[..., Any]:
    def noted(election: Any, rule: Any, *more: Any) -> Any:
        if holds.open is not None:
            holds.open.counted.append(rule.name)
        return count(election, rule, *more)

    return noted


def _write_now_and_then(app: Flask, done: threading.Event, holds: Holds) -> None:
    """Take the write lock every tenth of a second and note what it had to wait for."""
    with app.app_context():
        while not done.wait(0.1):
            before, started = len(holds.held), time.monotonic()
            db.session.execute(update(Ballot).where(Ballot.id == -1).values(altered=0))
            holds.waits.append(time.monotonic() - started)
            holds.waited_for.append(len(holds.held) - before)
            db.session.rollback()


def closing(app: Flask, vote: Vote, close: Callable[[Vote], Ballot]) -> Holds:
    """Close a vote, margins and all, and return what that held the write lock for."""
    with app.app_context():
        the_ballot(vote)
        db.session.rollback()
        with watched(app) as holds:
            close(vote)
            db.session.rollback()
    return holds
