"""What "my panel" says of sessions."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.text import gettext
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.sessions.models import Session
from panel_app.web import i18n


def of_member(member: Member) -> Iterator[NextStep]:
    """Yield the sessions of the member's panel that are open or planned."""
    query = select(Session).where(Session.panel_id == member.panel_id, Session.state != "closed")
    for session in db.session.scalars(query.order_by(Session.starts_at)):
        is_open = session.state == "open"
        yield NextStep(
            title=i18n.said(session.title),
            words=i18n.said(session.place),
            url=url_for("sessions.phone", public_id=session.public_id) if is_open else None,
            button=gettext("Go to the session") if is_open else None,
            now=is_open,
            at=session.starts_at,
        )
