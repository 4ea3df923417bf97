"""The panel and the member of the request being served."""

from __future__ import annotations

from flask import g

from panel_app.core.db import found
from panel_app.panels.models import Member, Panel


def this_panel() -> Panel:
    """Return the panel in this request's address. Raises NotFound where there is none."""
    panel: Panel | None = g.get("panel")
    return found(panel)


def this_member() -> Member:
    """Return the member on this phone; only in views that need a member."""
    member: Member | None = g.get("member")
    return found(member)
