"""The audit log: what was done and by which role, as a hash chain that anyone can check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core import canonical, clock
from panel_app.core.db import Base, Moment, db, dialect_name

START = "0" * 64
_LOCK = 5_012_001

#: Set while something made up is acted out: a log of what was done has nothing of it.
unlogged: ContextVar[bool] = ContextVar("unlogged", default=False)


class AuditEntry(Base):
    """One thing done. Holds public identifiers and figures, never names, contacts or choices."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "action"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    #: A role and a public identifier, such as `organiser:8k2…` or `member:…`, or `system`.
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: SHA-256 of the previous entry's hash and this entry's canonical form.
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash: shown on the wall, in minutes and in exports."""

    number: int
    hash: str


def record(action: str, *, actor: str, subject: str, **details: Any) -> None:
    """Append an entry inside the caller's transaction; the two last or fail together."""
    if unlogged.get():
        return
    _hold_chain()
    last = head()
    entry = AuditEntry(
        number=last.number + 1,
        at=clock.now().replace(microsecond=0),
        actor=actor,
        action=action,
        subject=subject,
        # As the database will give them back, so that the hash holds.
        details=json.loads(canonical.dumps(details)),
    )
    entry.hash = _link(last.hash, entry)
    db.session.add(entry)
    db.session.flush()


@contextmanager
def acting(made_up: bool = True) -> Iterator[None]:
    """Note nothing inside the block, where what is done is `made_up`."""
    mark = unlogged.set(made_up or unlogged.get())
    try:
        yield
    finally:
        unlogged.reset(mark)


def head() -> Head:
    """Return the chain's head; number 0 and zeros where nothing was recorded."""
    newest = select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return Head(row.number, row.hash) if row else Head(0, START)


def head_at(action: str, subject: str) -> Head:
    """Return the chain's head as it was when something was last done to a subject.

    Where that was never noted, as it is now.
    """
    last = select(AuditEntry.number, AuditEntry.hash).where(
        AuditEntry.action == action, AuditEntry.subject == subject
    )
    row = db.session.execute(last.order_by(AuditEntry.number.desc()).limit(1)).one_or_none()
    return Head(row.number, row.hash) if row else head()


def first_broken(entries: Iterable[AuditEntry]) -> int | None:
    """Return the number of the first entry that does not follow from the one before."""
    previous = START
    for number, entry in enumerate(entries, start=1):
        if entry.number != number or entry.hash != _link(previous, entry):
            return number
        previous = entry.hash
    return None


def verify() -> tuple[int, int | None]:
    """Read the whole log; return how many entries it has and the first broken one's number."""
    whole = select(AuditEntry).order_by(AuditEntry.number)
    broken = first_broken(db.session.scalars(whole.execution_options(yield_per=1000)))
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0, broken


def _link(previous: str, entry: AuditEntry) -> str:
    written = {
        "number": entry.number,
        "at": entry.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
    }
    return canonical.fingerprint([previous, written])


def _hold_chain() -> None:
    """Let one transaction at a time append; SQLite's writers queue already."""
    if dialect_name() == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
