"""What the facilitator does with questions while the room looks on."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from panel_app.deliberation.questions import services
from panel_app.sessions.desk.views import this_item
from panel_app.web import access
from panel_app.web.forms import done

bp = Blueprint("live_questions_desk", __name__)


@bp.post("/desk/<panel_slug>/items/<public_id>/questions/<code>/on-wall")
@access.needs("facilitate")
def put_on_wall(public_id: str, code: str) -> Response:
    """Show the result of another question on the wall."""
    item = this_item(public_id)
    services.put_on_wall(item=item, code=code)
    return done(url_for("sessions_console.console", public_id=item.session.public_id))
