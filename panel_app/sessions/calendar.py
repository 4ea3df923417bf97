"""A meeting as a calendar file (RFC 5545): one event, in lines that every calendar reads."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response

from panel_app.core import clock
from panel_app.sessions.models import Session
from panel_app.web.exports import attachment
from panel_app.web.i18n import wording

#: The longest line in octets, without its end (RFC 5545, 3.1).
LONGEST_LINE = 75


def event_file(session: Session, *, url: str) -> str:
    """Return the calendar file of one session, in the reader's language."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Panel App//Sessions//EN",
        "BEGIN:VEVENT",
        f"UID:{session.public_id}@{url.partition('://')[2].partition('/')[0]}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(session.starts_at)}",
        f"DTEND:{_moment(session.ends_at)}",
        f"SUMMARY:{_text(wording(session.title).text)}",
        f"LOCATION:{_text(wording(session.place).text)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{folded(line)}\r\n" for line in lines)


def download(session: Session, *, url: str) -> Response:
    """Answer with a session's calendar file."""
    return attachment(f"{session.public_id}.ics", event_file(session, url=url), "text/calendar")


def folded(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never inside a letter (RFC 5545, 3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        more = len(letter.encode())
        if size + more > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + more
    return "\r\n".join([*pieces, piece])


def _text(value: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
