"""The photos and documents in answers, for whoever has a page that shows them."""

from __future__ import annotations

from flask import Blueprint, Response

from panel_app.core import documents
from panel_app.questions import photos
from panel_app.web import access

bp = Blueprint("questions", __name__)


@bp.get("/photos/<signed>")
@access.needs("anyone")
def photo(signed: str) -> Response:
    """Show a photo, by an address that a page made for its reader."""
    return _file("photo", signed)


@bp.get("/documents/<signed>")
@access.needs("anyone")
def document(signed: str) -> Response:
    """Hand out a document, by an address that a page made for its reader."""
    return _file("document", signed)


def _file(name: str, signed: str) -> Response:
    content, media = photos.shown(signed)
    answer = Response(content, mimetype=media)
    ending = documents.ENDINGS.get(media, "jpg")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
