"""Moderating statements, for facilitators."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.deliberation import queries, services
from panel_app.deliberation.models import StatementState
from panel_app.panels.current import this_panel
from panel_app.sessions.desk.views import this_item
from panel_app.staff.identity import actor
from panel_app.web import access

bp = Blueprint("deliberation_desk", __name__)


@bp.get("/desk/<panel_slug>/items/<public_id>/statements")
@access.needs("facilitate")
def statements(public_id: str) -> str:
    """List every statement of an item, so that a decision can be changed."""
    item = this_item(public_id)
    return render_template(
        "deliberation/desk/statements.html",
        heading=_("Statements"),
        item=item,
        statements=queries.statements_of(item),
    )


@bp.post("/desk/<panel_slug>/statements/<public_id>/accept", defaults={"state": "accepted"})
@bp.post("/desk/<panel_slug>/statements/<public_id>/reject", defaults={"state": "rejected"})
@access.needs("facilitate")
def moderate(public_id: str, state: str) -> Response:
    """Show a statement to everyone, or don't."""
    statement = found(queries.statement_of(public_id, this_panel().id))
    waiting = statement.state == "pending"
    services.moderate(statement=statement, state=cast(StatementState, state), actor=actor())
    db.session.commit()
    session = statement.item.session
    if waiting:
        return redirect(url_for("sessions_console.console", public_id=session.public_id), 303)
    return redirect(url_for(".statements", public_id=statement.item.public_id), 303)
