"""What `panel-app check` says of messages: what is promised and can't be kept."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from panel_app.core.check import Finding
from panel_app.core.db import db
from panel_app.outbox.carriers.carrier import Carrier, Unreachable
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import here


def look() -> Iterator[Finding]:
    """Look at the carrier and at what waits; nothing where all is well."""
    yield from _carrier()
    yield from _left_behind()


def _carrier() -> Iterator[Finding]:
    carrier = here().carrier
    if not carrier.carries:
        yield Finding(
            "PANEL_MAIL is page: nothing sends messages; organisers hand over each one by hand,"
            " and pages say so",
            serious=False,
        )
    elif not _answers(carrier):
        yield Finding(
            "Nothing can be sent: the mail server does not answer, refuses the password, or has no"
            " certificate that this machine trusts (or the notify library is not installed)"
        )
    if carrier.name == "notify" and "mail" not in carrier.carries:
        yield Finding("PANEL_NOTIFY_MAIL_TEMPLATE is not set: e-mails go by hand", serious=False)


def _answers(carrier: Carrier) -> bool:
    try:
        with carrier.opened():
            return True
    except Unreachable:
        return False


def _left_behind() -> Iterator[Finding]:
    """Find messages that were to leave by themselves and that nothing carries any more."""
    waiting = select(func.count()).where(
        Message.state == "waiting",
        Message.by_hand.is_(False),
        Message.channel.not_in(here().carrier.carries),
    )
    number = db.session.scalar(waiting) or 0
    if number:
        yield Finding(
            "Messages promised to leave by themselves that PANEL_MAIL doesn't carry any more:"
            f" {number}. Hand them over from the desk, or set it back"
        )
    unsure = db.session.scalar(select(func.count()).where(Message.state == "unsure")) or 0
    if unsure:
        yield Finding(f"Messages perhaps sent: {unsure}. Decide on the desk", serious=False)
