"""The sessions on the desk of a panel."""

from __future__ import annotations

from typing import Any

from panel_app.core.text import _, gettext, ngettext
from panel_app.panels.desk.cards import DeskCard
from panel_app.panels.models import Panel
from panel_app.sessions import queries


def summary(panel: Panel) -> Any:
    """Say how many sessions there are and whether one is open."""
    sessions = queries.sessions_of(panel)
    if any(session.state == "open" for session in sessions):
        return gettext("A session is open now.")
    if not sessions:
        return gettext("No session is planned yet.")
    return ngettext("%(num)s session.", "%(num)s sessions.", len(sessions))


CARD = DeskCard(
    title=_("Sessions"),
    endpoint="sessions_desk.sessions",
    permission="observe",
    position=40,
    summary=summary,
)
