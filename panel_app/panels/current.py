"""The panel and the member of the request being served."""

from __future__ import annotations

from flask import g, render_template

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels import devices
from panel_app.panels.models import Member, Panel
from panel_app.panels.services import NO_SEATS
from panel_app.web import access


def this_panel() -> Panel:
    """Return the panel in this request's address. Raises NotFound where there is none."""
    panel: Panel | None = g.get("panel")
    return found(panel)


def this_member() -> Member:
    """Return the member on this phone; only in views that need a member."""
    member: Member | None = g.get("member")
    return found(member)


def may_read() -> bool:
    """Whether the person asking may read what this panel decided.

    Anyone once the panel's page is public; until then its members and those who work on it.
    """
    panel, member = this_panel(), devices.member_here()
    seated = member is not None and member.panel_id == panel.id
    return panel.published or seated or access.may("observe")


def only_with_seats() -> tuple[str, int] | None:
    """Say on the pages of a blueprint that an open panel can't have what they are for.

    For `before_request` of blueprints whose pages rest on people with a seat.
    """
    panel: Panel | None = g.get("panel")
    if panel is None or not panel.is_open:
        return None
    heading = _("This panel has no seats")
    shown = {"heading": heading, "words": NO_SEATS, "panel": panel}
    return render_template("panels/desk/no_seats.html", **shown), 409
