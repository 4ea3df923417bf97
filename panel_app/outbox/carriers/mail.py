"""A letter as an e-mail."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from panel_app.core import clock
from panel_app.outbox.carriers.carrier import BadAddress, Letter

#: Seven bits, so that no server on the way needs an extension for Bengali or Arabic.
_POLICY = SMTP.clone(cte_type="7bit")
#: What may stand before the @ without quotes (RFC 5322, 3.2.3).
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")


def composed(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as an e-mail from `sender`. Raises BadAddress.

    Its Message-ID is made of the letter's number: one that arrives twice shows as the same.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = str(_address(letter.to))
    mail["Subject"] = letter.title
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{letter.number}@{address_in(sender).rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    mail["Content-Language"] = letter.language
    return mail


def address_in(sender: str) -> str:
    """Return the bare address of `Name <address>`; empty where there is none."""
    return parseaddr(sender)[1]


def _address(typed: str) -> Address:
    """Return a typed address in ASCII, as every server takes it."""
    name, _, host = typed.rpartition("@")
    if not _PLAIN_NAME.fullmatch(name):
        raise BadAddress
    try:
        return Address(username=name, domain=host.encode("idna").decode())
    except (UnicodeError, ValueError, IndexError) as fault:
        raise BadAddress from fault
