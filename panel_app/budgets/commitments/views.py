"""The public page on what residents and partners took on."""

from __future__ import annotations

from flask import Blueprint, render_template

from panel_app.budgets.commitments import queries
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import may_read, this_panel
from panel_app.web import access

bp = Blueprint("commitments", __name__)


@bp.get("/p/<panel_slug>/commitments")
@access.needs("anyone")
def all_of() -> str:
    """Show project by project what was taken on, and how it stands."""
    panel = found(this_panel() if may_read() else None)
    return render_template(
        "commitments/all.html",
        heading=_("What residents and partners took on"),
        panel=panel,
        projects=queries.followed(panel),
    )
