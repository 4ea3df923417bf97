"""The door: letting a member in whose letter is at home, and who came, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, select, update

from panel_app.core import audit, clock, ids
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.panels import devices
from panel_app.panels import services as panels
from panel_app.panels.models import Member
from panel_app.recruitment.letters import named
from panel_app.sessions import queries, services
from panel_app.sessions.models import Attendance, DoorPass, Session

#: How long a code on the laptop lets somebody in, and how many people a search finds.
ON_THE_LAPTOP = timedelta(minutes=10)
MOST_FOUND = 10
#: Who comes so long after the start is late.
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """Somebody found at the door, by name, and whether they came."""

    member: Member
    name: str
    state: Literal["arrived", "late", "absent"]
    came_at: datetime | None


def find(session: Session, words: str) -> list[AtTheDoor]:
    """Return those who hold a seat and whose seat or name was typed, by seat; a few at most."""
    return [_at_the_door(session, *one) for one in named(session.panel, words, MOST_FOUND)]


def let_in(*, session: Session, member: Member, printed: bool = False, actor: str) -> str:
    """Make a code that lets the member in once, on whatever phone; return its token.

    On the laptop it holds for some minutes, `printed` until the session is to end. It takes the
    place of the member's code before. Raises Conflict where nobody comes in now, or the seat was
    given up.
    """
    if not queries.takes_arrivals(session):
        raise Conflict(_("Nobody can be let in just now: the session is not open."))
    if locked(member).state not in {"invited", "confirmed"}:
        raise Conflict(_("This seat was given up. Ask the organiser if you changed your mind."))
    token, now = ids.token(), clock.now()
    db.session.execute(delete(DoorPass).where(DoorPass.member_id == member.id))
    until = max(session.ends_at, now + ON_THE_LAPTOP) if printed else now + ON_THE_LAPTOP
    db.session.add(
        DoorPass(
            session_id=session.id,
            member_id=member.id,
            token_digest=ids.digest(token),
            expires_at=until,
        )
    )
    db.session.flush()
    _note("door.pass_made", session, member, actor)
    return token


def with_token(token: str) -> DoorPass | None:
    """Return the pass that a code is for, where it still lets somebody in."""
    return db.session.scalar(select(DoorPass).where(*_lets_in(token)))


def come_in(*, token: str, language: str) -> tuple[str, Session]:
    """Take the seat to this phone and note that the member came; the code is used up by it.

    Return the cookie's token and the session. Raises NotFound where the code lets nobody in, be
    it that another phone was faster.
    """
    used = update(DoorPass).where(*_lets_in(token)).values(used_at=clock.now())
    one = found(db.session.scalar(used.returning(DoorPass.id)))
    door = db.session.get_one(DoorPass, one)
    panels.confirm_seat(member=door.member, language=language)
    cookie = devices.take_seat(door.member)
    services.attend(session=door.session, member=door.member)
    _note("door.pass_used", door.session, door.member, f"member:{door.member.public_id}")
    return cookie, door.session


def note_arrival(*, session: Session, member: Member, actor: str) -> None:
    """Note that somebody came who has no phone."""
    services.attend(session=session, member=member)
    _note("door.arrived", session, member, actor)


def _lets_in(token: str) -> tuple[ColumnElement[bool], ...]:
    unused = DoorPass.used_at.is_(None), DoorPass.expires_at > clock.now()
    return (DoorPass.token_digest == ids.digest(token), *unused)


def _at_the_door(session: Session, member: Member, name: str) -> AtTheDoor:
    query = select(Attendance.created_at).where(
        Attendance.session_id == session.id, Attendance.member_id == member.id
    )
    came_at = db.session.scalar(query)
    if came_at is None:
        return AtTheDoor(member, name, "absent", None)
    late = came_at > session.starts_at + LATE
    return AtTheDoor(member, name, "late" if late else "arrived", came_at)


def _note(action: str, session: Session, member: Member, actor: str) -> None:
    subject = f"member:{member.public_id}"
    audit.record(action, actor=actor, subject=subject, session=session.public_id, seat=member.seat)
