"""Counting changes: a view bumps a topic, and after the commit phones are told its new number."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from panel_app.core import upserts
from panel_app.core.db import db
from panel_app.live.hub import FIGURES, Hub
from panel_app.live.models import TopicVersion

_PENDING = "live_topics"


def bump(topic: str) -> None:
    """Count a change of `topic` in this transaction; subscribers hear of it after the commit."""
    counted = (
        upserts.insert(TopicVersion)
        .values(topic=topic, number=1)
        .on_conflict_do_update(index_elements=["topic"], set_={"number": TopicVersion.number + 1})
        .returning(TopicVersion.number)
    )
    _pending()[topic] = db.session.scalars(counted).one()


def hint_figures(topic: str) -> None:
    """Have wall and console look again after the commit; phones see nothing of figures.

    Nothing is written, so that people who answer at once never wait for each other.
    """
    _pending().setdefault(topic, FIGURES)


def forget(topic: str) -> None:
    """Count the changes of `topic` no longer: what it was about is gone."""
    db.session.execute(delete(TopicVersion).where(TopicVersion.topic == topic))
    _pending()[topic] = FIGURES


def current(topic: str) -> int:
    """Return the topic's number; 0 where nothing happened yet."""
    query = select(TopicVersion.number).where(TopicVersion.topic == topic)
    return db.session.scalar(query) or 0


def _pending() -> dict[str, int]:
    pending: dict[str, int] = db.session().info.setdefault(_PENDING, {})
    return pending


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    pending: dict[str, int] = session.info.pop(_PENDING, {})
    if pending and has_app_context():
        hub: Hub = current_app.extensions["live_hub"]
        for topic, number in pending.items():
            hub.publish(topic, number)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_PENDING, None)
