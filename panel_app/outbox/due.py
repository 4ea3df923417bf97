"""What happens by itself: messages leave each minute, reminders are written each hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from panel_app.core import logs
from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.outbox.sending import send_due


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that people are reminded of."""

    name: str
    #: Posts what is due now, without a commit; returns how many. What was reminded of is its
    #: own to know.
    post: Callable[[], int]


def send() -> None:
    """Send what is due."""
    send_due()


def remind() -> None:
    """Post every reminder that is due; one kind that fails keeps no other from going."""
    for reminder in offered(Reminder):
        try:
            posted = reminder.post()
            db.session.commit()
        except Exception as fault:
            db.session.rollback()
            logs.event("outbox.reminding_failed", reminder=reminder.name, **logs.place(fault))
        else:
            logs.event("outbox.reminded", reminder=reminder.name, posted=posted)
