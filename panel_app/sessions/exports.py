"""Minutes of sessions as open data: the agenda as it ran, how many took part, what came of it."""

from __future__ import annotations

from typing import Any

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.sessions import activities, guests
from panel_app.sessions.models import AgendaItem, Session
from panel_app.sessions.queries import came, held
from panel_app.web.exports import EVERY_PANEL, Dataset, Field, Rows

MINUTES_FIELDS = (
    Field("session", "code", "The session's public identifier"),
    Field("starts_at", "time", "When the session was to begin (UTC)"),
    Field("part", "number", "The part's place in the agenda, from 1"),
    Field("title", "text", "The part's title, in its main language"),
    Field("kind", "code", "What it asked of people; empty where it asked nothing of phones"),
    Field("planned_minutes", "number", "How long it was to take, in minutes"),
    Field("opened_at", "time", "When it was opened (UTC); empty where it was passed over"),
    Field("closed_at", "time", "When it was closed (UTC)"),
    Field("people", "number", "How many took part; empty where untold or fewer than five"),
    Field("guests", "number", "How many guests took part, whom no other figure holds"),
)


def sessions_held(panel: Panel) -> list[Session]:
    """Return the panel's sessions that are over, in their order."""
    return list(db.session.scalars(held(panel).order_by(Session.starts_at, Session.id)))


def minutes_of(session: Session) -> dict[str, Any]:
    """Return a session's minutes, texts by language; nothing that was not shown to everybody."""
    return {
        "session": session.public_id,
        "session_title": session.title.texts(),
        "place": session.place.texts(),
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "people": came(session),
        "guests": None if session.panel.is_open else disclosure.told(guests.in_the_room(session)),
        "parts": [_part(item) | {"title": item.title.texts()} for item in session.items],
    }


def minutes(panel: Panel) -> list[dict[str, Any]]:
    """Return the minutes of every session of a panel that is over."""
    return [minutes_of(session) for session in sessions_held(panel)]


def minutes_rows(panel: Panel) -> Rows:
    """Return a row of MINUTES_FIELDS for each part of those sessions."""
    return [
        {
            "session": session.public_id,
            "starts_at": session.starts_at.isoformat(),
            "title": str(item.title),
            **_part(item),
        }
        for session in sessions_held(panel)
        for item in session.items
    ]


def _part(item: AgendaItem) -> dict[str, Any]:
    published, of_guests = activities.published(item), guests.published(item)
    return {
        "part": item.position,
        "kind": item.kind,
        "planned_minutes": item.minutes,
        "opened_at": item.opened_at.isoformat() if item.opened_at else None,
        "closed_at": item.closed_at.isoformat() if item.closed_at else None,
        "people": disclosure.told(published.people) if published else None,
        "result": published.result if published else None,
        "guests": of_guests["people"] if of_guests else None,
        "guests_result": of_guests,
    }


MINUTES = Dataset(
    name="minutes",
    title=_("Minutes: what was on, when, and what came of it"),
    fields=MINUTES_FIELDS,
    more=(
        Field("session_title", "by key", "The session's title, by language"),
        Field("place", "by key", "Where it was, by language"),
        Field("ends_at", "time", "When the session was to end (UTC)"),
        Field("parts", "list", "The parts of the agenda, with the fields of the CSV file"),
        Field("parts.title", "by key", "The part's title, by language"),
        Field("parts.guests_result", "document", "What guests answered, apart from the panel"),
        Field("parts.result", "document", "What was shown, as in the data set of its kind"),
    ),
    rows=minutes_rows,
    whole=minutes,
    kinds=EVERY_PANEL,
)
