"""What the pages of a session show: now, next, the clock, and who is here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from panel_app.core import clock, disclosure, ids
from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.core.text import gettext
from panel_app.live.presence import Presence
from panel_app.live.views import rooms
from panel_app.panels.models import Member, Panel
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem, Attendance, Guest, Rehearsal, Session
from panel_app.staff.models import User
from panel_app.web import qr

#: What ends by itself later than this has no clock: it says when.
LONGEST_CLOCK = timedelta(hours=3)
#: How long before its start a session lets people in, and after it where nobody has begun it.
DOORS_OPEN = timedelta(hours=3)
#: As many other facilitators as a console names.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Clock:
    """When an item's time is up; the phone counts down from the server's time."""

    #: Milliseconds since 1970: the end, and the server's present.
    ends: int
    now: int
    #: What is left, for pages without JavaScript: `2:40`.
    left: str


@dataclass(frozen=True, slots=True)
class People:
    """How many belong to the panel, said that they are here, and have a phone connected."""

    expected: int
    here: int
    phones: Presence


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the wall shows to get in: the address as a QR code and in words."""

    picture: Markup
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class RecordOf:
    """Where staff find the record of a session that is over."""

    address: Callable[[Session], str]


def record_address(session: Session) -> str | None:
    """Return where the record of a session is; None while the session isn't over."""
    if session.state != "closed":
        return None
    return next((each.address(session) for each in offered(RecordOf)), None)


def sessions_of(panel: Panel) -> list[Session]:
    """Return the panel's sessions, the newest first."""
    query = select(Session).where(Session.panel_id == panel.id)
    return list(db.session.scalars(query.order_by(Session.starts_at.desc(), Session.id.desc())))


def held(panel: Panel) -> Select[Session]:
    """Return the query for a panel's sessions that are over, without order."""
    return select(Session).where(Session.panel_id == panel.id, Session.state == "closed")


def came(session: Session) -> int | None:
    """Return how many came, where that may be told; guests only where nobody has a seat."""
    return disclosure.told(_here(session))


def session_called(public_id: str, panel_id: int) -> Session | None:
    """Return one session of a panel."""
    query = select(Session).where(Session.public_id == public_id, Session.panel_id == panel_id)
    return db.session.scalar(query)


def session_with_code(code: str) -> Session | None:
    """Return the session whose wall shows a code."""
    return db.session.scalar(select(Session).where(Session.code == ids.normalise_code(code)[:8]))


def item_called(public_id: str, panel_id: int) -> AgendaItem | None:
    """Return one agenda item of a panel's sessions."""
    query = select(AgendaItem).join(Session)
    query = query.where(AgendaItem.public_id == public_id, Session.panel_id == panel_id)
    return db.session.scalar(query)


def on_screen(session: Session) -> AgendaItem | None:
    """Return the item that wall and phones show: the open one, else the one closed last.

    One that was shown again since counts as if it had closed then.
    """
    if session.state != "open":
        return None
    for item in session.items:
        if item.state == "open":
            return item
    return _closed_last(session.items)


def before(session: Session) -> AgendaItem | None:
    """Return the part that was closed last, other than the one on screen, to go back to."""
    shown = on_screen(session)
    return _closed_last([item for item in session.items if item is not shown])


def coming(session: Session) -> AgendaItem | None:
    """Return the first part after the one on screen that has not been opened yet, or any such."""
    shown = on_screen(session)
    start = shown.position if shown else 0
    waiting = [item for item in session.items if item.state == "waiting"]
    return next((item for item in waiting if item.position > start), next(iter(waiting), None))


def clock_of(item: AgendaItem | None) -> Clock | None:
    """Return the item's clock while it is open; none where it ends by itself at another time."""
    if item is None or item.state != "open" or item.ends_at is None:
        return None
    activity, now = activities.of(item), clock.now()
    ends = (activity.ends(item) if activity else None) or item.ends_at
    if ends - now > LONGEST_CLOCK:
        return None
    left = max(0, round((ends - now).total_seconds()))
    return Clock(_milliseconds(ends), _milliseconds(now), f"{left // 60}:{left % 60:02}")


def people_of(session: Session) -> People:
    """Count who is expected, here and connected."""
    here, made_up = _here(session), session.panel.is_made_up
    return People(
        expected=expected(session),
        here=here,
        phones=Presence(live=here, slow=0) if made_up else rooms().of(session.topic),
    )


def others_here(session: Session, public_id: str) -> list[str]:
    """Return the names of the other staff who have the session's console open."""
    others = rooms().consoles(session.topic) - {public_id}
    if not others:
        return []
    query = select(User.name).where(User.public_id.in_(others)).order_by(User.name)
    return list(db.session.scalars(query.limit(MOST_NAMES)))


def expected(session: Session) -> int:
    """Return how many members have confirmed their seat, or came and left the panel since.

    Where nobody has a seat: how many came.
    """
    if session.panel.is_open:
        return _here(session)
    came = select(Attendance.member_id).where(Attendance.session_id == session.id)
    query = select(func.count()).where(
        Member.panel_id == session.panel_id,
        (Member.state == "confirmed") | Member.id.in_(came),
    )
    return db.session.scalar(query) or 0


def takes_arrivals(session: Session) -> bool:
    """Whether people come in: while it is open, and for some hours before it starts."""
    if session.state == "planned":
        return abs(session.starts_at - clock.now()) <= DOORS_OPEN
    return session.state == "open"


def with_open_doors(panel_id: int) -> Session | None:
    """Return the panel's session that people come in to, with its parts: an open one, or the next.

    Every page of a member asks this: one query.
    """
    query = select(Session).where(Session.panel_id == panel_id, Session.state != "closed")
    parts = query.options(joinedload(Session.items)).order_by(Session.starts_at)
    near = db.session.scalars(parts).unique().all()
    coming = [session for session in near if takes_arrivals(session)]
    return min(coming, key=lambda session: session.state != "open", default=None)


def is_tried_out(session: Session) -> bool:
    """Whether a rehearsal of it is going on."""
    query = select(Rehearsal.id).where(Rehearsal.session_id == session.id)
    return db.session.scalar(query) is not None


def is_here(session: Session, member: Member) -> bool:
    """Whether the member said so, or answered something."""
    query = select(Attendance.id).where(
        Attendance.session_id == session.id, Attendance.member_id == member.id
    )
    return db.session.scalar(query) is not None


def invitation(session: Session) -> Invitation:
    """Return the way in, for the wall."""
    address = f"{current_app.config['PUBLIC_URL']}/s/"
    return Invitation(
        picture=_picture(address + session.code, gettext("QR code: join this session")),
        address=address.partition("://")[2],
        code=ids.spell(session.code),
    )


def _here(session: Session) -> int:
    of = Guest if session.panel.is_open else Attendance
    return db.session.scalar(select(func.count()).where(of.session_id == session.id)) or 0


def _closed_last(items: list[AgendaItem]) -> AgendaItem | None:
    closed = [
        (item.shown_again_at or item.closed_at, item.position, item)
        for item in items
        if item.closed_at
    ]
    return max(closed)[2] if closed else None


@lru_cache(maxsize=64)
def _picture(address: str, label: str) -> Markup:
    return qr.svg(address, label)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
