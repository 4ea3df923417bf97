"""What the facilitator does with words while the room looks on."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from panel_app.deliberation.questions import services
from panel_app.sessions.desk.views import this_item
from panel_app.staff.identity import actor
from panel_app.web import access
from panel_app.web.forms import done

bp = Blueprint("live_questions_desk", __name__)


@bp.post(
    "/desk/<panel_slug>/items/<public_id>/questions/<code>/hide-word", defaults={"shown": False}
)
@bp.post(
    "/desk/<panel_slug>/items/<public_id>/questions/<code>/show-word", defaults={"shown": True}
)
@access.needs("facilitate")
def hide_word(public_id: str, code: str, shown: bool) -> Response:
    """Take a word out of a cloud, or put it back."""
    item, word = this_item(public_id), request.form.get("word", "")
    services.hide_word(item=item, code=code, word=word, shown=shown, actor=actor())
    return done(url_for("sessions_console.console", public_id=item.session.public_id))
