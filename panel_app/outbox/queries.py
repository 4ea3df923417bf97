"""Reading a panel's outbox, by what is to be done about its messages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, func, or_, select

from panel_app.core.db import db, one
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import here
from panel_app.panels.models import Panel

#: As many messages about one subject are shown.
MOST = 50


def kinds() -> Mapping[str, ColumnElement[bool]]:
    """Return what tells the kinds of messages apart; each message is of one kind."""
    waiting = Message.state == "waiting"
    nobody = or_(Message.by_hand, Message.channel.not_in(here().carrier.carries))
    return {
        "hand": and_(waiting, nobody),
        "waiting": or_(and_(waiting, ~nobody), Message.state == "sending"),
        "unsure": Message.state == "unsure",
        "failed": Message.state.in_(("failed", "returned")),
        "sent": Message.state.in_(("sent", "replaced")),
    }


def to_do(panel: Panel) -> int:
    """Return how many messages wait for a person: to hand over, or to decide about."""
    rules = kinds()
    theirs = or_(rules["hand"], rules["unsure"], rules["failed"])
    query = select(func.count()).select_from(Message).where(Message.panel_id == panel.id, theirs)
    return db.session.scalar(query) or 0


def message_of(panel: Panel, public_id: str) -> Message:
    """Return a panel's message. Raises NotFound for another panel's."""
    return one(select(Message).where(Message.public_id == public_id, Message.panel_id == panel.id))


def made_again(message: Message) -> list[Message]:
    """Return the messages that were made again from this one, oldest first."""
    query = select(Message).where(Message.again_of_id == message.id).order_by(Message.id)
    return list(db.session.scalars(query))


def about(subject_ref: str) -> list[Message]:
    """Return the newest messages about a subject, newest first."""
    query = select(Message).where(Message.subject_ref == subject_ref)
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(MOST)))


def opened_for(subject_ref: str) -> list[Message]:
    """Return the secret messages about a subject that somebody opened to hand them over."""
    query = select(Message).where(
        Message.subject_ref == subject_ref, Message.opened_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(Message.id)))


def first_of(message: Message) -> Message | None:
    """Return the message that this one was made again from."""
    return db.session.get(Message, message.again_of_id) if message.again_of_id else None
