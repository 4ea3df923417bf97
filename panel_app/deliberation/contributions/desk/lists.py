"""The list of what was written in a part, on the desk."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.text import _
from panel_app.deliberation.contributions.models import Contribution
from panel_app.sessions.models import AgendaItem
from panel_app.web.listing import Column, Listing, State


def contributions(item: AgendaItem) -> Listing[Contribution]:
    """Return what was written in a part, by number."""
    shown = Contribution.state == "accepted"
    return Listing(
        name=f"contributions-{item.public_id}",
        label=_("Everything that was written"),
        query=select(Contribution).where(
            Contribution.item_id == item.id, Contribution.state != "withdrawn"
        ),
        order=[Contribution.number],
        states=[
            State("pending", _("to check"), Contribution.state == "pending"),
            State("accepted", _("shown"), shown),
            State("shortlisted", _("on the shortlist"), shown & Contribution.shortlisted),
            State("answered", _("taken up"), shown & Contribution.answered_at.is_not(None)),
            State("joined", _("joined"), Contribution.state == "joined"),
            State("rejected", _("rejected"), Contribution.state == "rejected"),
        ],
        columns=[
            Column(
                key="number",
                label=_("No."),
                plain=lambda row: row.number,
                order=Contribution.number,
                figure=True,
            ),
            Column(key="text", label=_("Question or idea"), plain=lambda row: str(row.wording)),
            Column(key="state", label=_("State"), plain=lambda row: row.state),
            Column(key="decision", label=_("Decision")),
        ],
        empty=_("Nobody has written anything yet."),
    )
