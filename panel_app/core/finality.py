"""What became final stays final, also when an older copy of the database is put back.

Acts that nothing may undo (a ballot closed, a letter made anew, an account switched off, a person
erased) are written to a list beside the ballot keys: outside the database and its copies. It is
taken from the audit log after each commit; what an interruption left out follows with the next.
A restore does them again before anything serves.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import event, select
from sqlalchemy.orm import Mapper, Session, object_session

from panel_app.config import Settings
from panel_app.core import audit, logs
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.feature import offered

#: What does an act again, by the audit log's name for it; it returns what it could not do.
Again = Callable[["Act"], str | None]
_PENDING = "log_entries"


@dataclass(frozen=True, slots=True)
class Stays:
    """What a feature offers to make an act of the audit log final.

    `again` must be safe to call twice, and flush, never commit. It returns None, or a sentence on
    what an older copy no longer allows.
    """

    action: str
    again: Again


@dataclass(frozen=True, slots=True)
class Act:
    """One final act, as the audit log has it."""

    at: str
    action: str
    subject: str
    details: dict[str, Any]
    #: The log entry's own hash: a copy that holds it was made afterwards.
    hash: str

    @property
    def public_id(self) -> str:
        """The identifier of what was acted on, without its kind."""
        return self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a restore did again, and in words what it could not."""

    done: int
    faults: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say both, one sentence a line."""
        first = f"Kept {self.done} acts that became final after this copy was made."
        return [*([first] if self.done else []), *self.faults]


@event.listens_for(AuditEntry, "after_insert")
def _inserted(_mapper: Mapper[AuditEntry], _connection: Any, entry: AuditEntry) -> None:
    session = object_session(entry)
    if session is not None:
        session.info.setdefault(_PENDING, []).append(_act(entry))


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop(_PENDING, None)


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    """Write the acts down; a disk that refuses undoes nothing that is committed."""
    entries = session.info.pop(_PENDING, ())
    if not entries or not has_app_context():
        return
    final = _final()
    acts = [act for act in entries if act.action in final]
    try:
        append(acts)
    except OSError as fault:
        logs.event("finality.not_written", acts=len(acts), fault=fault.strerror)


def catch_up() -> None:
    """Write down what an interruption left out."""
    append(missing())


def missing() -> list[Act]:
    """Return the final acts of the audit log that are not on the list."""
    known = {act.hash for act in written()}
    query = select(AuditEntry).where(AuditEntry.action.in_(_final())).order_by(AuditEntry.number)
    return [_act(entry) for entry in db.session.scalars(query) if entry.hash not in known]


def _final() -> dict[str, Again]:
    return {offer.action: offer.again for offer in offered(Stays)}


def written() -> list[Act]:
    """Return the list in its order; a line that an interruption cut short is left out."""
    try:
        lines = _place().read_text().splitlines()
    except FileNotFoundError:
        return []
    return list(_readable(lines))


def append(acts: Sequence[Act]) -> None:
    """Add lines to the list, durable on the disk before this returns."""
    if not acts:
        return
    place = _place()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = "".join(json.dumps(asdict(act), ensure_ascii=False) + "\n" for act in acts)
    handle = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        # A line of its own, also after one that was cut short.
        os.write(handle, f"\n{lines}".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(actor: str) -> Kept:
    """Do again what the database does not know of; it lasts with the caller's transaction."""
    known = set(db.session.scalars(select(AuditEntry.hash)))
    newer = [act for act in written() if act.hash not in known]
    faults = [fault for act in newer if (fault := _done_again(act))]
    if newer:
        audit.record(
            "database.restored", actor=actor, subject="system", kept=len(newer) - len(faults),
            not_kept=len(faults), last=newer[-1].hash,
        )  # fmt: skip
    return Kept(len(newer) - len(faults), tuple(faults))


def _done_again(act: Act) -> str | None:
    again = _final().get(act.action)
    if again is None:
        return f"{act.action} of {act.subject} ({act.at}) is unknown to this release."
    return again(act)


def _act(entry: AuditEntry) -> Act:
    at = entry.at.isoformat(timespec="seconds")
    return Act(at, entry.action, entry.subject, entry.details, entry.hash)


def _readable(lines: list[str]) -> Iterator[Act]:
    for line in filter(None, lines):
        try:
            yield Act(**json.loads(line))
        except (ValueError, TypeError):
            logs.event("finality.line_unreadable")


def _place() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.ballot_keys / "final-acts.jsonl"
