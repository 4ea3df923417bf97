"""The ballot box: making, opening and closing a ballot, and casting papers into it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select

from panel_app.balloting import cleaning, closing, keys, papers, queries, seals
from panel_app.balloting.models import Ballot, Paper
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.balloting.on_paper.services import must_be_settled
from panel_app.balloting.origins import HELPERS
from panel_app.core import audit, clock, disclosure, key_files, steady, upserts
from panel_app.core.db import db, found, held_open, locked
from panel_app.core.errors import Conflict, NotAllowed, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels import electorate
from panel_app.panels.models import Member, Panel
from panel_app.panels.services import must_have_seats

#: The highest counter of a phone's first vote; each later vote may count one more.
HIGHEST_COUNTER = 1_000_000


_PAPERS = cast(Table, Paper.__table__)
_KEPT = (_PAPERS.c.counter, _PAPERS.c.choice, *_PAPERS.c["tracker", "nonce", "commitment"])
_STORED = select(*_KEPT).where(
    _PAPERS.c.ballot_id == bindparam("ballot"), _PAPERS.c.handle == bindparam("handle")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPaper:
    """What a voter gets: the receipt's code, the code that opens it, and what is made public."""

    tracker: str
    nonce: str
    commitment: str
    #: Whether an earlier paper of this person was replaced.
    replaced: bool


def create_ballot(*, panel: Panel, question: Translated, kind: str) -> Ballot:
    """Make a draft ballot of a registered kind.

    Raises NotFound for an unknown one, Conflict where nobody has a seat.
    """
    must_have_seats(panel)
    papers.named(kind)
    ballot = Ballot(panel=panel, question=question, kind=kind)
    db.session.add(ballot)
    db.session.flush()
    return ballot


def open_ballot(*, ballot: Ballot, closes_at: datetime | None, actor: str) -> Ballot:
    """Freeze the terms, write down who may vote, make the key and start taking papers.

    Raises Conflict where the ballot is open or closed already, Refused where `closes_at` has
    passed, the kind isn't ready to be voted on, or nobody could vote.
    """
    locked(ballot)
    if ballot.state != "draft":
        raise Conflict(_("This ballot has been opened already."))
    if closes_at is not None and closes_at <= clock.now():
        raise Refused(_("Choose a closing time that is still to come."), field="closes_at")
    kind = papers.of(ballot)
    ballot.terms = kind.freeze(ballot)
    electors = electorate.write_down(ballot.name, electorate.seated(ballot.panel))
    ballot.key_digest = key_files.make(ballot.public_id)
    ballot.state, ballot.opened_at, ballot.closes_at = "open", clock.now(), closes_at
    db.session.flush()
    audit.record(
        "ballot.opened",
        actor=actor,
        subject=ballot.name,
        terms=closing.terms_fingerprint(ballot),
        electors=electors,
        closes_at=closes_at.isoformat() if closes_at else None,
    )
    kind.changed(ballot)
    return ballot


def cast_paper(
    *,
    ballot: Ballot,
    member: Member,
    choice: Any,
    counter: int,
    origin: str = "phone",
    helper: str = "",
) -> CastPaper:
    """Put the member's paper into the box in place of their earlier one.

    Nothing else is written, above all nothing that names the member: what one transaction writes
    stays together in PostgreSQL's log, long after the ballot's key is gone. The same counter with
    the same choice gives the same receipt again, so a retry is safe. `origin` is on what it was
    cast, `helper` who sits beside the voter (origins.py), nobody where unknown. Raises Conflict
    where the ballot isn't open, or a paper with this counter or a higher one says something else;
    Refused where the terms forbid the choice; NotAllowed for who isn't in the electorate, or has a
    paper; KeyMissing.
    """
    _hold_open(ballot, member)
    _may_vote(ballot, member)
    choice = papers.of(ballot).check(ballot.terms, choice)
    handle = seals.handle(keys.read(ballot), member.public_id)
    before = _stored(ballot, handle)
    replaced = before is not None
    _check_counter(counter, before.counter if before else 0)
    came = {"origin": origin, "helper": helper if helper in HELPERS else ""}
    paper = _store(ballot, handle, choice, counter, came)
    if paper.choice != choice:
        raise Conflict(
            _(
                "You have voted since you opened that page, perhaps on another phone. Your later"
                " vote is stored and stays. Open the ballot again to see or change it."
            )
        )
    if not replaced and queries.turnout(ballot) % disclosure.FEWEST == 0:
        papers.of(ballot).changed(ballot)
    return CastPaper(
        tracker=paper.tracker, nonce=paper.nonce, commitment=paper.commitment, replaced=replaced
    )


def close_ballot(*, ballot: Ballot, actor: str) -> Ballot:
    """Close the ballot: count its papers, unlink them from their voters, publish the receipts.

    After the commit the key is destroyed and the files are rewritten; calling this again for a
    closed ballot finishes that where it was interrupted. Raises Conflict for a draft, and where
    papers that were typed can't be counted yet.
    """
    locked(ballot)
    if ballot.state == "draft":
        raise Conflict(_("This ballot has not been opened yet."))
    if ballot.state == "open":
        if ballot.voided_at is None:
            must_be_settled(ballot)
        voters = closing.unlink(ballot, actor=actor)
        if ballot.fingerprint:
            papers.of(ballot).count(ballot, actor)
        papers.of(ballot).changed(ballot)
        closing.write_voters(ballot, voters)
    if not ballot.cleaned:
        cleaning.after_commit(ballot)
    return ballot


def close_if_due(ballot: Ballot) -> bool:
    """Close a ballot whose time is up; return whether it was.

    One with papers out waits for somebody of the staff: they have to come back and be typed.
    """
    waits = not queries.overdue(ballot) or on_paper.handed_out(ballot) > 0
    if waits or not steady.may_end():
        return False
    close_ballot(ballot=ballot, actor="system")
    return True


def _may_vote(ballot: Ballot, member: Member) -> None:
    if member.state != "confirmed":
        raise NotAllowed(_("Only confirmed members of the panel can vote."))
    if not electorate.includes(ballot.name, member):
        raise NotAllowed(
            _("This ballot had opened before you joined the panel, so you can’t vote in it.")
        )
    if on_paper.votes_on_paper(ballot, member):
        raise NotAllowed(
            _(
                "You were handed a paper, so you vote on it alone. To vote here, give it back"
                " unused."
            )
        )


def _check_counter(counter: object, stored: int) -> None:
    """Refuse a counter that no page of ours sends; the next one after `stored` always goes."""
    if type(counter) is not int or not 0 <= counter <= max(HIGHEST_COUNTER, stored + 1):
        raise Refused(_("We could not read that. Reload the page and try again."))


def _hold_open(ballot: Ballot, member: Member) -> None:
    """Keep the ballot from closing until this paper is in; the server's clock decides."""
    if ballot.panel_id != member.panel_id:
        found(None)
    held_open(ballot)
    if ballot.state == "draft":
        raise Conflict(_("This ballot has not opened yet."))
    if ballot.state == "closed" or queries.overdue(ballot):
        raise Conflict(
            _(
                "The ballot has closed, so this vote was not counted. If you voted before, your"
                " last stored vote counts."
            )
        )


def _store(
    ballot: Ballot, handle: bytes, choice: Any, counter: int, came: dict[str, str]
) -> Row[Any]:
    """Insert the paper, or replace one with a lower counter; return the one that is stored."""
    nonce = seals.new_nonce()
    sealed = {
        "counter": counter,
        "choice": choice,
        "nonce": nonce,
        "commitment": seals.commitment(nonce, choice),
        **came,
    }
    whose = {"ballot_id": ballot.id, "handle": handle}
    fresh = {"id": uuid.uuid4(), "tracker": seals.new_tracker()}
    stored = upserts.keep_newest(Paper, whose=whose, answer=sealed, fresh=fresh)
    return stored or found(_stored(ballot, handle))


def _stored(ballot: Ballot, handle: bytes) -> Row[Any] | None:
    return db.session.execute(_STORED, {"ballot": ballot.id, "handle": handle}).one_or_none()
