"""A list of texts from the room on the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from panel_app.core.text import _
from panel_app.deliberation.written import Text
from panel_app.sessions.models import AgendaItem
from panel_app.web.listing import Column, Listing, State


def texts(
    model: type[Text],
    item: AgendaItem,
    *,
    name: str,
    label: Any,
    called: Any,
    empty: Any,
    more: tuple[State, ...] = (),
) -> Listing[Text]:
    """Return a part's texts by number, but for those taken back; `more` are states of their own."""
    return Listing(
        name=f"{name}-{item.public_id}",
        label=label,
        query=select(model).where(model.item_id == item.id, model.state != "withdrawn"),
        order=[model.number],
        states=[
            State("pending", _("to check"), model.state == "pending"),
            State("accepted", _("shown"), model.state == "accepted"),
            *more,
            State("rejected", _("rejected"), model.state == "rejected"),
        ],
        columns=[
            Column(
                key="number",
                label=_("No."),
                plain=lambda row: row.number,
                order=model.number,
                figure=True,
            ),
            Column(key="text", label=called, plain=lambda row: str(row.wording)),
            Column(key="state", label=_("State"), plain=lambda row: row.state),
            Column(key="decision", label=_("Decision")),
        ],
        empty=empty,
    )
