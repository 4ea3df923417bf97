"""A file of people: begun, explained, compared by a job, and taken by a job, or left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from panel_app.core import audit, clock, crypto, jobs, logs
from panel_app.core.db import db, found, locked, reading
from panel_app.core.errors import Conflict, FaultyFile, Refused
from panel_app.core.text import _
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows, pool_files
from panel_app.recruitment.importing import findings, writing
from panel_app.recruitment.importing.changes import Changes
from panel_app.recruitment.importing.models import AT_WORK, ImportState, PoolImport, StagedPerson
from panel_app.recruitment.importing.plan import Plan
from panel_app.recruitment.importing.reading import chosen_sheet, head_of, taken_apart
from panel_app.recruitment.models import Silent
from panel_app.recruitment.registration import columns as registered
from panel_app.recruitment.services import hold_inputs
from sortition.faults import InputFaults
from sortition.pool import Pool as ReadPool

#: After so long without a sign of life a job is given up, and one that never began queued again.
SILENCE, FORGOTTEN = timedelta(minutes=3), timedelta(minutes=1)
#: How long a file waits for somebody to go on with it.
KEPT = timedelta(days=1)


def begin_import(*, panel: Panel, name: str, source: bytes | str, actor: str) -> PoolImport:
    """Keep a file, sealed, until somebody has said what its columns are; another one goes.

    Raises FaultyFile where it is no table, Refused without targets, and Conflict where a lottery
    uses the pool or another file is being taken.
    """
    targets = lottery_rows.stored_targets(panel)
    if not targets.rows:
        raise Refused(_("Import the targets first: people are checked against them."))
    file = taken_apart(name, source)
    head_of(chosen_sheet(file["sheets"], "", targets)[1], targets)
    hold_inputs(panel)
    for other in db.session.scalars(select(PoolImport).where(PoolImport.panel_id == panel.id)):
        if other.state in AT_WORK:
            raise Conflict(_("Another file is being read. Wait for it, or leave it first."))
        _empty(other, "left")
    key = crypto.new_person_key()
    one = PoolImport(panel_id=panel.id, by=actor, key=key, source=crypto.seal(file, key))
    db.session.add(one)
    db.session.flush()
    audit.record("people.uploaded", actor=actor, subject=f"panel:{panel.public_id}")
    return one


def explain(*, one: PoolImport, plan: Plan, silent: Silent, actor: str) -> None:
    """Say what the columns and cells mean; a job reads the file after the commit."""
    if locked(one).state not in {"asked", "faulty", "checked"}:
        raise Conflict(_("This file is being read, or has ended."))
    one.plan, one.by = {**plan.stored(), "silent": silent}, actor
    _go_on(one, "to_check")


def retype(*, one: PoolImport, text: str) -> None:
    """Take corrected rows in place of the sheet that was read."""
    if locked(one).state != "faulty":
        raise Conflict(_("This file is being read, or has ended."))
    file = one.opened()
    targets = lottery_rows.stored_targets(one.panel)
    name, _text = chosen_sheet(file["sheets"], (one.plan or {}).get("sheet", ""), targets)
    head_of(text, targets)
    sheets = [[sheet, text if sheet == name else old] for sheet, old in file["sheets"]]
    one.source = crypto.seal({**file, "sheets": sheets}, one.key)
    _go_on(one, "to_check")


def accept(*, one: PoolImport, actor: str) -> None:
    """Say that the changes shown are wanted; a job writes them after the commit.

    Raises Conflict where pool or targets are not those any more that it was compared with.
    """
    hold_inputs(one.panel)
    if locked(one).state in {"to_write", "writing", "done"}:
        return
    if one.state != "checked":
        raise Conflict(_("This file is being read, or has ended."))
    if one.compared_with != writing.state_of(one.panel):
        raise _overtaken()
    one.by = actor
    _go_on(one, "to_write")


def leave(*, one: PoolImport) -> None:
    """Leave a file: nothing of it stays. One that is all there already stays as it is."""
    if locked(one).state != "done":
        _empty(one, "left")
        _drop_staged(one.id)


def check_people(public_id: str) -> None:
    """Read a file as it was explained, and compare it with the pool; for the job process."""
    if not _take(public_id, "to_check", "checking"):
        return
    try:
        with reading():
            one = _called(public_id)
            state, answer = _checked(one)
            db.session.rollback()
    except Exception:
        db.session.rollback()
        _give_up(public_id, "broken")
        raise
    one = locked(_called(public_id))
    if one.state == "checking":
        one.state, one.done = state, 100
        one.counts, one.compared_with = answer.counts, answer.compared_with
        one.found = crypto.seal(answer.found, one.key)
    _tell(public_id)


def write_people(public_id: str) -> None:
    """Write what a file changes, bite by bite beside the pool and then all at once; for the job.

    Whoever is killed on the way leaves the pool as it was.
    """
    if not _take(public_id, "to_write", "writing"):
        return
    try:
        _write(public_id)
    except Conflict:
        db.session.rollback()
        _give_up(public_id, "overtaken")
    except Exception:
        db.session.rollback()
        _give_up(public_id, "broken")
        raise
    drop_staged_in_bites()


def tidy() -> None:
    """Give up jobs that died, queue again what the queue forgot, empty what waits too long."""
    now = clock.now()
    silent = or_(PoolImport.beat_at.is_(None), PoolImport.beat_at < now - SILENCE)
    for public_id in _those(PoolImport.state.in_(("checking", "writing")), silent):
        _give_up(public_id, "interrupted")
    forgotten = PoolImport.beat_at < now - FORGOTTEN
    for state, task in (("to_check", check_people), ("to_write", write_people)):
        for public_id in _those(PoolImport.state == state, forgotten):
            jobs.queue(task, public_id)
    waits = PoolImport.state.in_(("asked", "faulty", "checked"))
    for public_id in _those(waits, PoolImport.created_at < now - KEPT):
        _give_up(public_id, "left")
    drop_staged_in_bites()


def empty_waiting(panel: Panel) -> None:
    """Leave every file that waits: somebody in it was erased, and must not come back by it."""
    for one in db.session.scalars(select(PoolImport).where(PoolImport.panel_id == panel.id)):
        if one.state != "done":
            _empty(one, "left")
            _drop_staged(one.id)


def drop_staged_in_bites() -> None:
    """Remove what stands beside the pool of imports that have ended."""
    ended = select(PoolImport.id).where(PoolImport.state.in_(("done", "failed")))
    those = select(StagedPerson.id).where(StagedPerson.import_id.in_(ended)).limit(writing.BITE)
    while True:
        with reading():
            ids = list(db.session.scalars(those))
            db.session.rollback()
        if not ids:
            return
        db.session.execute(delete(StagedPerson).where(StagedPerson.id.in_(ids)))
        db.session.commit()


def _checked(one: PoolImport) -> tuple[ImportState, findings.Answer]:
    """Return the state that a file comes to, and what was found in it."""
    panel, plan = one.panel, Plan.of(one.plan)
    try:
        read = _read(one, plan)
    except InputFaults as refusal:
        targets = lottery_rows.stored_targets(panel)
        text = chosen_sheet(one.opened()["sheets"], plan.sheet, targets)[1]
        return "faulty", findings.of_faults(refusal, text, targets, plan)
    except FaultyFile as refusal:
        return "faulty", findings.Answer({"words": [str(refusal.message)]})
    changes = writing.compared(panel, read, registered.homes(panel, plan.home))
    return "checked", findings.of_changes(read, changes, plan, writing.state_of(panel))


def _read(one: PoolImport, plan: Plan) -> ReadPool:
    silent = (one.plan or {}).get("silent", "fault")
    targets = lottery_rows.stored_targets(one.panel)
    return pool_files.read_people_as(
        chosen_sheet(one.opened()["sheets"], plan.sheet, targets)[1],
        targets,
        id_column=plan.id or None,
        leave_out=plan.leave_out,
        meanings=plan.meanings(may_be_silent=silent != "fault"),
    )


def _write(public_id: str) -> None:
    job = _prepared(public_id)
    written, number = 0, max(1, job.number)
    for bite in _bites(writing.rows_of(job.panel, job.read, job.changes, job.home)):
        written += len(bite)
        _beat(public_id, min(99, round(100 * written / number)))
        writing.stage(_called(public_id), bite)
        db.session.commit()
    one = _called(public_id)
    hold_inputs(one.panel)
    if locked(one).state != "writing" or job.compared_with != writing.state_of(one.panel):
        raise _overtaken()
    writing.move_in(one)
    writing.keep_columns(one.panel, job.read, job.plan, job.silent)
    one.counts, by = job.changes.counts(), one.by
    _empty(one, None)
    audit.record(
        "people.imported",
        actor=by,
        subject=f"panel:{one.panel.public_id}",
        people=len(job.read),
        **{name: count for name, count in one.counts.items() if name in {"new", "changed", "gone"}},
    )
    _tell(public_id)


@dataclass(frozen=True, slots=True)
class _Job:
    """What a job has read before it writes; `panel` belongs to no transaction."""

    panel: Panel
    plan: Plan
    home: list[str] | None
    silent: str
    compared_with: str
    read: ReadPool
    changes: Changes

    @property
    def number(self) -> int:
        """How many rows are written beside the pool."""
        it = self.changes
        return len(it.new) + len(it.changed) + len(it.moved) + len(it.gone)


def _prepared(public_id: str) -> _Job:
    """Read and compare once more, before anything is written."""
    with reading():
        one = _called(public_id)
        panel, plan = one.panel, Plan.of(one.plan)
        silent, state = (one.plan or {}).get("silent", "fault"), writing.state_of(panel)
        if one.compared_with != state:
            raise _overtaken()
        read = _read(one, plan)
        home = registered.homes(panel, plan.home)
        changes = writing.compared(panel, read, home)
        db.session.expunge(panel)
        db.session.rollback()
    return _Job(panel, plan, home, silent, state, read, changes)


def _bites(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    while bite := list(islice(rows, writing.BITE)):
        yield bite


def _overtaken() -> Conflict:
    return Conflict(
        _("The people or the targets were changed meanwhile. Look at the changes again.")
    )


def _go_on(one: PoolImport, state: ImportState) -> None:
    one.state, one.done, one.beat_at = state, 0, clock.now()
    db.session.flush()
    versions.bump(f"import:{one.public_id}")
    task = check_people if state == "to_check" else write_people
    jobs.queue_after_commit(task, one.public_id)


def _called(public_id: str) -> PoolImport:
    return found(db.session.scalar(select(PoolImport).where(PoolImport.public_id == public_id)))


def _those(*conditions: ColumnElement[bool]) -> list[str]:
    with reading():
        now = list(db.session.scalars(select(PoolImport.public_id).where(*conditions)))
        db.session.rollback()
    return now


def _take(public_id: str, before: str, after: str) -> bool:
    """Take an import from the queue; False where it was left or taken before."""
    mine = update(PoolImport).where(PoolImport.public_id == public_id, PoolImport.state == before)
    taken = db.session.execute(mine.values(state=after, beat_at=clock.now(), done=0)).rowcount  # type: ignore[attr-defined]
    _tell(public_id)
    return bool(taken)


def _beat(public_id: str, done: int) -> None:
    """Say how far the job is; raises Conflict where it was left meanwhile."""
    mine = update(PoolImport).where(
        PoolImport.public_id == public_id, PoolImport.state == "writing"
    )
    if not db.session.execute(mine.values(beat_at=clock.now(), done=done)).rowcount:  # type: ignore[attr-defined]
        raise _overtaken()
    versions.bump(f"import:{public_id}")


def _give_up(public_id: str, fault: str) -> None:
    one = locked(_called(public_id))
    if one.state not in {"done", "failed"}:
        _empty(one, fault)
        logs.event("import.ended", reason=fault)
    _tell(public_id)


def _empty(one: PoolImport, fault: str | None) -> None:
    """End an import: its key, and all that it sealed, are emptied."""
    if one.state in {"done", "failed"}:
        return
    one.state, one.fault, one.done = ("failed" if fault else "done"), fault, 100
    one.key, one.source, one.found = b"", b"", None
    if one.plan:
        one.plan = None
    db.session.flush()


def _drop_staged(number: int) -> None:
    db.session.execute(delete(StagedPerson).where(StagedPerson.import_id == number))


def _tell(public_id: str) -> None:
    versions.bump(f"import:{public_id}")
    db.session.commit()
