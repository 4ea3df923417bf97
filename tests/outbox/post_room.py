"""A mail server on loopback that keeps what it takes, and applications that send to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from panel_app.app import create_app
from panel_app.core.db import db
from panel_app.core.feature import offer
from tests.conftest import settings_for
from tests.factories.outbox import NOTE, SECRET


@dataclass
class Office:
    """Takes mail; answers are scripted by a word in the recipient's address."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = host
        return answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        scripted = re.match(r"(?:refuse|later)(\d{3})", to)
        if scripted:
            return f"{scripted[1]} not <{to}>"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos[0]
        assert isinstance(envelope.content, bytes)
        self.taken.append((to, envelope.content))
        if to.startswith("hangup") and server.transport:
            server.transport.abort()
        return "554 spam" if to.startswith("spam") else "250 taken"

    def counted(self) -> Counter[str]:
        """Return how often each recipient's mail arrived."""
        return Counter(to for to, _ in self.taken)

    def mails(self) -> list[EmailMessage]:
        """Return what arrived."""
        return [message_from_bytes(content, policy=default) for _, content in self.taken]  # type: ignore[misc]


@contextmanager
def post_office(office: Any, port: int = 0, **options: Any) -> Iterator[int]:
    """Run a mail server inside the block; yields its port."""
    controller = Controller(office, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        number: int = held.getsockname()[1]
        return number


def sending_app(url: str, folder: Path, **settings: Any) -> Flask:
    """Return an application on a database, that sends as `settings` say."""
    made = create_app(
        replace(
            settings_for(url, folder), mail_from="Hillgrove <panel@hillgrove.example>", **settings
        )
    )
    offer(made, NOTE, SECRET)
    return made


def by_smtp(app: Flask, folder: Path, port: int) -> Flask:
    """Return another application on the same database, which sends by the server at `port`."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    return sending_app(url, folder, mail="smtp", smtp_url=f"smtp://127.0.0.1:{port}")
