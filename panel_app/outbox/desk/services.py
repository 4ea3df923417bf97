"""What people do about messages: hand over, mark, make again, note what came back."""

from __future__ import annotations

from panel_app.core import audit, clock, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.outbox.models import Fault, Message
from panel_app.outbox.outbox import template_for
from panel_app.outbox.services import add, forget_secret, to_hand_over


def send_again(*, message: Message, actor: str) -> Message:
    """Make a message again as a new one, which keeps a note of the first.

    What failed, or was perhaps sent, counts as replaced from then on. Raises Conflict where it
    still waits or was made again already, or where what it opened is over.
    """
    if locked(message).state in {"waiting", "sending", "replaced"}:
        raise errors.Conflict(_("This message still waits, or it was made again already."))
    made = _renewed(message) if message.secret else _copy(message)
    made.again_of_id = message.id
    if message.state in {"unsure", "failed"}:
        message.state = "replaced"
    db.session.flush()
    _record("message.made_again", message, actor, new=made.public_id)
    return made


def mark_sent(*, message: Message, actor: str) -> None:
    """Remember that a person handed a message over, or knows that it arrived.

    Raises Conflict where it was sent before, or is being sent just now.
    """
    if locked(message).state not in {"waiting", "unsure", "failed"}:
        raise errors.Conflict(_("This was marked as sent already, or it is being sent now."))
    message.state, message.fault = "sent", None
    message.sent_at, message.sent_by = clock.now(), actor
    forget_secret(message)
    db.session.flush()
    _record("message.sent", message, actor, by="hand")


def put_back(*, message: Message, actor: str) -> None:
    """Undo `mark_sent` for a message that is still to be handed over.

    Raises Conflict for one that the outbox sent, and for a secret one: its words are gone.
    """
    if locked(message).state != "sent" or message.sent_by is None or message.secret:
        raise errors.Conflict(_("This can’t be put back: send it again instead."))
    message.state, message.by_hand = "waiting", True
    message.sent_at = message.sent_by = None
    db.session.flush()
    _record("message.put_back", message, actor)


def note_returned(*, message: Message, why: Fault, actor: str) -> None:
    """Remember that a message came back (`bounced`) or reached somebody else (`wrong`).

    Raises Conflict for one that was never sent.
    """
    if locked(message).state not in {"sent", "unsure"}:
        raise errors.Conflict(_("Only what was sent can come back."))
    message.state, message.fault = "returned", why
    db.session.flush()
    _record("message.returned", message, actor, why=why)


def open_secret(*, message: Message, actor: str) -> dict[str, str]:
    """Return a secret message's words, so that a person can hand it over, and record who looked.

    Raises Conflict where it isn't for a person to hand over: then nobody reads it.
    """
    if locked(message).state != "waiting" or not to_hand_over(message):
        raise errors.Conflict(_("Nobody but the person it is for can read this message."))
    message.opened_at, message.opened_by = clock.now(), actor
    db.session.flush()
    _record("message.opened", message, actor)
    return message.wording


def _renewed(message: Message) -> Message:
    template = template_for(message.purpose)
    if template is None or template.renew is None:
        raise errors.Conflict(_("This message can’t be made again here."))
    return template.renew(message)


def _copy(message: Message) -> Message:
    made = Message(
        panel_id=message.panel_id,
        purpose=message.purpose,
        channel=message.channel,
        language=message.language,
        subject_ref=message.subject_ref,
        secret=False,
    )
    return add(made, message.wording)


def _record(action: str, message: Message, actor: str, **details: str) -> None:
    audit.record(action, actor=actor, subject=f"message:{message.public_id}", **details)
