"""Tickets: what lets a page open its stream without the database or a session of Flask's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from panel_app.live.hub import Audience

#: Seconds. A page that stays open longer gets a new ticket with every look.
LIFETIME = 15 * 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to hear when a topic changes; never what it holds."""

    topic: str
    audience: Audience
    #: Whose stream it is, as a public identifier.
    subject: str


def issue(topic: str, audience: Audience, subject: str) -> str:
    """Return a signed ticket for a page's stream."""
    return _serializer(current_app.config["SECRET_KEY"]).dumps([topic, audience, subject])


def read(written: str, secret_key: str) -> Ticket | None:
    """Return what a ticket allows; None where it is forged or too old."""
    try:
        topic, audience, subject = _serializer(secret_key).loads(written, max_age=LIFETIME)
    except (BadData, ValueError, TypeError):
        return None
    return Ticket(topic, cast(Audience, audience), subject)


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="live-ticket")
