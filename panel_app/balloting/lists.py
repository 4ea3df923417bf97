"""The list that anyone may read: the receipts of a closed ballot."""

from __future__ import annotations

from panel_app.balloting import queries
from panel_app.balloting.models import Ballot, Receipt
from panel_app.core import ids
from panel_app.core.text import _
from panel_app.web.listing import Column, Listing


def receipts(ballot: Ballot) -> Listing[Receipt]:
    """Return the receipts in the order of their codes, which is nobody's order."""
    return Listing(
        name=f"receipts-{ballot.public_id}",
        label=_("All receipts"),
        query=queries.receipts_of(ballot),
        order=[Receipt.tracker],
        columns=[
            Column(
                key="receipt",
                label=_("Your receipt code"),
                plain=lambda row: ids.spell(row.tracker),
            )
        ],
    )
