"""Putting messages into the outbox, and taking them out again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from panel_app.core import crypto
from panel_app.core.db import db
from panel_app.outbox import reach
from panel_app.outbox.models import Channel, Message
from panel_app.outbox.outbox import here
from panel_app.outbox.templates import Template, filled


def post(
    *,
    template: Template,
    panel_id: int,
    to: str,
    channel: Channel,
    language: str,
    values: Mapping[str, str],
    subject_ref: str,
) -> Message:
    """Put a message in the outbox within the caller's transaction; it leaves after the commit.

    `values` fill the template's places; `organisation` is filled in.
    """
    values = {"organisation": here().organisation, **values}
    words = filled(template, language, values, short=channel == "sms")
    return add(
        Message(
            panel_id=panel_id,
            purpose=template.purpose,
            channel=channel,
            language=language,
            subject_ref=subject_ref,
            secret=template.secret,
        ),
        {"to": to, "title": words.subject, "body": words.body},
    )


def add(message: Message, wording: dict[str, str]) -> Message:
    """Seal a wording (`to`, `title`, `body`) in a new message and put it in the outbox."""
    to = wording["to"] if message.channel != "letter" else ""
    message.recipient = crypto.blind_index(reach.folded(to), "recipient") if to else None
    message.by_hand = not here().sends(message.channel)  # type: ignore[arg-type]
    message.person_key = crypto.new_person_key()
    message.keep(wording)
    db.session.add(message)
    db.session.flush()
    return message


def to_hand_over(message: Message) -> bool:
    """Whether a person sends this message, because nothing else does."""
    return message.by_hand or not here().sends(message.channel)  # type: ignore[arg-type]


def forget_secret(message: Message) -> None:
    """Drop a secret message's words once it was sent: then only its recipient has them."""
    if message.secret:
        message.keep({**message.wording, "body": ""})


def take_back(subject_ref: str) -> None:
    """Drop what still waits about a subject, such as to an earlier address."""
    waiting = delete(Message).where(Message.subject_ref == subject_ref)
    db.session.execute(waiting.where(Message.state == "waiting"))


def forget(subject_ref: str) -> None:
    """Drop every message about a subject, sent or not."""
    db.session.execute(delete(Message).where(Message.subject_ref == subject_ref))
