"""The photos in answers, for whoever has a page that shows them."""

from __future__ import annotations

from flask import Blueprint, Response

from panel_app.questions import photos
from panel_app.web import access

bp = Blueprint("questions", __name__)


@bp.get("/photos/<signed>")
@access.needs("anyone")
def photo(signed: str) -> Response:
    """Show a photo, by an address that a page made for its reader."""
    answer = Response(photos.shown(signed), mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = 'attachment; filename="photo.jpg"'
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
