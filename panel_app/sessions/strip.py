"""The way back to the session, on every page that somebody in it may have gone to meanwhile."""

from __future__ import annotations

from flask import g, request
from markupsafe import Markup

from panel_app.panels import devices
from panel_app.sessions import queries
from panel_app.sessions.models import Guest, Participant, Session
from panel_app.web.fragments import fragment

#: Pages that lead there already, or are it.
_THERE = ("panels", "sessions")


def strip() -> Markup:
    """Return the way back to the open session of whoever is on this phone; it follows it."""
    if request.path.startswith("/desk") or request.blueprint in _THERE:
        return Markup("")
    person: Participant | None = g.get("guest") or devices.member_here()
    if person is None:
        return Markup("")
    session = (
        person.session if isinstance(person, Guest) else queries.with_open_doors(person.panel_id)
    )
    if session is None or session.state != "open":
        return Markup("")
    return fragment("sessions/strip.html", member=person, **of(session))


def of(session: Session) -> dict[str, object]:
    """Return what the strip says of a session."""
    return {"session": session, "item": queries.on_screen(session)}
