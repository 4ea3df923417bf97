"""What sessions hold about a member, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select

from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.panels.holdings import members
from panel_app.sessions.models import Attendance, DoorPass, Session


def tell(who: Who) -> Iterator[Held]:
    """Tell to which sessions somebody came."""
    for member in members(who):
        came = select(Session, Attendance.created_at).join(
            Attendance, Attendance.session_id == Session.id
        )
        rows = db.session.execute(came.where(Attendance.member_id == member.id))
        held = [(str(row.Session.title), row.created_at.isoformat()) for row in rows]
        if held:
            yield Held(_("Came to sessions"), held)


def erase(who: Who, actor: str) -> None:
    """Forget that somebody came."""
    mine = [member.id for member in members(who)]
    for came in (Attendance, DoorPass):
        db.session.execute(delete(came).where(came.member_id.in_(mine)))


HOLDER = Holder(
    name="sessions",
    places=[
        Place(
            what="Who came to a session, by seat",
            columns=["attendance"],
            seen_by="totals only",
            goes="deleted",
        ),
        Place(
            what="A code that lets a member in at the door, as a hash, and when it was used",
            columns=["door_pass"],
            seen_by="nobody; facilitators see names and seats of those they look for at the door",
            goes="deleted",
        ),
        Place(
            what="Guests of a session: the hash of a cookie, a role and a language, no name",
            columns=["guest"],
            seen_by="totals only",
            goes="the hash a month after the session, by itself; then nobody can say whose it was",
        ),
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn(
    {
        "rehearsal": "which panel is made up, for trying out which session",
        "session": "a meeting's title, place and time",
        "record_entry": "decisions and documents that staff add to a record",
        "session_template": "an agenda to start from, as staff wrote it",
        "agenda_item": "what staff planned; the words of people in kept results are erased by the"
        " feature whose part it is",
    }
)
