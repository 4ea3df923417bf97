"""The list of a panel's sessions on the desk."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.sessions.models import Session
from panel_app.web.listing import Listing, State


def sessions(panel: Panel) -> Listing[Session]:
    """Return the panel's sessions, the newest first."""
    return Listing(
        name=f"{panel.slug}-sessions",
        label=_("Sessions"),
        query=select(Session).where(Session.panel_id == panel.id),
        order=[Session.starts_at.desc(), Session.id.desc()],
        states=[
            State("planned", _("Planned"), Session.state == "planned"),
            State("open", _("Open now"), Session.state == "open"),
            State("closed", _("Over"), Session.state == "closed"),
        ],
        columns=[],
        empty=_("No session is planned yet."),
    )
