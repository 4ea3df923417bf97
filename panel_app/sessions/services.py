"""A session and its agenda: planning it, running it, noting who is here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, delete, func, select

from panel_app.core import audit, clock, upserts
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.live import versions
from panel_app.panels.models import Member, Panel
from panel_app.sessions import activities, queries
from panel_app.sessions.models import AgendaItem, Attendance, DoorPass, Guest, Participant, Session

#: As many parts as an agenda may have: an evening's, and a page that a laptop shows at once.
MOST_ITEMS = 50
#: More screens than any part has.
MOST_SCREENS = 999
#: Longest that one press of "more time" may add, in minutes.
MOST_MINUTES = 120

_ITEMS = AgendaItem.__table__
#: An item's state as it is now, held against whoever would close it; many may hold it at once.
_STATE = select(_ITEMS.c.state).where(_ITEMS.c.id == bindparam("id")).with_for_update(read=True)


def create_session(
    *,
    panel: Panel,
    title: Translated,
    place: Translated,
    starts_at: datetime,
    ends_at: datetime,
    second_language: str | None = None,
    actor: str,
) -> Session:
    """Plan a session, with guests where nobody has a seat.

    Raises Refused where it would end before it starts.
    """
    _check_times(starts_at, ends_at)
    session = Session(
        panel_id=panel.id,
        title=title,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        second_language=second_language,
        guests=panel.is_open,
    )
    db.session.add(session)
    db.session.flush()
    _record("planned", session, actor, starts_at=starts_at.isoformat())
    return session


def edit_session(
    *,
    session: Session,
    title: Translated,
    place: Translated,
    starts_at: datetime,
    ends_at: datetime,
    second_language: str | None,
    actor: str,
) -> None:
    """Change what a session is called, where and when it is."""
    _check_times(starts_at, ends_at)
    session.title, session.place = title, place
    session.starts_at, session.ends_at = starts_at, ends_at
    session.second_language = second_language
    db.session.flush()
    _record("edited", session, actor, starts_at=starts_at.isoformat())


def add_item(
    *,
    session: Session,
    title: Translated,
    minutes: int,
    kind: str | None,
    settings: dict[str, Any],
    actor: str,
) -> AgendaItem:
    """Put a part at the end of the agenda.

    Raises NotFound for a kind that isn't registered, Refused where the agenda is full, Conflict
    for what rests on people with a seat where nobody has one.
    """
    locked(session)
    if len(session.items) >= MOST_ITEMS:
        raise Refused(
            _("An agenda has at most %(most)s parts. Plan another session.", most=MOST_ITEMS)
        )
    activity = activities.named(kind) if kind else None
    activities.must_suit(session.panel, activity)
    last = select(func.max(AgendaItem.position)).where(AgendaItem.session_id == session.id)
    item = AgendaItem(
        session=session,
        position=(db.session.scalar(last) or 0) + 1,
        title=title,
        minutes=minutes,
        kind=kind,
        settings=settings,
    )
    db.session.add(item)
    db.session.flush()
    if activity:
        activity.added(item)
    _record("item_added", item.session, actor, item=item.public_id)
    return item


def edit_item(
    *, item: AgendaItem, title: Translated, minutes: int, settings: dict[str, Any], actor: str
) -> None:
    """Change a part; what it asks stays as it is once people were asked."""
    locked(item)
    item.title, item.minutes = title, minutes
    if item.opened_at is None:
        item.settings = settings
        db.session.flush()
        activity = activities.of(item)
        if activity:
            activity.added(item)
    _record("item_edited", item.session, actor, item=item.public_id)


def move_item(*, item: AgendaItem, towards: Literal["earlier", "later"], actor: str) -> None:
    """Swap a part with the one before or after it; at the end of the list nothing happens.

    Raises Conflict where a part would come before one that was on already: it would be passed over.
    """
    locked(item.session)
    items = list(item.session.items)
    place = items.index(item)
    other = place - 1 if towards == "earlier" else place + 1
    if not 0 <= other < len(items):
        return
    first, second = sorted((item, items[other]), key=lambda one: one.position)
    if not may_swap(first, second):
        raise Conflict(_("A part can’t be moved before one that was on already."))
    _swap(item, items[other])
    db.session.expire(item.session, ["items"])
    _record("item_moved", item.session, actor, item=item.public_id)


def may_swap(one: AgendaItem, after: AgendaItem) -> bool:
    """Whether the part `after` may come before `one`."""
    return one.opened_at is None or after.opened_at is not None


def remove_item(*, item: AgendaItem, actor: str) -> None:
    """Take a part off the agenda. Raises Conflict once people were asked."""
    locked(item)
    if item.opened_at is not None:
        raise Conflict(_("This part was opened already; it stays on the agenda."))
    _record("item_removed", item.session, actor, item=item.public_id)
    activity = activities.of(item)
    if activity:
        activity.removed(item)
    db.session.delete(item)
    db.session.flush()
    db.session.expire(item.session, ["items"])


def remove_session(*, session: Session, actor: str) -> None:
    """Delete a session that never began, with its agenda. Raises Conflict once it began."""
    locked(session)
    if session.state != "planned" or any(item.opened_at for item in session.items):
        raise Conflict(_("This session has begun already; it stays in the record."))
    if queries.is_tried_out(session):
        raise Conflict(_("Somebody tries this session out. Throw the rehearsal away first."))
    for item in list(session.items):
        remove_item(item=item, actor=actor)
    for came in (Attendance, Guest, DoorPass):
        db.session.execute(delete(came).where(came.session_id == session.id))
    _record("removed", session, actor)
    db.session.delete(session)
    db.session.flush()


def open_session(*, session: Session, actor: str) -> None:
    """Begin the session, or take it up again after closing."""
    locked(session)
    if session.state == "open":
        raise Conflict(_("The session is open already."))
    session.state = "open"
    _record("opened", session, actor)


def close_session(*, session: Session, actor: str) -> None:
    """End the session; an item that is still open closes first."""
    locked(session)
    _must_be_open(session)
    _close_open_item(session, actor)
    session.state = "closed"
    _record("closed", session, actor)


def open_item(*, item: AgendaItem, actor: str) -> None:
    """Begin an item, or take it up again; the one that was open closes, so that one is open.

    Raises Conflict where it is open, or closed for good (activities.opens_again).
    """
    locked(item.session)
    _must_be_open(item.session)
    locked(item)
    if item.state == "open":
        raise Conflict(_("This part is open already."))
    if item.opened_at and not activities.opens_again(item):
        raise Conflict(_("This part is closed for good."))
    _close_open_item(item.session, actor)
    now = clock.now()
    item.state, item.revealed, item.snapshot, item.closed_at = "open", False, None, None
    item.guest_snapshot = None
    item.shown_again_at, item.wall_page = None, 0
    item.session.inviting = False
    item.opened_at = item.opened_at or now
    item.ends_at = now + timedelta(minutes=item.minutes)
    _turn(item, "opened", actor)
    _record("item_opened", item.session, actor, item=item.public_id)


def close_item(*, item: AgendaItem, actor: str) -> None:
    """End an item: no more answers, and its results are kept as they stand."""
    locked(item)
    if item.state != "open":
        raise Conflict(_("This part is not open."))
    item.state, item.closed_at, item.wall_page = "closed", clock.now(), 0
    _turn(item, "closed", actor)
    activity = activities.of(item)
    item.snapshot = activity.snapshot(item) if activity else None
    apart = activity.guests if activity and not item.session.panel.is_open else None
    item.guest_snapshot = apart.snapshot(item) if apart else None
    _record("item_closed", item.session, actor, item=item.public_id)


def reveal(*, item: AgendaItem, actor: str, shown: bool = True) -> None:
    """Show a closed item's results on wall and phones, or hide them again.

    Only after closing: two looks at figures that still move would tell what one person answered.
    """
    locked(item)
    if item.state != "closed":
        raise Conflict(_("Close the round first, then show its results."))
    item.revealed = shown
    if shown:
        item.shown_at = item.shown_at or clock.now()
    _record("item_revealed" if shown else "item_hidden", item.session, actor, item=item.public_id)


def show_again(*, item: AgendaItem, actor: str) -> None:
    """Put a closed part's results back on wall and phones.

    Raises Conflict where it isn't closed, or while another part is open.
    """
    locked(item.session)
    _must_be_open(item.session)
    if any(other.state == "open" for other in item.session.items):
        raise Conflict(_("Close the part that is open first."))
    reveal(item=item, actor=actor)
    item.shown_again_at = clock.now()
    db.session.flush()


def turn_wall(*, item: AgendaItem, page: int) -> None:
    """Have the wall show another screen of a part, from 0; who asks for one twice turns once."""
    if not 0 <= page <= MOST_SCREENS:
        raise Refused(_("The wall has no such screen."))
    item.wall_page = page
    db.session.flush()
    versions.hint_figures(item.session.topic)


def invite(*, session: Session, shown: bool) -> None:
    """Have the wall show how to get in large, or small again."""
    session.inviting = shown
    db.session.flush()
    versions.hint_figures(session.topic)


def look(*, item: AgendaItem, actor: str) -> None:
    """Let staff see a closed item's results before the room does; it can't be opened again then."""
    locked(item)
    if item.state != "closed":
        raise Conflict(_("Close the round first, then show its results."))
    item.shown_at = item.shown_at or clock.now()
    _record("item_looked_at", item.session, actor, item=item.public_id)


def extend(*, item: AgendaItem, minutes: int, actor: str) -> None:
    """Give an open item more time, counted from its end, or from now where that has passed."""
    locked(item)
    if item.state != "open":
        raise Conflict(_("This part is not open."))
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(_("Add 1 to 120 minutes."), field="minutes")
    item.ends_at = max(item.ends_at or clock.now(), clock.now()) + timedelta(minutes=minutes)
    _record("item_extended", item.session, actor, item=item.public_id, minutes=minutes)


def attend(*, session: Session, member: Member) -> None:
    """Note that a member is here; once, however often they say so."""
    if not queries.takes_arrivals(session):
        return
    present = {"session_id": session.id, "member_id": member.id}
    if upserts.write_once(Attendance, present):
        versions.hint_figures(session.topic)


def must_take_answers(item: AgendaItem) -> None:
    """Hold an item's state as it is now against a facilitator who closes it at this moment.

    Raises Conflict where the item isn't open.
    """
    if db.session.scalar(_STATE, {"id": item.id}) != "open":
        raise Conflict(_("This round has closed. What you sent before counts."))


def answered(item: AgendaItem, person: Participant) -> None:
    """Note that a member who answered is here, and have wall and console look at the figures."""
    if isinstance(person, Member):
        attend(session=item.session, member=person)
    versions.hint_figures(item.session.topic)


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("It has to end after it starts."), field="ends_at")


def _close_open_item(session: Session, actor: str) -> None:
    """Close the item that is open; somebody else may be closing it at this moment."""
    for item in session.items:
        if item.state == "open" and locked(item).state == "open":
            close_item(item=item, actor=actor)


def _must_be_open(session: Session) -> None:
    if session.state != "open":
        raise Conflict(_("Start the session first."))


def _turn(item: AgendaItem, name: Literal["opened", "closed"], actor: str) -> None:
    activity = activities.of(item)
    if activity:
        getattr(activity, name)(item, actor=actor)


def _record(action: str, session: Session, actor: str, **details: Any) -> None:
    """Note it in the log, and have wall and phones follow."""
    db.session.flush()
    audit.record(
        f"session.{action}", actor=actor, subject=f"session:{session.public_id}", **details
    )
    versions.bump(session.topic)


def _swap(one: AgendaItem, other: AgendaItem) -> None:
    """Exchange two positions, over a free one: each is unique within the session."""
    first, second = one.position, other.position
    one.position = -first
    db.session.flush()
    other.position = first
    db.session.flush()
    one.position = second
    db.session.flush()
