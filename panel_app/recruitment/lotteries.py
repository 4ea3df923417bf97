"""The lottery of a panel: started, computed in the job process, drawn with dice."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from panel_app.core import audit, clock, jobs, logs
from panel_app.core.db import db, found, locked, reading
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows, reserve_plans
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.models import Lottery, Pool
from panel_app.recruitment.newcomers import take_in
from panel_app.recruitment.queries import drawable
from sortition.progress import Progress, Stopped
from sortition.targets import Targets, size_faults

if TYPE_CHECKING:
    from sortition.lotteries import Lottery as MadeLottery

#: A thousand panels: three ten-sided dice name one.
PANELS = 1000
#: Seeds are numbers below this, which every database's integers hold.
MOST_SEEDS = 2**31
RANDOMNESS = "three ten-sided dice, rolled where people can see them"
#: Seconds between two looks at whether somebody stopped the computation.
PAUSE = 1.0
#: Why a run stops that is to keep its best lottery so far, and seconds that its panels may take.
ENOUGH, ROUNDING = "enough", 60.0
#: Seconds between two signs of life of a computation, and after which one without is given up.
BEAT = 5.0
SILENCE = timedelta(seconds=60)


class _Unfit(Exception):
    """A number of replacements that can't restore the targets."""

    def __init__(self, fault: dict[str, Any]) -> None:
        self.fault = fault
        super().__init__(fault["code"])


def start_lottery(
    *,
    panel: Panel,
    panels: int = PANELS,
    seed: int | None = None,
    salt: str | None = None,
    actor: str,
) -> Lottery:
    """Ask for a lottery over the panel's pool; where one is being computed, return that.

    The same files, `seed` and `salt` give the same bundle; by default both are random.
    Commit, then queue `compute_lottery` with its public_id. Raises Refused where targets or
    people are missing or don't fit, and Conflict where a lottery is committed.
    """
    locked(panel)
    running = in_use(panel)
    if running is not None:
        if running.state in {"ready", "drawn"}:
            raise Conflict(_("The lottery of this panel is committed."))
        return running
    targets = lottery_rows.stored_targets(panel)
    people = drawable(panel)
    _check_inputs(panel, targets, people)
    lottery = Lottery(
        panel_id=panel.id,
        panels=panels,
        seed=secrets.randbelow(MOST_SEEDS) if seed is None else seed,
        size=panel.size,
        pool_size=people,
        private={"salt": salt or secrets.token_hex(16)},
    )
    return begin(lottery, actor=actor)


def stop_lottery(*, lottery: Lottery, actor: str) -> None:
    """Give up a computation; the job notices within a second. Raises Conflict when it is done."""
    if locked(lottery).state not in {"waiting", "working"}:
        raise Conflict(_("The computation has ended already."))
    give_up(lottery, {"code": "stopped"}, actor=actor)


def use_the_best(*, lottery: Lottery, actor: str) -> None:
    """End a computation with the best lottery so far. Raises Conflict where none is going on."""
    if locked(lottery).state != "working":
        raise Conflict(_("The computation has ended already."))
    lottery.enough = True
    note("lottery.cut_short", lottery, actor=actor)


def compute_lottery(public_id: str) -> None:
    """Compute the lottery and propose it, or say why there is none; for the job process.

    The database is free while the computation runs: it reads first and writes at the end.
    """
    from sortition.faults import InputFaults
    from sortition.feasibility import Infeasible

    if not _begin(public_id):
        return
    try:
        with _beating(public_id):
            columns = _computed(public_id)
        _finish(public_id, columns)
    except InputFaults:
        _fail(public_id, {"code": "too_few"})
    except _Unfit as refusal:
        _fail(public_id, refusal.fault)
    except Infeasible as refusal:
        _fail(public_id, lottery_rows.infeasible_fault(refusal))
    except Stopped:
        logs.event("lottery.stopped", lottery=public_id)
    except Exception:
        db.session.rollback()
        _fail(public_id, {"code": "broken"})
        raise


def tidy() -> None:
    """Give up computations that died, and queue again what the queue forgot; every minute."""
    silent_since = clock.now() - SILENCE
    silent = or_(Lottery.beat_at.is_(None), Lottery.beat_at < silent_since)
    for public_id in _those(Lottery.state == "working", silent):
        _fail(public_id, {"code": "interrupted"}, silent_since=silent_since)
    for public_id in _those(Lottery.state == "waiting", Lottery.created_at < silent_since):
        jobs.queue(compute_lottery, public_id)


def draw_panel(*, lottery: Lottery, dice: str, actor: str) -> Lottery:
    """Draw the panel that the dice name, and give each of its people what they are drawn for.

    The same dice a second time change nothing. Raises Refused where the dice name no panel, and
    Conflict where there is no committed lottery or other dice have drawn.
    """
    from sortition.bundle import draw_with_dice

    locked(lottery)
    if lottery.state == "drawn":
        if lottery.dice != dice:
            raise Conflict(_("The panel is drawn already, with other dice."))
        return lottery
    if lottery.state != "ready" or lottery.bundle is None or lottery.private is None:
        raise Conflict(_("There is no committed lottery to draw from yet."))
    try:
        draw = draw_with_dice(lottery.bundle, dice, lottery.private["key"])
    except ValueError:
        raise Refused(_("Type the three digits that the dice show, 0 to 9 each.")) from None
    lottery.state, lottery.dice, lottery.drawn_index = "drawn", dice, draw.index
    lottery.drawn_at = clock.now()
    lottery.bundle = {**lottery.bundle, **draw.files}
    take_in(lottery, draw.selected)
    note("lottery.drawn", lottery, actor=actor, dice=dice, number=draw.index, size=lottery.size)
    return lottery


def in_use(panel: Panel) -> Lottery | None:
    """Return the lottery that uses the panel's size, targets and people; there is at most one."""
    query = select(Lottery).where(Lottery.panel_id == panel.id, Lottery.kind == "panel")
    return db.session.scalars(query.where(Lottery.state != "failed")).one_or_none()


def begin(lottery: Lottery, *, actor: str) -> Lottery:
    """Keep a new lottery and say so in the record; the job computes it (`compute_lottery`)."""
    db.session.add(lottery)
    db.session.flush()
    figures = {"pool": lottery.pool_size, "size": lottery.size}
    note("lottery.started", lottery, actor=actor, kind=lottery.kind, **figures)
    return lottery


def _check_inputs(panel: Panel, targets: Targets, people: int) -> None:
    if not targets.rows:
        raise Refused(_("Import the targets first."))
    if people < panel.size:
        raise Refused(_("There are fewer people than the panel has seats. Import more people."))
    columns = db.session.scalars(select(Pool).where(Pool.panel_id == panel.id)).one()
    if columns.address_columns is None:
        raise Refused(_("Say first which columns are the address."))
    faults = size_faults(targets, panel.size)
    if faults:
        raise Refused(" ".join(fault_words(faults)))


def _called(public_id: str) -> Lottery:
    return found(db.session.scalar(select(Lottery).where(Lottery.public_id == public_id)))


def _those(*conditions: ColumnElement[bool]) -> list[str]:
    with reading():
        found_now = list(db.session.scalars(select(Lottery.public_id).where(*conditions)))
        db.session.rollback()
    return found_now


def _begin(public_id: str) -> bool:
    """Take the lottery from the queue; False where it was stopped or taken before."""
    taken = update(Lottery).where(Lottery.public_id == public_id, Lottery.state == "waiting")
    count = db.session.execute(taken.values(state="working", beat_at=clock.now())).rowcount  # type: ignore[attr-defined]
    _tell(public_id)
    return bool(count)


def _computed(public_id: str) -> dict[str, Any]:
    """Return the columns of the proposed lottery."""
    from sortition.bundle import seal
    from sortition.lotteries import chances_by_value

    with reading():
        stored = _called(public_id)
        size, how, kind = stored.size, (stored.panels, stored.seed), stored.kind
        salt, plan = (stored.private or {})["salt"], stored.plan
        inputs = lottery_rows.inputs_of(stored)
        db.session.rollback()
    fault = lottery_rows.number_fault(inputs, size) if kind == "replacement" else None
    if fault is not None:
        raise _Unfit(fault)
    wanted = reserve_plans.planned(inputs, size, how[1], plan) if plan else inputs
    made = _made(wanted, size, *how, reporter(public_id))
    about = reserve_plans.sealed(plan) if plan else None
    bundle = seal(made, salt=salt, randomness=RANDOMNESS, about=about)
    who = {pseudonym: inputs.people[number] for pseudonym, number in bundle.key.items()}
    return {
        "commitment": bundle.commitment,
        "smallest_chance": float(made.min_probability),
        "bundle": dict(bundle.files),
        "private": {"salt": salt, "key": who},
        "chances": lottery_rows.chance_rows(chances_by_value(made)),
        "uncoverable": lottery_rows.uncoverable_rows(made.uncoverable),
        "plan": reserve_plans.measured(inputs, made.panels, how[1], plan) if plan else None,
    }


def _made(
    inputs: lottery_rows.Inputs,
    size: int,
    panels: int,
    seed: int,
    progress: Callable[[Progress], None],
) -> MadeLottery:
    """Return the fairest lottery, or the best so far where `progress` says that it is enough."""
    from sortition.api import make_lottery, settle

    try:
        return make_lottery(
            inputs.pool,
            inputs.targets,
            size + len(inputs.seated),
            panels=panels,
            seed=seed,
            already_selected=inputs.seated,
            progress=progress,
        )
    except Stopped as stopped:
        if stopped.reason != ENOUGH or stopped.best is None:
            raise
        return settle(stopped.best, panels=panels, seed=seed, time_limit=ROUNDING)


def reporter(public_id: str) -> Callable[[Progress], None]:
    """Return what writes the progress down, once a second, and stops a run that was given up."""
    last = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return
        last = time.monotonic()
        working = update(Lottery).where(Lottery.public_id == public_id, Lottery.state == "working")
        values = working.values(stage=progress.stage, done=round(100 * progress.done))
        enough = db.session.scalar(values.returning(Lottery.enough))
        _tell(public_id)
        if enough is not False:
            raise Stopped("cancelled" if enough is None else ENOUGH)

    return report


def _finish(public_id: str, columns: dict[str, Any]) -> None:
    """Propose the lottery, unless it was given up meanwhile."""
    lottery = locked(_called(public_id))
    if lottery.state == "working":
        for name, value in columns.items():
            setattr(lottery, name, value)
        lottery.state = "proposed"
        note(
            "lottery.proposed",
            lottery,
            actor="system",
            commitment=lottery.commitment,
            panels=lottery.panels,
            pool=lottery.pool_size,
            size=lottery.size,
        )
    _tell(public_id)


def _fail(public_id: str, fault: dict[str, Any], silent_since: datetime | None = None) -> None:
    """Say why there is no lottery, unless it was given up meanwhile, or shows life after all."""
    lottery = locked(_called(public_id))
    alive = silent_since and lottery.beat_at and lottery.beat_at >= silent_since
    if lottery.state == "working" and not alive:
        give_up(lottery, fault, actor="system")
    _tell(public_id)


def give_up(lottery: Lottery, fault: dict[str, Any], *, actor: str) -> None:
    """Keep no lottery, say why, and say so in the record."""
    lottery.state, lottery.fault = "failed", fault
    told = {"words": fault["reason"]} if "reason" in fault else {}
    note("lottery.failed", lottery, actor=actor, reason=fault["code"], **told)


@contextmanager
def _beating(public_id: str) -> Iterator[None]:
    """Write signs of life while the block runs, from a thread that dies with the process."""
    ended = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def beat() -> None:
        with app.app_context():
            while not ended.wait(BEAT):
                _write_beat(public_id)

    thread = threading.Thread(target=beat, name=f"beat of {public_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _write_beat(public_id: str) -> None:
    """A database that is busy just now misses one sign of life, which is no reason to stop."""
    working = update(Lottery).where(Lottery.public_id == public_id, Lottery.state == "working")
    try:
        db.session.execute(working.values(beat_at=clock.now()))
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        logs.event("lottery.beat_missed", lottery=public_id)


def _tell(public_id: str) -> None:
    versions.bump(f"lottery:{public_id}")
    db.session.commit()


def note(action: str, lottery: Lottery, *, actor: str, **figures: Any) -> None:
    """Record what happened to a lottery, and tell the pages that follow it."""
    db.session.flush()
    audit.record(action, actor=actor, subject=f"lottery:{lottery.public_id}", **figures)
    versions.bump(f"lottery:{lottery.public_id}")
