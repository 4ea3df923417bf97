"""Guests: whoever takes part in a session without a seat, where the facilitator allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import current_app, g, request
from limits import parse
from sqlalchemy import func, select, update
from werkzeug.wrappers import Response

from panel_app.core import audit, clock, disclosure, ids
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.live import versions
from panel_app.panels import devices
from panel_app.panels.models import Member, PanelKind
from panel_app.sessions import activities, queries
from panel_app.sessions.models import AgendaItem, Guest, GuestRole, Participant, Session
from panel_app.web import limits

Thing = TypeVar("Thing")

#: How long a guest's phone can come back to an evening that is over, and its cookie lives.
REMEMBERED = timedelta(days=30)
#: Guests that come into one session: more are a machine.
A_ROOM = parse("600 per 10 minutes")
ROLES: dict[GuestRole, Any] = {
    "resident": _("A resident"),
    "officer": _("I work for the council"),
    "councillor": _("A councillor"),
    "partner": _("From a partner organisation"),
}


def allow(*, session: Session, allowed: bool, actor: str) -> None:
    """Let guests take part in a session, or no longer."""
    if locked(session).guests == allowed:
        return
    session.guests = allowed
    db.session.flush()
    action = "session.guests_allowed" if allowed else "session.guests_ended"
    audit.record(action, actor=actor, subject=session.topic)
    versions.bump(session.topic)


def come(*, session: Session, role: GuestRole, language: str) -> str:
    """Let a phone take part as a guest; return its cookie's token.

    Raises Conflict where the session takes no guests, TooManyTries past what fills a hall.
    """
    if not takes_guests(session):
        raise Conflict(_("Guests can’t take part in this session just now."))
    crowded = _("Very many guests come in just now. Try again in ten minutes.")
    limits.take(A_ROOM, "guests", session.public_id, message=crowded)
    token = ids.token()
    guest = Guest(
        session_id=session.id, token_digest=ids.digest(token), role=role, language=language
    )
    db.session.add(guest)
    db.session.flush()
    versions.hint_figures(session.topic)
    return token


def takes_guests(session: Session) -> bool:
    """Whether somebody without a letter can come in now."""
    return session.guests and queries.takes_arrivals(session)


def on_this_phone() -> Guest | None:
    """Return the guest on this phone, of a session that allows them."""
    token = request.cookies.get(current_app.config["GUEST_COOKIE_NAME"])
    if not token:
        return None
    query = select(Guest).join(Guest.session).where(Guest.token_digest == ids.digest(token))
    return db.session.scalar(query.where(Session.guests))


def kind_here() -> PanelKind | None:
    """Return the kind of panel that this phone takes part in, with a seat or as a guest."""
    member = devices.member_here()
    guest = None if member else on_this_phone()
    panel = member.panel if member else guest.session.panel if guest else None
    return panel.kind if panel else None  # type: ignore[return-value]


def keep(response: Response, token: str) -> Response:
    """Put the token into the phone's cookie."""
    response.set_cookie(
        current_app.config["GUEST_COOKIE_NAME"],
        token,
        max_age=round(REMEMBERED.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def leave(response: Response) -> Response:
    """Take the token out of the phone's cookie."""
    response.delete_cookie(
        current_app.config["GUEST_COOKIE_NAME"],
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def taking_part(
    find: Callable[[int], Thing | None], session_of: Callable[[Thing], Session]
) -> tuple[Thing, Participant]:
    """Return what `find` finds on the panel of whoever is on this phone, and as whom they take
    part in its session: with their seat where they have one. Raises NotFound where as nobody."""
    for person in filter(None, (g.get("member"), g.get("guest"))):
        thing = find(person.panel_id)
        if thing is not None and _is_in(session_of(thing), person):
            g.guest = person if isinstance(person, Guest) else None
            return thing, person
    return found(None)


def of(session: Session) -> list[Guest]:
    """Return everybody who came in as a guest, in the order of their coming."""
    query = select(Guest).where(Guest.session_id == session.id).order_by(Guest.id)
    return list(db.session.scalars(query))


def in_the_room(session: Session) -> int:
    """Return how many guests came in."""
    query = select(func.count()).where(Guest.session_id == session.id)
    return db.session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Apart:
    """How many answered a part, as they may be told; None where fewer than five did."""

    panel: int | None
    guests: int | None


def apart(item: AgendaItem | None) -> Apart | None:
    """Return of how many people a shown result is, where guests answered too."""
    part = part_for(item)
    if item is None or part is None or not item.guest_snapshot or not item.revealed:
        return None
    people, told = item.guest_snapshot["people"], activities.published(item)
    panel = disclosure.told(told.people) if told else None
    return Apart(panel, disclosure.told(people)) if people else None


def published(item: AgendaItem) -> dict[str, Any] | None:
    """Return what open data tells of the guests' answers to a part, apart from the panel's."""
    counted = apart(item) if activities.in_record(item) else None
    if counted is None or item.guest_snapshot is None:
        return None
    told: dict[str, Any] = {
        name: counted.guests for name in ("people", "answers") if name in item.guest_snapshot
    }
    return {**item.guest_snapshot, **told}


def shown(item: AgendaItem | None) -> Any:
    """Return the guests' results as a fragment, once those of the part are shown."""
    part = part_for(item)
    return part.shown(item) if item and part and apart(item) else None


def answering(item: AgendaItem | None) -> int | None:
    """Return how many guests have answered the part; None where it asks nothing of them."""
    part = part_for(item)
    return part.people(item) if item and part and item.session.guests else None


def counts(item: AgendaItem, person: Participant) -> bool:
    """Whether somebody's answers make the figures of a part: guests' do where nobody has a seat."""
    return isinstance(person, Member) or item.session.panel.is_open


def part_for(item: AgendaItem | None) -> activities.GuestPart | None:
    """Return what a part of the agenda asks of guests whose answers stand apart."""
    activity = activities.of(item) if item and not item.session.panel.is_open else None
    return activity.guests if activity else None


def screens(item: AgendaItem) -> Sequence[activities.Screen]:
    """Return the guests' results for the wall, to follow the panel's once these are shown."""
    part, kept = part_for(item), item.guest_snapshot
    return part.screens(item) if part and kept and kept["people"] else []


def forget_old_phones() -> None:
    """Forget which phone a guest was, some time after the session; every night."""
    over = select(Session.id).where(Session.ends_at < clock.now() - REMEMBERED)
    known = Guest.token_digest.is_not(None) & Guest.session_id.in_(over)
    db.session.execute(update(Guest).where(known).values(token_digest=None))
    db.session.commit()


def _is_in(session: Session, person: Participant) -> bool:
    if isinstance(person, Member):
        return person.panel_id == session.panel_id
    return person.session_id == session.id
