"""Closing a ballot: papers become a sorted pile without voters, and a public list of receipts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from panel_app.balloting import keys, origins, queries, seals
from panel_app.balloting.models import Ballot, CountedPaper, Paper, Receipt, Turnout
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.balloting.on_paper.models import TypedPaper
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
    pile = _pile(ballot, sealed) if ballot.voided_at is None else None
    told = pile is not None and disclosure.may_tell(len(pile.choices))
    voters = _voters(ballot, pile.sealed) if pile and told else None
    if pile and told:
        _publish(ballot, pile)
    for destroyed in (Paper, TypedPaper):
        db.session.execute(delete(destroyed).where(destroyed.ballot_id == ballot.id))
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
        papers=len(pile.choices) if pile and told else None,
        voters=None if voters is None or (pile and pile.typed) else len(voters),
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
    for sealed in (Paper, TypedPaper, Turnout):
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


@dataclass(frozen=True, slots=True)
class _Pile:
    """What is counted: the sealed papers of those who have no paper one, and the typed ones."""

    sealed: list[Paper]
    typed: list[TypedPaper]

    @property
    def choices(self) -> list[Any]:
        """Every choice that counts, in no order."""
        return [paper.choice for paper in self.sealed] + [paper.choice for paper in self._counted]

    @property
    def receipts(self) -> list[tuple[str, str]]:
        """The receipts, by their codes; a paper's number is one, and what opens it nobody has."""
        told = [(paper.tracker, paper.commitment) for paper in self.sealed]
        told += [(p.number, seals.commitment(seals.new_nonce(), p.choice)) for p in self._counted]
        return sorted(told)

    @property
    def _counted(self) -> list[TypedPaper]:
        return [paper for paper in self.typed if paper.choice is not None]


def _pile(ballot: Ballot, sealed: list[Paper]) -> _Pile:
    """Return what is counted: of an elector who was handed a paper, that one alone.

    Raises KeyMissing where somebody was: without the key nobody knows which papers it replaces.
    """
    on_paper_now = on_paper.who_votes_on_paper(ballot)
    if not on_paper_now:
        return _Pile(sealed, [])
    key = keys.read(ballot)
    replaced = {seals.handle(key, member.public_id) for member in on_paper_now}
    kept = [paper for paper in sealed if paper.handle not in replaced]
    return _Pile(kept, on_paper.typed_papers(ballot))


def _publish(ballot: Ballot, pile: _Pile) -> None:
    """Store the choices in the order of their text, and the receipts in that of their codes.

    Neither order has anything to do with who voted, or when, or with the other one.
    """
    choices: list[Any] = sorted(pile.choices, key=canonical.dumps)
    db.session.execute(
        insert(CountedPaper),
        [
            {"ballot_id": ballot.id, "number": number, "choice": choice}
            for number, choice in enumerate(choices, start=1)
        ],
    )
    db.session.execute(
        insert(Receipt),
        [{"ballot_id": ballot.id, "tracker": t, "commitment": c} for t, c in pile.receipts],
    )
    ballot.origins = origins.counted(pile.sealed, pile.typed)


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
