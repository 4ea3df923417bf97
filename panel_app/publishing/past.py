"""Where members and staff find the records of past sessions."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy import func

from panel_app.core.db import db
from panel_app.core.text import gettext, ngettext
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.sessions.models import Session
from panel_app.sessions.queries import held


def of_member(member: Member) -> Iterator[NextStep]:
    """Lead to what came of past evenings, once there is one."""
    count = held(member.panel).order_by(None).with_only_columns(func.count())
    number = db.session.scalar(count) or 0
    if number:
        yield NextStep(
            title=gettext("Past evenings"),
            words=ngettext("The record of %(num)s.", "The records of %(num)s.", number),
            url=url_for("records_of_sessions.mine"),
            button=gettext("Read what came of them"),
        )


def record_of(session: Session) -> str:
    """Return the address of a session's record on the desk."""
    slug = session.panel.slug
    return url_for("records_of_sessions.desk", panel_slug=slug, public_id=session.public_id)
