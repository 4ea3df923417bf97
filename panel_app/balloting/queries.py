"""Reading ballots: figures that name nobody, and what is published after closing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from panel_app.balloting import keys, origins, seals
from panel_app.balloting.models import Ballot, CountedPaper, Paper, Receipt, Turnout
from panel_app.balloting.on_paper import queries as on_paper
from panel_app.core import canonical, clock, disclosure
from panel_app.core.db import db, one
from panel_app.panels import electorate
from panel_app.panels.models import Member


def ballot_of(panel_id: int, public_id: str) -> Ballot:
    """Return a ballot of this panel. Raises NotFound for any other."""
    return one(select(Ballot).where(Ballot.panel_id == panel_id, Ballot.public_id == public_id))


def overdue(ballot: Ballot) -> bool:
    """Whether an open ballot's closing time has passed, by the server's clock."""
    due = ballot.closes_at
    return ballot.state == "open" and due is not None and clock.now() >= due


def takes_papers(ballot: Ballot) -> bool:
    """Whether a vote cast now would count."""
    return ballot.state == "open" and not overdue(ballot)


def turnout(ballot: Ballot) -> int:
    """Return how many have voted: the number of papers; 0 once fewer than five were destroyed.

    While it is open, how many at least: each paper that was handed out counts as one vote less
    until it is typed, so that nobody sees whether its owner had voted before.
    """
    counted = Paper if ballot.state == "open" else Receipt
    query = select(func.count()).select_from(counted).where(counted.ballot_id == ballot.id)
    number = db.session.scalar(query) or 0
    if ballot.state == "open" and (out := on_paper.handed_out(ballot)):
        return max(0, number - out) + on_paper.brought_back(ballot)
    return number


def turnout_told(ballot: Ballot) -> int:
    """Return the turnout as people may see it: in steps of five while votes come in."""
    number = turnout(ballot)
    return number if ballot.state == "closed" else disclosure.in_steps(number)


def too_few(ballot: Ballot) -> bool:
    """Whether the ballot closed with fewer papers than may be told of."""
    return ballot.state == "closed" and ballot.fingerprint is None


def electors(ballot: Ballot) -> int:
    """Return how many may vote, or could; 0 before it opens."""
    size = electorate.size(ballot.name)
    return size.electors if size else 0


def voters(ballot: Ballot) -> int:
    """Return how many are on the list of who voted, made at closing, or voted on paper."""
    query = select(func.count()).select_from(Turnout).where(Turnout.ballot_id == ballot.id)
    return (db.session.scalar(query) or 0) + (ballot.origins or {}).get("paper", 0)


def may_vote(ballot: Ballot, member: Member) -> bool:
    """Whether the member is in the ballot's electorate, and has no paper to vote on instead."""
    return electorate.includes(ballot.name, member) and not on_paper.votes_on_paper(ballot, member)


def has_voted(ballot: Ballot, member: Member) -> bool | None:
    """Whether the member has voted, for their own pages only; None where nobody can know.

    Of a paper nobody knows whose it is.
    """
    if on_paper.votes_on_paper(ballot, member):
        return None
    if ballot.state == "closed":
        listed = db.session.get(Turnout, (ballot.id, member.id)) is not None
        return listed if voters(ballot) else None
    try:
        return own_paper(ballot, member) is not None
    except keys.KeyMissing:
        return None


def own_paper(ballot: Ballot, member: Member) -> Paper | None:
    """Return the member's own paper while the ballot is open; afterwards nobody can find it.

    Raises KeyMissing.
    """
    if ballot.state != "open":
        return None
    handle = seals.handle(keys.read(ballot), member.public_id)
    return db.session.scalar(
        select(Paper).where(Paper.ballot_id == ballot.id, Paper.handle == handle)
    )


def receipts_of(ballot: Ballot) -> Select[Receipt]:
    """Return the query for the public list; nothing is on it until the ballot closes."""
    return select(Receipt).where(Receipt.ballot_id == ballot.id)


def receipts(ballot: Ballot) -> list[Receipt]:
    """Return the public list, in the order of its codes."""
    return list(db.session.scalars(receipts_of(ballot).order_by(Receipt.tracker)))


def counted_choices(ballot: Ballot) -> list[Any]:
    """Return the counted papers' choices, in the order of their text."""
    query = select(CountedPaper.choice).where(CountedPaper.ballot_id == ballot.id)
    return list(db.session.scalars(query.order_by(CountedPaper.number)))


def published(ballot: Ballot) -> dict[str, Any]:
    """Return all that the fingerprint covers, as JSON values."""
    return {
        "ballot": ballot.public_id,
        "question": ballot.question.texts(),
        "terms": ballot.terms,
        "papers": counted_choices(ballot),
        "receipts": [[r.tracker, r.commitment] for r in receipts(ballot)],
        # Ballots that closed before it was counted have none.
        **({"origins": origins.told(ballot.origins)} if ballot.origins else {}),
    }


def fingerprint_holds(ballot: Ballot) -> bool:
    """Whether what is stored still has the fingerprint that was made at closing, if one was."""
    if ballot.fingerprint is None:
        return turnout(ballot) == 0
    return canonical.fingerprint(published(ballot)) == ballot.fingerprint


def choice_behind(ballot: Ballot, tracker: str, nonce: str) -> Any | None:
    """Return the counted choice that this receipt seals; None where the codes open nothing."""
    receipt = db.session.get(Receipt, (ballot.id, tracker))
    if receipt is None:
        return None
    return next(
        (c for c in counted_choices(ballot) if seals.commitment(nonce, c) == receipt.commitment),
        None,
    )
