"""The staff's start page and a person's own account."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff.desk import accounts
from panel_app.staff.identity import permissions, this_user
from panel_app.web import access

bp = Blueprint("staff", __name__)
bp.register_blueprint(accounts.bp)


@bp.get("/desk/")
@access.needs("staff")
def desk() -> str:
    """List the panels of the person signed in."""
    panels = db.session.scalars(select(Panel).order_by(Panel.id)).all()
    mine = [panel for panel in panels if "observe" in permissions(panel)]
    return render_template("staff/desk.html", heading=_("Your panels"), panels=mine)


@bp.get("/desk/account")
@access.needs("staff")
def account() -> str:
    """Offer a password change and the second step."""
    return render_template("staff/account.html", heading=_("Your account"), user=this_user())
