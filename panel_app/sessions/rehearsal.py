"""Trying an evening out with made-up people, of whom nothing stays.

The session is copied onto a panel of its own with made-up members: whatever they do is theirs, and
no seat, pot or case of the real panel is in reach. The log notes that there was a rehearsal, and
nothing of what was done in it. Thrown away, the made-up panel goes with all that hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from flask import request
from sqlalchemy import select

from panel_app.core import audit, clock, ids, jobs
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, NotFound
from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.core.uproot import uproot
from panel_app.live import versions
from panel_app.panels import seats
from panel_app.panels.models import Member, Panel
from panel_app.sessions import activities, patterns, queries, services
from panel_app.sessions.models import AgendaItem, Rehearsal, Session

#: Made-up people, each with a made-up phone.
PEOPLE = 20
#: How long a rehearsal is kept that nobody throws away.
LASTS = timedelta(hours=3)
#: Seconds between two steps of the made-up people, and how likely one of them does something.
PACE, LIVELY = 4, 0.35
#: Pages of a made-up panel that staff come to, beside those of its activities.
PAGES = frozenset({"sessions_console", "evening"})


def of(session: Session) -> Rehearsal | None:
    """Return the rehearsal of a planned session, or of which a session is the made-up copy."""
    mine = (Rehearsal.session_id == session.id) | (Rehearsal.panel_id == session.panel_id)
    return db.session.scalar(select(Rehearsal).where(mine))


def copy_in(rehearsal: Rehearsal) -> Session:
    """Return the copy of the session that is tried out."""
    return queries.sessions_of(rehearsal.panel)[0]


def begin(*, session: Session, actor: str) -> Session:
    """Copy a planned session onto a made-up panel; return the copy, the same one if asked twice.

    Raises Conflict once the session began, or where it is itself a copy.
    """
    locked(session)
    if there := of(session):
        return copy_in(there)
    if session.state != "planned":
        raise Conflict(_("This session has begun already: try it out before."))
    audit.record("session.rehearsed", actor=actor, subject=session.topic)
    with audit.acting():
        made = _copied(session, actor)
    ends_at = clock.now() + LASTS
    db.session.add(Rehearsal(panel_id=made.panel_id, session_id=session.id, ends_at=ends_at))
    db.session.flush()
    return made


def throw_away(*, rehearsal: Rehearsal) -> Session:
    """Delete the made-up panel with all that hangs on it; return the session that was tried out."""
    session, topic = rehearsal.session, copy_in(rehearsal).topic
    uproot(Panel, rehearsal.panel_id)
    versions.forget(topic)
    return session


def throw_old_away() -> None:
    """Throw rehearsals away whose time is up, and let the others go on; every minute."""
    over = select(Rehearsal).where(Rehearsal.ends_at <= clock.now())
    for rehearsal in db.session.scalars(over).all():
        throw_away(rehearsal=rehearsal)
    db.session.commit()
    going_on = [copy_in(rehearsal) for rehearsal in db.session.scalars(select(Rehearsal))]
    for session in going_on:
        keep_going(session.public_id)


def keep_going(public_id: str) -> None:
    """Have the made-up people of a session take a step every few seconds, for a minute."""
    for seconds in range(0, 60, PACE):
        jobs.queue_later(seconds, step, public_id)


def step(public_id: str, random: Random | None = None) -> None:
    """Let some of the made-up people come in, or do what the open part asks of them."""
    random = random or Random()
    session = db.session.scalar(select(Session).where(Session.public_id == public_id))
    if session is None or not session.panel.is_made_up or not queries.takes_arrivals(session):
        return
    item = queries.on_screen(session)
    asked = item if item and item.state == "open" else None
    with audit.acting():
        for member in _lively(session, random):
            services.attend(session=session, member=member)
            if asked is not None:
                _do(asked, member, random)
    db.session.commit()


def unrehearsed(session: Session) -> list[tuple[AgendaItem, activities.Activity]]:
    """Return the parts that are gone through without phones: bound to things of the real panel."""
    bound = [(item, activities.of(item)) for item in session.items]
    return [(item, kind) for item, kind in bound if kind and kind.portable is None]


def enter(panel: Panel) -> None:
    """Let staff on a made-up panel only run its session, and note nothing of that in the log."""
    if not panel.is_made_up:
        return
    pages = PAGES | {name for one in offered(activities.Activity) for name in one.pages}
    if request.blueprint not in pages:
        raise NotFound(_("A rehearsal has no such page."))
    audit.unlogged.set(True)


def _do(item: AgendaItem, member: Member, random: Random) -> None:
    """Do what a part asks, unless the facilitator has just closed it."""
    activity = activities.of(item)
    if activity:
        try:
            services.must_take_answers(item)
        except Conflict:
            return
        activity.made_up(item, member, random)


def _lively(session: Session, random: Random) -> Iterator[Member]:
    query = select(Member).where(Member.panel_id == session.panel_id).order_by(Member.seat)
    return (member for member in db.session.scalars(query).all() if random.random() < LIVELY)


def _copied(session: Session, actor: str) -> Session:
    panel = _made_up_panel(session.panel)
    made = patterns.plan(
        pattern=patterns.of_session(session),
        panel=panel,
        title=session.title,
        place=session.place,
        starts_at=clock.now().replace(microsecond=0),
        actor=actor,
    )
    made.guests, made.second_language = session.guests, session.second_language
    return made


def _made_up_panel(real: Panel) -> Panel:
    """Return a panel like the real one, with made-up members in its languages."""
    panel = Panel(
        slug=f"rehearsal-{ids.code(8).lower()}",
        name=real.name,
        purpose=real.purpose,
        size=PEOPLE,
        languages=list(real.languages),
        rehearses_id=real.id,
    )
    db.session.add(panel)
    db.session.flush()
    languages = [real.languages[n % len(real.languages)] for n in range(PEOPLE)]
    for member in seats.new_members(panel=panel, languages=languages):
        member.state, member.confirmed_at = "confirmed", clock.now()
    db.session.flush()
    return panel
