"""The ballot box: making, opening and closing a ballot, and casting papers into it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from panel_app.balloting import cleaning, closing, keys, papers, queries, seals
from panel_app.balloting.models import Ballot, Paper, Turnout
from panel_app.core import audit, clock
from panel_app.core.db import db, dialect_name, found, locked
from panel_app.core.errors import Conflict, NotAllowed, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Member, Panel

HIGHEST_COUNTER = 1_000_000
#: Screens hear of new votes in steps, so that two looks never single a person out.
TURNOUT_STEP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPaper:
    """What a voter gets: the receipt's code, the code that opens it, and what is made public."""

    tracker: str
    nonce: str
    commitment: str
    #: Whether an earlier paper of this person was replaced.
    replaced: bool


def create_ballot(*, panel: Panel, question: Translated, kind: str) -> Ballot:
    """Make a draft ballot of a registered kind. Raises NotFound for an unknown one."""
    papers.named(kind)
    ballot = Ballot(panel=panel, question=question, kind=kind)
    db.session.add(ballot)
    db.session.flush()
    return ballot


def open_ballot(*, ballot: Ballot, closes_at: datetime | None, actor: str) -> Ballot:
    """Freeze the terms, make the key and start taking papers.

    Raises Conflict where the ballot is open or closed already, Refused where `closes_at` has
    passed or the kind isn't ready to be voted on.
    """
    locked(ballot)
    if ballot.state != "draft":
        raise Conflict(_("This ballot has been opened already."))
    if closes_at is not None and closes_at <= clock.now():
        raise Refused(_("Choose a closing time that is still to come."), field="closes_at")
    kind = papers.of(ballot)
    ballot.terms = kind.freeze(ballot)
    ballot.key_digest = keys.make(ballot.public_id)
    ballot.state, ballot.opened_at, ballot.closes_at = "open", clock.now(), closes_at
    db.session.flush()
    audit.record(
        "ballot.opened",
        actor=actor,
        subject=f"ballot:{ballot.public_id}",
        terms=closing.terms_fingerprint(ballot),
        closes_at=closes_at.isoformat() if closes_at else None,
    )
    kind.changed(ballot)
    return ballot


def cast_paper(*, ballot: Ballot, member: Member, choice: Any, counter: int) -> CastPaper:
    """Put the member's paper into the box in place of their earlier one.

    The same counter with the same choice gives the same receipt again, so a retry is safe.
    Raises Conflict where the ballot isn't open, or a paper with this counter or a higher one
    says something else; Refused where the terms forbid the choice; KeyMissing.
    """
    _may_vote(ballot, member)
    _hold_open(ballot)
    choice = papers.of(ballot).check(ballot.terms, choice)
    if type(counter) is not int or not 0 <= counter <= HIGHEST_COUNTER:
        raise Refused(_("We could not read that. Reload the page and try again."))
    handle = seals.handle(keys.read(ballot), member.public_id)
    replaced = _stored(ballot, handle) is not None
    paper = _upsert(ballot, handle, choice, counter)
    if paper.choice != choice:
        raise Conflict(
            _(
                "You have voted since you opened that page, perhaps on another phone. Your later"
                " vote is stored and stays. Open the ballot again to see or change it."
            )
        )
    _count_in(ballot, member)
    return CastPaper(
        tracker=paper.tracker, nonce=paper.nonce, commitment=paper.commitment, replaced=replaced
    )


def close_ballot(*, ballot: Ballot, actor: str) -> Ballot:
    """Close the ballot: count its papers, unlink them from their voters, publish the receipts.

    After the commit the key is destroyed and the files are rewritten; calling this again for a
    closed ballot finishes that where it was interrupted. Raises Conflict for a draft.
    """
    locked(ballot)
    if ballot.state == "draft":
        raise Conflict(_("This ballot has not been opened yet."))
    if ballot.state == "open":
        closing.unlink(ballot, actor=actor)
        papers.of(ballot).count(ballot, actor)
        papers.of(ballot).changed(ballot)
    if not ballot.cleaned:
        cleaning.after_commit(ballot)
    return ballot


def close_if_due(ballot: Ballot) -> bool:
    """Close a ballot whose time is up; return whether it was."""
    if not queries.overdue(ballot):
        return False
    close_ballot(ballot=ballot, actor="system")
    return True


def _may_vote(ballot: Ballot, member: Member) -> None:
    if ballot.panel_id != member.panel_id:
        found(None)
    if member.state != "confirmed":
        raise NotAllowed(_("Only confirmed members of the panel can vote."))


def _hold_open(ballot: Ballot) -> None:
    """Keep the ballot from closing until this paper is in; the server's clock decides."""
    db.session.refresh(ballot, with_for_update={"read": True})
    if ballot.state == "draft":
        raise Conflict(_("This ballot has not opened yet."))
    if ballot.state == "closed" or queries.overdue(ballot):
        raise Conflict(
            _(
                "The ballot has closed, so this vote was not counted. If you voted before, your"
                " last stored vote counts."
            )
        )


def _stored(ballot: Ballot, handle: bytes) -> Paper | None:
    query = select(Paper).where(Paper.ballot_id == ballot.id, Paper.handle == handle)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _upsert(ballot: Ballot, handle: bytes, choice: Any, counter: int) -> Paper:
    """Insert the paper, or replace one with a lower counter; return the one that is stored."""
    nonce = seals.new_nonce()
    insert = _insert(
        Paper,
        id=uuid.uuid4(),
        ballot_id=ballot.id,
        handle=handle,
        choice=choice,
        nonce=nonce,
        commitment=seals.commitment(nonce, choice),
        tracker=seals.new_tracker(),
        counter=counter,
    )
    changes = {name: insert.excluded[name] for name in ("choice", "nonce", "commitment", "counter")}
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["ballot_id", "handle"],
            set_=changes,
            where=Paper.counter < insert.excluded.counter,
        )
    )
    return found(_stored(ballot, handle))


def _count_in(ballot: Ballot, member: Member) -> None:
    """Remember that the member has voted, in the transaction that stores the paper."""
    insert = _insert(Turnout, ballot_id=ballot.id, member_id=member.id)
    new = db.session.scalar(insert.on_conflict_do_nothing().returning(Turnout.member_id))
    if new is not None and queries.turnout(ballot) % TURNOUT_STEP == 0:
        papers.of(ballot).changed(ballot)


def _insert(table: type[Paper] | type[Turnout], **values: Any) -> Any:
    """Return the insert of this database that can say what to do on a conflict."""
    insert = sqlite.insert if dialect_name() == "sqlite" else postgresql.insert
    return insert(table).values(**values)
