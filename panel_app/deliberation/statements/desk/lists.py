"""The list of a round's statements on the desk."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.text import _
from panel_app.deliberation.statements.models import Statement
from panel_app.sessions.models import AgendaItem
from panel_app.web.listing import Column, Listing, State


def statements(item: AgendaItem) -> Listing[Statement]:
    """Return a round's statements, by number."""
    return Listing(
        name=f"statements-{item.public_id}",
        label=_("Statements"),
        query=select(Statement).where(Statement.item_id == item.id),
        order=[Statement.number],
        states=[
            State("pending", _("to check"), Statement.state == "pending"),
            State("accepted", _("shown"), Statement.state == "accepted"),
            State("rejected", _("rejected"), Statement.state == "rejected"),
        ],
        columns=[
            Column(
                key="number",
                label=_("No."),
                plain=lambda row: row.number,
                order=Statement.number,
                figure=True,
            ),
            Column(key="statement", label=_("Statement"), plain=lambda row: str(row.wording)),
            Column(key="state", label=_("State"), plain=lambda row: row.state),
            Column(key="decision", label=_("Decision")),
        ],
        empty=_("No statement yet."),
    )
