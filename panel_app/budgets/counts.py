"""Counting the papers of a closed budget ballot by each rule, through the counting engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from panel_app.balloting import papers
from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms, ways
from panel_app.budgets.models import Count
from panel_app.budgets.rules import COUNTS, EQUAL_SHARES, MOST_VOTES
from panel_app.core import audit, canonical, clock, disclosure, jobs
from panel_app.core.db import db, one, reading
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.counting import (
    Election,
    Loser,
    Project,
    Result,
    Rule,
    count,
    with_margins,
)

#: How long the queue may take before the minute's round works out the margins itself.
PATIENCE = timedelta(minutes=5)
#: How long the margins of one count may take; what is missing then stays untold.
SECONDS = 60.0

#: For each loser that was counted again: how much less cost, how many more papers had sufficed.
Margins = dict[str, list[int | None]]


def deciding(ballot: Ballot) -> str:
    """Return the name of the rule that decides; every ballot is counted by the other as well."""
    return frozen_terms.read(ballot.terms).rules.count


def rules(ballot: Ballot) -> dict[str, Rule]:
    """Return the rules that a closed ballot is counted by.

    Caps and projects that exclude each other hold for most votes alone. The lot comes from the
    fingerprint of papers and receipts: it can be drawn again by anyone, and known by nobody while
    projects or votes can still be changed.
    """
    seed = int((ballot.fingerprint or "0")[:8], 16)
    put = frozen_terms.read(ballot.terms)
    shares = Rule(ties=("cost", "votes", f"seed:{seed}"), minimum_votes=put.rules.minimum_votes)
    most = replace(
        shares,
        name="greedy",
        incompatible=put.rules.incompatible,
        area_caps={str(line): pence for line, pence in put.caps},
    )
    return {EQUAL_SHARES: shares, MOST_VOTES: most}


def results(ballot: Ballot) -> dict[str, Result]:
    """Count what is published of a closed ballot, by each rule; nothing stored is believed."""
    counted = election(ballot)
    return {name: count(counted, rule) for name, rule in rules(ballot).items()}


def election(ballot: Ballot) -> Election:
    """Return the published papers of a closed ballot as the engine wants them."""
    put = frozen_terms.read(ballot.terms)
    projects = [
        Project(o.id, o.cost, name=str(o.title), area=str(o.line) if o.line else "")
        for o in put.options
    ]
    choices = balloting.counted_choices(ballot)
    return ways.named(put.rules.way).election(projects, choices, put)


def store(ballot: Ballot, *, actor: str) -> None:
    """Keep the counts beside the fingerprint of what they were counted from.

    Who won and why is counted at once; by how much the others missed, after the commit. Raises
    Conflict where the ballot isn't closed, or its papers no longer have the fingerprint.
    """
    if ballot.state != "closed" or ballot.fingerprint is None:
        raise Conflict(_("This ballot is still open."))
    if not balloting.fingerprint_holds(ballot):
        raise Conflict(_("The papers were altered after the ballot closed. They are not counted."))
    db.session.execute(delete(Count).where(Count.ballot_id == ballot.id))
    counted = {name: written(result) for name, result in results(ballot).items()}
    for name, result in counted.items():
        db.session.add(
            Count(ballot_id=ballot.id, rule=name, counted_from=ballot.fingerprint, result=result)
        )
    db.session.flush()
    audit.record(
        "ballot.counted",
        actor=actor,
        subject=f"ballot:{ballot.public_id}",
        results={name: canonical.fingerprint(result) for name, result in counted.items()},
    )
    jobs.queue_after_commit(work_out_margins, ballot.id)


def work_out_margins(ballot_id: int) -> None:
    """Fill the kept counts of a ballot with the margins they still lack; for the job process.

    Everything is counted dozens of times, so the database is free meanwhile.
    """
    with reading():
        ballot = db.session.get(Ballot, ballot_id)
        if ballot is None or not published(ballot) or not margins_awaited(ballot):
            db.session.rollback()
            return
        counted, put = stored(ballot), election(ballot)
        db.session.rollback()
    found = {
        name: _margins(with_margins(put, result, seconds=SECONDS))
        for name, result in counted.items()
    }
    for name, margins in found.items():
        of_rule = (Count.ballot_id == ballot_id, Count.rule == name, Count.margins.is_(None))
        db.session.execute(update(Count).where(*of_rule).values(margins=margins))
    papers.of(ballot).changed(ballot)
    db.session.commit()


def work_out_waiting() -> None:
    """Work out the margins that the queue forgot."""
    query = select(Count.ballot_id).where(
        Count.margins.is_(None), Count.created_at < clock.now() - PATIENCE
    )
    with reading():
        waiting = set(db.session.scalars(query))
        db.session.rollback()
    for ballot_id in waiting:
        work_out_margins(ballot_id)


def margins_awaited(ballot: Ballot) -> bool:
    """Whether it is still being worked out by how much the losers missed."""
    query = select(Count.id).where(Count.ballot_id == ballot.id, Count.margins.is_(None))
    return db.session.scalars(query).first() is not None


def _margins(result: Result) -> Margins:
    told = (lost for lost in result.losers if lost.recounted)
    return {lost.project: [lost.cost_less, lost.more_support] for lost in told}


def written(result: Result) -> dict[str, Any]:
    """Return a result as it is kept: JSON values with lists, no tuples."""
    kept: dict[str, Any] = _plain(result.to_json())
    return kept


def stored(ballot: Ballot) -> dict[str, Result]:
    """Return the stored counts by rule, with margins as far as known; empty where uncounted."""
    query = select(Count).where(Count.ballot_id == ballot.id, Count.rule.in_(COUNTS))
    return {c.rule: _with_kept(Result.from_json(c.result), c) for c in db.session.scalars(query)}


def kept(ballot: Ballot, name: str) -> Count:
    """Return the stored count by one rule. Raises NotFound where there is none."""
    return one(select(Count).where(Count.ballot_id == ballot.id, Count.rule == name))


def _with_kept(result: Result, row: Count) -> Result:
    kept: Margins = row.margins or {}
    return replace(result, losers=tuple(_filled(lost, kept) for lost in result.losers))


def _filled(lost: Loser, kept: Margins) -> Loser:
    if lost.project not in kept:
        return lost
    cost_less, more_support = kept[lost.project]
    return replace(lost, cost_less=cost_less, more_support=more_support, recounted=True)


def recount_agrees(ballot: Ballot) -> bool:
    """Whether counting the published papers again gives what is stored."""
    query = select(Count).where(Count.ballot_id == ballot.id)
    kept = {c.rule: Result.from_json(c.result) for c in db.session.scalars(query)}
    return kept == results(ballot)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def published(ballot: Ballot) -> bool:
    """Whether the ballot is closed with papers enough that publishing them tells of nobody."""
    if ballot.state != "closed":
        return False
    return disclosure.may_tell(balloting.turnout(ballot))
