"""What Flask knows of the live channel: fragments with an ETag, and the acknowledgement."""

from __future__ import annotations

import hashlib
import re
from typing import cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from panel_app.config import Settings
from panel_app.live import tickets, versions
from panel_app.live.hub import Audience, Hub
from panel_app.live.presence import Rooms
from panel_app.live.redis_relay import RedisRelay

bp = Blueprint("live", __name__)
#: Tokens and clocks differ with every rendering; they are no change that anyone sees.
_VARYING = re.compile(r'name="csrf_token" value="[^"]*"|data-now="\d+"|<!--now-->.*?<!--/now-->')


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    settings: Settings = app.extensions["settings"]
    relay = RedisRelay(settings.redis_url, settings.deployment) if settings.redis_url else None
    hub = Hub(relay)
    app.extensions["live_hub"] = hub
    app.extensions["live_rooms"] = Rooms(hub)
    app.jinja_env.globals.update(live_ticket=tickets.issue, live_version=versions.current)


def rooms() -> Rooms:
    """Return who is connected to this application."""
    found: Rooms = current_app.extensions["live_rooms"]
    return found


def fragment(html: str, *, topic: str, audience: Audience, subject: str) -> AnyResponse:
    """Answer with a region's content, or 304 where the page has it; with a ticket to go on."""
    if audience == "phone" and "X-Live-Slow" in request.headers:
        rooms().looked(topic, subject)
    response = make_response(html)
    response.set_etag(hashlib.sha256(_VARYING.sub("", html).encode()).hexdigest()[:20], weak=True)
    response.headers["X-Live-Ticket"] = tickets.issue(topic, audience, subject)
    response.headers["X-Live-Version"] = str(versions.current(topic))
    response.headers["Cache-Control"] = "no-cache, private"
    return response.make_conditional(request)


def received(url: str) -> AnyResponse:
    """Answer a form after the commit: an acknowledgement to the phone's queue, else a redirect.

    The queue is told the address too: it goes there once, where the page is to be left.
    """
    if "X-Queue" in request.headers:
        return Response("", 200, {"X-Received": "1", "X-Next": url}, mimetype="text/plain")
    return redirect(url, 303)
