"""What tables hold about a member, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select

from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.deliberation.tables import notes
from panel_app.deliberation.tables.models import TableNote, TablePlan, TableSeat
from panel_app.panels.holdings import members
from panel_app.sessions.models import AgendaItem


def tell(who: Who) -> Iterator[Held]:
    """Tell where a member sat, how often they spoke, and what they wrote for tables."""
    mine = [member.id for member in members(who)]
    query = select(TableSeat, AgendaItem.title).select_from(TableSeat)
    query = query.join(TablePlan, TablePlan.id == TableSeat.plan_id)
    query = query.join(AgendaItem, AgendaItem.id == TablePlan.item_id)
    rows = db.session.execute(query.where(TableSeat.member_id.in_(mine)))
    sat = [(str(row.title), f"{s.round}: {s.number} ({s.turns})") for row in rows for s in row[:1]]
    if sat:
        yield Held(_("Where they sat: round, table, and how often they spoke"), sat)
    written = db.session.scalars(select(TableNote).where(TableNote.author_id.in_(mine)))
    said = [(str(note.number), str(note.wording)) for note in written]
    if said:
        yield Held(_("What they wrote for tables"), said)


def erase(who: Who, actor: str) -> None:
    """Forget where a member sat, and erase what they wrote."""
    for member in members(who):
        notes.erase_member(member=member, actor=actor)
        db.session.execute(delete(TableSeat).where(TableSeat.member_id == member.id))


HOLDER = Holder(
    name="tables",
    places=[
        Place(
            what="Who sat where in which round, and how often they spoke, by seat",
            columns=["table_seat"],
            seen_by="the table itself; by seat number those who run the session, and the room",
            goes="deleted",
        ),
        Place(
            what="What tables wrote, and who wrote it, by seat",
            columns=["table_note"],
            seen_by="the table; everybody once the round is over; never by whom",
            goes="a dash in every place; the author is emptied",
        ),
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn(
    {
        "table_plan": "how many rounds a part has, and how good its plan is",
        "hall_table": "a table's number and code",
    }
)
