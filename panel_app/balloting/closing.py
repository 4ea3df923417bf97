"""Closing a ballot: papers become a sorted pile without voters, and a public list of receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from panel_app.balloting import queries, seals
from panel_app.balloting.models import Ballot, CountedPaper, Paper, Receipt, Turnout
from panel_app.core import audit, canonical, clock
from panel_app.core.db import db
from panel_app.core.finality import Act


def unlink(ballot: Ballot, *, actor: str) -> None:
    """Turn the sealed papers into counted ones and receipts, and forget which is whose.

    The caller holds the ballot; the key is destroyed after the commit (cleaning.py).
    """
    sealed = list(db.session.scalars(select(Paper).where(Paper.ballot_id == ballot.id)))
    _publish(ballot, sealed)
    db.session.execute(delete(Paper).where(Paper.ballot_id == ballot.id))
    for paper in sealed:
        db.session.expunge(paper)
    voters = _rewrite_turnout(ballot)
    ballot.altered = sum(seals.commitment(p.nonce, p.choice) != p.commitment for p in sealed)
    ballot.state, ballot.closed_at = "closed", clock.now()
    ballot.fingerprint = canonical.fingerprint(queries.published(ballot))
    db.session.flush()
    audit.record(
        "ballot.closed",
        actor=actor,
        subject=f"ballot:{ballot.public_id}",
        papers=len(sealed),
        voters=voters,
        altered=ballot.altered,
        fingerprint=ballot.fingerprint,
    )


def stay_closed(act: Act) -> str | None:
    """Keep a ballot closed that an older copy holds open: without its key, and its last votes."""
    ballot = db.session.scalar(select(Ballot).where(Ballot.public_id == act.public_id))
    if ballot is None:
        return f"Ballot {act.public_id} (closed {act.at}) is not in this copy at all."
    if ballot.state == "closed":
        return None
    for sealed in (Paper, Turnout):
        db.session.execute(delete(sealed).where(sealed.ballot_id == ballot.id))
    ballot.state, ballot.closed_at = "closed", datetime.fromisoformat(act.at)
    ballot.fingerprint = act.details["fingerprint"]
    db.session.flush()
    return (
        f"Ballot {act.public_id} was closed at {act.at}, after this copy was made. It stays closed,"
        " but its counted papers are not in the copy: its result is what was published then, with"
        f" fingerprint {ballot.fingerprint}."
    )


def terms_fingerprint(ballot: Ballot) -> str:
    """Return the hash of what is put to the vote, for the log entry of the opening."""
    return canonical.fingerprint(
        {"question": queries.written(ballot.question), "terms": ballot.terms}
    )


def _publish(ballot: Ballot, sealed: list[Paper]) -> None:
    """Store the choices in the order of their text, and the receipts in that of their codes.

    Neither order has anything to do with who voted, or when, or with the other one.
    """
    choices: list[Any] = sorted((paper.choice for paper in sealed), key=canonical.dumps)
    receipts = sorted((paper.tracker, paper.commitment) for paper in sealed)
    if not sealed:
        return
    db.session.execute(
        insert(CountedPaper),
        [
            {"ballot_id": ballot.id, "number": number, "choice": choice}
            for number, choice in enumerate(choices, start=1)
        ],
    )
    db.session.execute(
        insert(Receipt),
        [{"ballot_id": ballot.id, "tracker": t, "commitment": c} for t, c in receipts],
    )


def _rewrite_turnout(ballot: Ballot) -> int:
    """Write the list of who voted anew, by member, so that no trace of its order in time is left.

    Return how many there are.
    """
    mine = Turnout.ballot_id == ballot.id
    members = sorted(db.session.scalars(select(Turnout.member_id).where(mine)))
    db.session.execute(delete(Turnout).where(mine))
    if members:
        rows = [{"ballot_id": ballot.id, "member_id": member} for member in members]
        db.session.execute(insert(Turnout), rows)
    return len(members)
