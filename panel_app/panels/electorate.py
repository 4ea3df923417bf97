"""Who counts: the electorate of a vote, written down as it opens; nothing changes it silently.

Whoever leaves the panel later stays in it, and whoever joins later does not come in. A vote is
named as the audit log names it, such as `ballot:8k2…`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKey, String, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core.db import Base, db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel


class Elector(Base):
    """A member who may vote, from the moment in which the vote opened."""

    __tablename__ = "elector"
    __table_args__ = ({"sqlite_with_rowid": False},)

    vote: Mapped[str] = mapped_column(String(60), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    #: Whether they were taken out after the vote had opened, for a conflict of interest.
    taken_out: Mapped[bool] = mapped_column(default=False)


#: Made once, because every voter asks it.
_TAKEN_OUT = select(Elector.__table__.c.taken_out).where(
    Elector.__table__.c.vote == bindparam("vote"),
    Elector.__table__.c.member_id == bindparam("member"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many may vote, and how many were taken out since the vote opened."""

    electors: int
    taken_out: int


def confirmed(panel: Panel) -> Sequence[Member]:
    """Return the panel's confirmed members, by seat."""
    query = select(Member).where(Member.panel_id == panel.id, Member.state == "confirmed")
    return db.session.scalars(query.order_by(Member.seat)).all()


def seated(panel: Panel) -> Sequence[Member]:
    """Return everybody who holds a seat, by seat: who joins during the evening votes too."""
    query = select(Member).where(Member.panel_id == panel.id, HOLDS_A_SEAT)
    return db.session.scalars(query.order_by(Member.seat)).all()


def write_down(vote: str, members: Iterable[Member]) -> int:
    """Keep who may vote, in place of an earlier electorate of this vote; return how many.

    Raises Refused where nobody could vote.
    """
    rows = [{"vote": vote, "member_id": member.id, "taken_out": False} for member in members]
    if not rows:
        raise Refused(_("Nobody could vote: there is no member who may take part."))
    forget(vote)
    random.SystemRandom().shuffle(rows)
    db.session.execute(insert(Elector), rows)
    return len(rows)


def take_out(vote: str, member: Member) -> bool:
    """Count the member no longer; return whether they did count. `size` goes on saying so."""
    mine = (Elector.vote == vote) & (Elector.member_id == member.id) & ~Elector.taken_out
    out = update(Elector).where(mine).values(taken_out=True).returning(Elector.member_id)
    return db.session.scalar(out) is not None


def let_back(vote: str, member: Member) -> None:
    """Count a member again who was taken out by mistake."""
    mine = (Elector.vote == vote) & (Elector.member_id == member.id)
    db.session.execute(update(Elector).where(mine).values(taken_out=False))


def forget(vote: str) -> None:
    """Drop the electorate of a vote that will be taken anew."""
    db.session.execute(delete(Elector).where(Elector.vote == vote))


def size(vote: str) -> Size | None:
    """Return how many may vote; None where the vote never opened."""
    query = select(Elector.taken_out, func.count()).where(Elector.vote == vote)
    by_state = dict(db.session.execute(query.group_by(Elector.taken_out)).all())
    return Size(by_state.get(False, 0), by_state.get(True, 0)) if by_state else None


def includes(vote: str, member: Member) -> bool:
    """Whether the member may vote."""
    return db.session.scalar(_TAKEN_OUT, {"vote": vote, "member": member.id}) is False


def members(vote: str) -> Sequence[Member]:
    """Return those who may vote, wherever they are now, by seat."""
    query = select(Member).join(Elector, Elector.member_id == Member.id)
    query = query.where(Elector.vote == vote, ~Elector.taken_out)
    return db.session.scalars(query.order_by(Member.seat)).all()
