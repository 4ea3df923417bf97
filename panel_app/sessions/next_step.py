"""What "my panel" and letters say of sessions."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.text import gettext
from panel_app.panels.models import Member, Panel
from panel_app.panels.next_steps import Arrival, Meeting, NextStep
from panel_app.sessions import queries, services
from panel_app.sessions.models import Session
from panel_app.web import i18n

#: As many past evenings as a member's page leads to.
MOST_PAST = 10


def of_member(member: Member) -> Iterator[NextStep]:
    """Yield the sessions of the member's panel that are open or planned, then what is over."""
    query = select(Session).where(Session.panel_id == member.panel_id, Session.state != "closed")
    for session in db.session.scalars(query.order_by(Session.starts_at)):
        is_open = session.state == "open"
        yield NextStep(
            title=i18n.said(session.title),
            words=i18n.said(session.place),
            url=url_for("sessions.here", public_id=session.public_id) if is_open else None,
            button=gettext("Go to the session") if is_open else None,
            now=is_open,
            noted=True,
            at=session.starts_at,
        )
    yield from _past(member)


def _past(member: Member) -> Iterator[NextStep]:
    """Yield the newest evenings that are over, to read what came of them."""
    query = queries.held(member.panel).order_by(Session.starts_at.desc()).limit(MOST_PAST)
    for session in db.session.scalars(query):
        yield NextStep(
            title=i18n.said(session.title),
            words=i18n.moment(session.starts_at),
            url=url_for("sessions.phone", public_id=session.public_id),
            button=gettext("Read what came of it"),
        )


def arrival(member: Member) -> Arrival | None:
    """Return the session of the member's panel whose doors are open, if any."""
    session = queries.with_open_doors(member.panel_id)
    if session is None:
        return None
    return Arrival(
        url=url_for("sessions.phone", public_id=session.public_id),
        is_noted=queries.is_here(session, member),
        note=lambda: services.attend(session=session, member=member),
    )


def next_of(panel: Panel) -> Meeting | None:
    """Return when and where the panel's next planned session is."""
    planned = (
        Session.panel_id == panel.id,
        Session.state == "planned",
        Session.starts_at > clock.now(),
    )
    query = select(Session).where(*planned).order_by(Session.starts_at).limit(1)
    session = db.session.scalar(query)
    return Meeting(session.starts_at, session.place) if session else None
