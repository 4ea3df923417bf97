"""Sending what waits, each message at most once, however the process ends.

A message is claimed and the claim committed before the other side hears of it; what became of it
is committed after. A claim that no outcome followed was perhaps sent: it is listed for a person to
decide and never tried again by itself. Only what was certainly not taken is tried again, later
each time.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import Select, select, text, update

from panel_app.core import audit, clock, logs
from panel_app.core.db import db, dialect_name
from panel_app.outbox.carriers.carrier import (
    BadAddress,
    Letter,
    Never,
    NotNow,
    NotSent,
    Send,
    Unreachable,
    Unsure,
)
from panel_app.outbox.models import Fault, Message
from panel_app.outbox.outbox import here
from panel_app.outbox.services import forget_secret

#: Seconds after which a run leaves the rest to the next minute's.
RUN = 45
#: Longer than any carrier may take over one message, with all its waiting for answers.
CLAIM_LASTS = timedelta(minutes=15)
#: One message is tried again after 1, 2, 4, … minutes, at most this many, and so often.
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 12
A_DAY = timedelta(hours=24)
_LOCK = 5_012_002


def send_due() -> int:
    """Send what is due, for at most 45 seconds; return how many messages were taken.

    Commits by itself. Several may run at once.
    """
    _doubt_old_claims()
    due = db.session.scalar(_due()) if here().carrier.carries else None
    db.session.rollback()
    if due is None:
        return 0
    try:
        with here().carrier.opened() as send:
            return _send_all(send)
    except Unreachable as fault:
        logs.event("outbox.unreachable", cause=type(fault.__cause__).__name__)
        _note_unreachable()
        return 0


def _note_unreachable() -> None:
    """Say on what waits why it does; nothing was tried, so nothing counts as a try."""
    waiting = update(Message).where(Message.state == "waiting", Message.by_hand.is_(False))
    db.session.execute(waiting.values(fault="unreachable"))
    db.session.commit()


def _send_all(send: Send) -> int:
    taken, until = 0, time.monotonic() + RUN
    while time.monotonic() < until:
        letter = _claim()
        if letter is None:
            break
        outcome = _outcome(send, letter)
        _settle(letter, outcome)
        taken += outcome is None
        if isinstance(outcome, NotNow) and outcome.answer is None:
            break  # The line broke: the others would only fail on it.
    logs.event("outbox.sent", taken=taken)
    return taken


def _outcome(send: Send, letter: Letter) -> NotSent | Unsure | None:
    """Send a claimed letter; return what became of it, None where it was taken."""
    try:
        send(letter)
    except (NotSent, Unsure) as outcome:
        return outcome
    except Exception as fault:
        # Whatever went wrong, the letter may be on its way.
        logs.event("outbox.unsure", message=letter.number, **logs.place(fault))
        return Unsure()
    return None


def _due() -> Select[Message]:
    return (
        select(Message)
        .where(
            Message.state == "waiting",
            Message.by_hand.is_(False),
            Message.channel.in_(here().carrier.carries),
            Message.due_at <= clock.now(),
        )
        .order_by(Message.due_at, Message.id)
        .limit(1)
    )


def _claim() -> Letter | None:
    """Take the next due message and commit that it is taken; None where nothing is due."""
    while True:
        _one_claim_at_a_time()
        message = db.session.scalar(_due())
        if message is None:
            db.session.rollback()
            return None
        free_at = _free_at(message)
        if free_at is None:
            message.state, message.claimed_at = "sending", clock.now()
            message.tries += 1
            letter = _opened(message)
            db.session.commit()
            return letter
        message.due_at, message.fault = free_at, "limit"
        db.session.commit()


def _one_claim_at_a_time() -> None:
    """Let no other run claim until the commit; SQLite's writers queue already."""
    if dialect_name() == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _free_at(message: Message) -> datetime | None:
    """Return when its recipient may be sent another message; None for at once."""
    recent = (
        select(Message.claimed_at)
        .where(
            Message.recipient == message.recipient,
            Message.claimed_at > clock.now() - A_DAY,
            Message.state.not_in(("waiting", "failed")),
        )
        .order_by(Message.claimed_at.desc())
        .limit(here().a_day)
    )
    moments = [moment for moment in db.session.scalars(recent) if moment]
    return moments[-1] + A_DAY if len(moments) >= here().a_day else None


def _opened(message: Message) -> Letter:
    wording = message.wording
    return Letter(
        number=message.public_id,
        channel=message.channel,  # type: ignore[arg-type]
        to=wording["to"],
        title=wording["title"],
        body=wording["body"],
        language=message.language,
    )


def _settle(letter: Letter, outcome: NotSent | Unsure | None) -> None:
    """Commit what became of a letter, unless a person has decided about it meanwhile."""
    claimed = select(Message).where(Message.public_id == letter.number).with_for_update()
    message = db.session.scalar(claimed)
    if message is not None and message.state in {"sending", "unsure"}:
        if outcome is None:
            _sent(message)
        elif isinstance(outcome, Unsure):
            _unsure(message)
        else:
            _not_sent(message, outcome)
    db.session.commit()


def _sent(message: Message) -> None:
    message.state, message.sent_at, message.fault = "sent", clock.now(), None
    forget_secret(message)
    _record("message.sent", message, by=here().carrier.name)


def _unsure(message: Message) -> None:
    message.state = "unsure"
    _record("message.perhaps_sent", message)


def _not_sent(message: Message, refusal: NotSent) -> None:
    """Put a message back for later, each time later; give it up where that won't help."""
    message.answer = refusal.answer
    if isinstance(refusal, Never) or message.tries >= MOST_TRIES:
        message.state, message.fault = "failed", _why(refusal)
        _record("message.failed", message, why=message.fault)
        return
    message.state, message.fault, message.claimed_at = "waiting", "not_now", None
    message.due_at = clock.now() + min(timedelta(minutes=2 ** (message.tries - 1)), LONGEST_WAIT)


def _why(refusal: NotSent) -> Fault:
    if isinstance(refusal, BadAddress):
        return "address"
    return "refused" if isinstance(refusal, Never) else "given_up"


def _doubt_old_claims() -> None:
    """List as perhaps sent what was claimed by a run that can't be running any more."""
    old = select(Message).where(
        Message.state == "sending", Message.claimed_at < clock.now() - CLAIM_LASTS
    )
    for message in db.session.scalars(old.with_for_update(skip_locked=True)):
        _unsure(message)
    db.session.commit()


def _record(action: str, message: Message, **details: str) -> None:
    audit.record(action, actor="system", subject=f"message:{message.public_id}", **details)
