"""Themes of what tables wrote: proposed by a job once the part closed."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core import clock, jobs
from panel_app.core.db import db, locked, reading
from panel_app.deliberation.statements import themes
from panel_app.deliberation.statements.groups import FORGOTTEN_WITHIN, QUEUED_FOR
from panel_app.live import versions
from panel_app.sessions.models import AgendaItem


def propose(public_id: str) -> None:
    """Sort what tables wrote into themes; for the job process. The database is free meanwhile."""
    with reading():
        item = _unsorted(public_id)
        if item is None:
            return
        closed_at, wordings, topic = item.closed_at, themes.wordings_of(item), str(item.title)
        db.session.rollback()
    kept = themes.proposed(wordings, topic=topic)
    item = _unsorted(public_id)
    if item is None or locked(item).closed_at != closed_at:
        return
    item.snapshot = {**(item.snapshot or {}), **kept}
    db.session.flush()
    versions.bump(item.session.topic)
    db.session.commit()


def catch_up() -> None:
    """Queue the parts that the queue forgot, of the last two days; every minute."""
    closed = AgendaItem.closed_at.between(clock.now() - FORGOTTEN_WITHIN, clock.now() - QUEUED_FOR)
    query = select(AgendaItem).where(AgendaItem.kind == "tables", closed)
    with reading():
        missing = [item.public_id for item in db.session.scalars(query) if _waits(item)]
        db.session.rollback()
    for public_id in missing:
        jobs.queue(propose, public_id)


def _unsorted(public_id: str) -> AgendaItem | None:
    query = select(AgendaItem).where(AgendaItem.public_id == public_id)
    item = db.session.scalar(query.where(AgendaItem.state == "closed"))
    return item if item is not None and _waits(item) else None


def _waits(item: AgendaItem) -> bool:
    return item.snapshot is not None and themes.THEMES not in item.snapshot
