"""The list of a round's statements on the desk."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.deliberation.desk.lists import texts
from panel_app.deliberation.statements.models import Statement
from panel_app.sessions.models import AgendaItem
from panel_app.web.listing import Listing


def statements(item: AgendaItem) -> Listing[Statement]:
    """Return a round's statements, by number."""
    return texts(
        Statement,
        item,
        name="statements",
        label=_("Statements"),
        called=_("Statement"),
        empty=_("No statement yet."),
    )
