"""Counting the papers of a closed budget ballot by each rule, through the counting engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import terms
from panel_app.budgets.models import Count
from panel_app.core import audit, canonical, disclosure
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.counting import (
    Election,
    Project,
    Result,
    Rule,
    approval_election,
    count,
    with_margins,
)

#: The rules that every ballot is counted by; the first one decides.
RULES: dict[str, Rule] = {
    "equal-shares": Rule(),
    "most-votes": Rule(name="greedy"),
}
DECIDING = "equal-shares"


def results(ballot: Ballot) -> dict[str, Result]:
    """Count what is published of a closed ballot, by each rule; nothing stored is believed."""
    counted = election(ballot)
    return {name: with_margins(counted, count(counted, rule)) for name, rule in RULES.items()}


def election(ballot: Ballot) -> Election:
    """Return the published papers of a closed ballot as the engine wants them."""
    put = terms.read(ballot.terms)
    projects = [
        Project(o.id, o.cost, name=str(o.title), area=str(o.line) if o.line else "")
        for o in put.options
    ]
    return approval_election(projects, balloting.counted_choices(ballot), pot=put.pot)


def store(ballot: Ballot, *, actor: str) -> None:
    """Keep the counts beside the fingerprint of what they were counted from.

    Raises Conflict where the ballot isn't closed, or its papers no longer have the fingerprint.
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


def written(result: Result) -> dict[str, Any]:
    """Return a result as it is kept: JSON values with lists, no tuples."""
    kept: dict[str, Any] = _plain(result.to_dict())
    return kept


def stored(ballot: Ballot) -> dict[str, Result]:
    """Return the stored counts by rule; empty where there are none."""
    query = select(Count).where(Count.ballot_id == ballot.id)
    return {c.rule: Result.from_dict(c.result) for c in db.session.scalars(query)}


def recount_agrees(ballot: Ballot) -> bool:
    """Whether counting the published papers again gives what is stored."""
    query = select(Count).where(Count.ballot_id == ballot.id)
    kept = {c.rule: c.result for c in db.session.scalars(query)}
    return kept == {name: written(result) for name, result in results(ballot).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def published(ballot: Ballot) -> bool:
    """Whether the ballot is closed with papers enough that publishing them tells of nobody."""
    if ballot.state != "closed":
        return False
    return disclosure.may_tell(balloting.turnout(ballot))
