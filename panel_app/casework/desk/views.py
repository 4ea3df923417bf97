"""What facilitators do with a case: open and close the vote, clear a mistaken declaration."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from panel_app.casework import queries, services
from panel_app.core.db import db
from panel_app.panels.current import this_panel
from panel_app.staff.identity import actor
from panel_app.web import access
from panel_app.web.views import local_address

bp = Blueprint("cases_desk", __name__)


@bp.post("/desk/<panel_slug>/cases/<case_id>/voting/open")
@access.needs("facilitate")
def open_voting(case_id: str) -> Response:
    """Let members vote on the decision."""
    services.open_voting(case=queries.case_of(this_panel().id, case_id), actor=actor())
    db.session.commit()
    return _back()


@bp.post("/desk/<panel_slug>/cases/<case_id>/voting/close")
@access.needs("facilitate")
def close_voting(case_id: str) -> Response:
    """Take no more votes."""
    services.close_voting(case=queries.case_of(this_panel().id, case_id), actor=actor())
    db.session.commit()
    return _back()


@bp.post("/desk/<panel_slug>/cases/<case_id>/connections/<member_id>/clear")
@access.needs("organise")
def clear_connection(case_id: str, member_id: str) -> Response:
    """Let a member declare anew after a mistake."""
    panel = this_panel()
    services.clear_conflict(
        case=queries.case_of(panel.id, case_id),
        member=queries.member_in_seat(panel, member_id),
        actor=actor(),
    )
    db.session.commit()
    return _back()


def _back() -> Response:
    """Go back to the page that the button stood on."""
    home = url_for("panels_desk.show")
    return redirect(local_address(request.form.get("next") or home), 303)
