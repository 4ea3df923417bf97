"""Closing a ballot: papers become a sorted pile without voters, and a public list of receipts."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from panel_app.balloting import keys, queries, seals
from panel_app.balloting.models import Ballot, CountedPaper, Paper, Receipt, Turnout
from panel_app.core import audit, canonical, clock, disclosure
from panel_app.core.db import db
from panel_app.core.finality import Act
from panel_app.panels import electorate


def unlink(ballot: Ballot, *, actor: str) -> list[int] | None:
    """Turn the sealed papers into counted ones and receipts, and forget which is whose.

    Fewer than five papers are destroyed instead: of one, any trace would be somebody's choice. So
    are those of a void ballot.
    Return who voted (Member.id), or None where nobody may or can know. The caller holds the
    ballot; the key is destroyed after the commit (cleaning.py).
    """
    sealed = list(db.session.scalars(select(Paper).where(Paper.ballot_id == ballot.id)))
    told = disclosure.may_tell(len(sealed)) and ballot.voided_at is None
    voters = _voters(ballot, sealed) if told else None
    if told:
        _publish(ballot, sealed)
    db.session.execute(delete(Paper).where(Paper.ballot_id == ballot.id))
    for paper in sealed:
        db.session.expunge(paper)
    ballot.altered = sum(seals.commitment(p.nonce, p.choice) != p.commitment for p in sealed)
    ballot.state, ballot.closed_at = "closed", clock.now()
    ballot.fingerprint = canonical.fingerprint(queries.published(ballot)) if told else None
    db.session.flush()
    audit.record(
        "ballot.closed",
        actor=actor,
        subject=ballot.name,
        papers=len(sealed) if told else None,
        voters=None if voters is None else len(voters),
        altered=ballot.altered,
        fingerprint=ballot.fingerprint,
    )
    return voters


def write_voters(ballot: Ballot, voters: list[int] | None) -> None:
    """Keep the list of who voted, in an order that tells nothing.

    Last in the transaction that closes: had it been undone, the ballot would be open again and
    PostgreSQL's log would name those who had voted by then.
    """
    if voters:
        random.SystemRandom().shuffle(voters)
        rows = [{"ballot_id": ballot.id, "member_id": member} for member in voters]
        db.session.execute(insert(Turnout), rows)


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
    if ballot.fingerprint is None:
        return (
            f"Ballot {act.public_id} was closed at {act.at}, after this copy was made. It stays"
            " closed; fewer than five people had voted, so nothing was counted."
        )
    return (
        f"Ballot {act.public_id} was closed at {act.at}, after this copy was made. It stays closed,"
        " but its counted papers are not in the copy: its result is what was published then, with"
        f" fingerprint {ballot.fingerprint}."
    )


def terms_fingerprint(ballot: Ballot) -> str:
    """Return the hash of what is put to the vote, for the log entry of the opening."""
    return canonical.fingerprint({"question": ballot.question.texts(), "terms": ballot.terms})


def _publish(ballot: Ballot, sealed: list[Paper]) -> None:
    """Store the choices in the order of their text, and the receipts in that of their codes.

    Neither order has anything to do with who voted, or when, or with the other one.
    """
    choices: list[Any] = sorted((paper.choice for paper in sealed), key=canonical.dumps)
    receipts = sorted((paper.tracker, paper.commitment) for paper in sealed)
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


def _voters(ballot: Ballot, sealed: list[Paper]) -> list[int] | None:
    """Find out who voted, by the handles, while the key still exists; None where it is lost."""
    try:
        key = keys.read(ballot)
    except keys.KeyMissing:
        return None
    handles = {paper.handle for paper in sealed}
    return [
        member.id
        for member in electorate.members(ballot.name)
        if seals.handle(key, member.public_id) in handles
    ]
