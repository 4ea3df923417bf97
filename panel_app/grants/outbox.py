"""Messages of a panel's outbox that organisers send by hand."""

from __future__ import annotations

from sqlalchemy import func, select

from panel_app.core import audit, clock, errors
from panel_app.core.db import db, locked
from panel_app.core.messages import Message
from panel_app.core.text import _
from panel_app.panels.models import Panel


def waiting(panel: Panel) -> int:
    """Return how many messages wait to be sent."""
    query = select(func.count()).where(Message.panel_id == panel.id, Message.state == "waiting")
    return db.session.scalar(query) or 0


def mark_sent(*, message: Message, actor: str) -> None:
    """Remember that a message was sent. Raises Conflict where it was before."""
    if locked(message).state == "sent":
        raise errors.Conflict(_("This was marked as sent already."))
    message.state = "sent"
    message.sent_at = clock.now()
    db.session.flush()
    audit.record("message.sent", actor=actor, subject=f"message:{message.public_id}")
