"""Mail through a server that takes it: SMTP with TLS, spoken step by step.

The steps matter. Until the server was given the whole text, a refusal or a broken line means that
nothing was sent; once it was, only its answer tells (RFC 5321, 4.2.5 and 4.5.3.2.6).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from panel_app.outbox.carriers.carrier import Letter, Never, NotNow, Send, Unreachable, Unsure
from panel_app.outbox.carriers.mail import address_in, composed
from panel_app.outbox.models import Channel

#: Seconds that the server may take for each answer.
PATIENCE = 60
TAKEN, GO_AHEAD, REFUSED = 250, 354, 500
PORTS = {"smtp": 587, "smtps": 465}

_START_OF_LINE_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server, and who we are there."""

    host: str
    port: int
    #: TLS from the first byte; otherwise it is started, and only this machine may do without.
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: str
    name = "smtp"

    @classmethod
    def at(cls, url: str, sender: str) -> Smtp:
        """Read `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465` (TLS)."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
        )

    @property
    def carries(self) -> frozenset[Channel]:
        """What it can send."""
        return frozenset({"mail"})

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """Connect, encrypt and sign in. Raises Unreachable."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as fault:
            raise Unreachable from fault
        try:
            yield partial(self._send, server)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
            server.ehlo()
            if server.has_extn("starttls") or not _on_this_machine(self.host):
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        server.ehlo()
        return server

    def _send(self, server: smtplib.SMTP, letter: Letter) -> None:
        mail = composed(letter, self.sender)
        content = mail.as_bytes()
        try:
            self._envelope(server, address_in(str(mail["To"])))
        except (OSError, smtplib.SMTPException) as fault:
            raise NotNow from fault
        try:
            server.send(_START_OF_LINE_DOT.sub(b"..", content) + b".\r\n")
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            raise Unsure from fault
        _expect(server, answer, TAKEN)

    def _envelope(self, server: smtplib.SMTP, to: str) -> None:
        """Name sender and recipient. Raises NotSent where the server refuses."""
        status, _ = server.docmd("MAIL", f"FROM:<{address_in(self.sender)}>")
        if status != TAKEN:
            # What is wrong with the sender is no fault of this letter's: it waits.
            raise NotNow(status)
        _expect(server, server.docmd("RCPT", f"TO:<{to}>"), TAKEN)
        _expect(server, server.docmd("DATA"), GO_AHEAD)


def _expect(server: smtplib.SMTP, answer: tuple[int, Any], code: int) -> None:
    """Raise NotNow or Never where the server answers otherwise; ready it for the next letter."""
    status = answer[0]
    if status == code:
        return
    with suppress(OSError, smtplib.SMTPException):
        server.rset()
    raise Never(status) if status >= REFUSED else NotNow(status)


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
