"""What the ballot box holds about a member: that the seat voted, never what."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from panel_app.balloting.models import Ballot, Turnout
from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.panels.holdings import members


def tell(who: Who) -> Iterator[Held]:
    """Tell in which closed ballots somebody voted."""
    mine = [member.id for member in members(who)]
    voted = select(Ballot.question).join(Turnout, Turnout.ballot_id == Ballot.id)
    rows = [
        (_("Voted"), str(q)) for q in db.session.scalars(voted.where(Turnout.member_id.in_(mine)))
    ]
    if rows:
        yield Held(_("Secret ballots"), rows)


def erase(who: Who, actor: str) -> None:
    """Leave the counted turnout: the seat it names has nobody in it any more."""


HOLDER = Holder(
    name="ballots",
    places=[
        Place(
            what="Secret papers while a ballot is open, under a key outside the database",
            columns=["paper"],
            seen_by="nobody",
            goes="destroyed at closing; until then nobody can tell whose is whose",
        ),
        Place(
            what="That someone was handed a paper ballot, by seat, not whether they voted",
            columns=["paper_voter"],
            seen_by="staff who hand papers out",
            goes="stays, of a seat without a name",
        ),
        Place(
            what="What two people of the staff read on each paper, by the paper’s number",
            columns=["typed_paper"],
            seen_by="the one who typed it, and both where they differ",
            goes="destroyed at closing; nothing tells whose paper it was",
        ),
        Place(
            what="That someone voted, by seat; made at closing, from five papers on",
            columns=["turnout"],
            seen_by="totals only",
            goes="stays, of a seat without a name",
        ),
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn(
    {
        "ballot": "a question, its terms, times and fingerprint; a void one's reason is staff's",
        "counted_paper": "choices in the order of their text; nothing says whose",
        "printed_paper": "numbers of paper ballots, nobody's",
        "paper_batch": "where papers lay, how many, and which accounts of the staff typed them",
        "receipt": "trackers that only their voters know",
    }
)
