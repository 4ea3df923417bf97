"""Seating people over the rounds: worked out by a job, kept in one short transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from panel_app.core import audit, clock, jobs
from panel_app.core.db import db, locked, reading
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.deliberation.tables import queries
from panel_app.deliberation.tables.models import HallTable, TablePlan, TableSeat
from panel_app.deliberation.tables.rules import Person, engine_rules, wishes
from panel_app.live import versions
from panel_app.panels.models import Member
from panel_app.recruitment.queries import features_of
from panel_app.recruitment.support import who_asked_for
from panel_app.sessions.models import AgendaItem, Guest, Participant

if TYPE_CHECKING:
    from sortition.seating import Plan

#: Plans that are tried while one repeats more meetings than it has to; seconds each.
TRIES = 4
#: Swaps that are tried for each place of each round, up to the engine's own number.
PROPOSALS_A_PLACE = 2_000
#: How long a plan may wait in the queue before it counts as forgotten.
QUEUED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a plan is worked out from."""

    people: Sequence[Person]
    features: list[str]
    settings: dict[str, Any]
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan by seat number with its figures, or what is wrong with what was asked for."""

    rounds: Sequence[Sequence[Sequence[int]]] = ()
    figures: dict[str, Any] | None = None
    faults: Sequence[dict[str, Any]] = ()


def ask_for_plan(*, item: AgendaItem, whom: str, actor: str) -> None:
    """Have people seated: those who are `here`, all who `confirmed`, or `all` who are here, guests
    too.

    Raises Conflict once a round began: from then on people are fitted in.
    """
    plan = locked(queries.plan_of(item))
    if plan.current_round:
        raise Conflict(_("A round was on already. Fit people in instead."))
    plan.state, plan.whom, plan.faults = "waiting", whom, []
    plan.seed, plan.asked_at = secrets.randbelow(2**31), clock.now()
    note(item, "asked", actor, whom=whom)
    jobs.queue_after_commit(work_out, item.public_id)


def work_out(public_id: str) -> None:
    """Seat people and keep the plan; for the job process. The database is free meanwhile."""
    with reading():
        plan = _waiting(public_id)
        if plan is None:
            return
        asked_at, asked = plan.asked_at, _asked(plan)
        db.session.rollback()
    answer = seated(asked)
    plan = _waiting(public_id)
    if plan is None or locked(plan).asked_at != asked_at:
        return
    with audit.acting(plan.item.session.panel.is_made_up):
        _keep(plan, answer)
    db.session.commit()


def catch_up() -> None:
    """Queue the plans that the queue forgot; every minute."""
    query = select(AgendaItem.public_id).join(TablePlan, TablePlan.item_id == AgendaItem.id)
    late = TablePlan.asked_at < clock.now() - QUEUED_FOR
    with reading():
        missing = list(db.session.scalars(query.where(TablePlan.state == "waiting", late)))
        db.session.rollback()
    for public_id in missing:
        jobs.queue(work_out, public_id)


def seated(asked: Asked) -> Answer:
    """Return the plan with fewest repeated meetings of a few tries, then the best mixed."""
    from sortition import seating
    from sortition.faults import InputFaults
    from sortition.seating_changes import fewest_again, meetings_again

    guests, rounds = [person.guest for person in asked.people], asked.settings["rounds"]
    rules = engine_rules(wishes(asked.settings), asked.people, asked.features)
    found: list[tuple[int, float, Plan, dict[str, Any]]] = []
    try:
        for attempt in range(TRIES):
            plan = seating.seat(
                guests,
                asked.features,
                table_size=asked.settings["size"],
                rounds=rounds,
                rules=rules,
                seed=asked.seed + attempt,
                proposals=min(seating.PROPOSALS, PROPOSALS_A_PLACE * len(guests) * rounds),
            )
            again, fewest = meetings_again(plan), fewest_again(plan)
            score = seating.score(plan, guests, asked.features, rules)
            figures = {**asdict(score), "again": again, "fewest": fewest}
            found.append((again, score.off_cells, plan, figures))
            if again == fewest:
                break
    except InputFaults as fault:
        told = [{"code": one.code, "details": dict(one.details)} for one in fault.faults]
        return Answer(faults=told)
    _again, _off, plan, figures = min(found, key=lambda each: each[:2])
    return Answer(in_seats(plan), figures)


def in_seats(plan: Plan) -> list[list[list[int]]]:
    """Return the engine's plan by seat number."""
    return [[[int(seat) for seat in table] for table in tables] for tables in plan.rounds]


def people_of(item: AgendaItem, people: Iterable[Participant]) -> list[Person]:
    """Return people as the engine seats them, of guests the language alone."""
    people, features = list(people), list(item.settings.get("features", []))
    members = [person for person in people if isinstance(person, Member)]
    known, need = features_of(members), who_asked_for("step_free", item.session.panel)
    values = {m.seat: known.get(m.id, {}) for m in members}
    step_free = {m.seat for m in members if m.id in need}
    return [
        Person(
            seat=person.seat,
            language=person.language,
            values=tuple(values.get(person.seat, {}).get(feature, "") for feature in features),
            step_free=person.seat in step_free,
        )
        for person in people
    ]


def count(item: AgendaItem, whom: str) -> int:
    """Return how many would be seated."""
    return len(queries.those(item, whom))


def note(item: AgendaItem, action: str, actor: str, **details: Any) -> None:
    """Note it in the log, and have wall and phones follow."""
    db.session.flush()
    audit.record(f"tables.{action}", actor=actor, subject=f"item:{item.public_id}", **details)
    versions.bump(item.session.topic)


def lay_out(plan: TablePlan, rounds: Sequence[Sequence[Sequence[int]]], *, since: int = 1) -> None:
    """Write down who sits where, from round number `since` on; what is as it was stays."""
    count = max((len(tables) for tables in rounds), default=0)
    plan.tables.extend(HallTable(number=n) for n in range(len(plan.tables) + 1, count + 1))
    db.session.flush()
    kept = {(s.round, s.person.seat): s for s in queries.seats_of(plan) if s.round >= since}
    everybody: list[Participant] = [*_members(plan.item), *queries.guests_here(plan.item)]
    called = {person.seat: person for person in everybody}
    for at, number, seat in _places(rounds, since):
        there = kept.pop((at, seat), None)
        if there is not None:
            there.number = number
        else:
            of = "guest" if isinstance(called[seat], Guest) else "member"
            place = {"round": at, "number": number, of: called[seat]}
            db.session.add(TableSeat(plan_id=plan.id, **place))
    for gone in kept.values():
        db.session.delete(gone)
    db.session.flush()


def _places(
    rounds: Sequence[Sequence[Sequence[int]]], since: int
) -> Iterator[tuple[int, int, int]]:
    """Yield round, table and seat of everybody, from round number `since` on."""
    for at, tables in enumerate(rounds, start=1):
        for number, seats in enumerate(tables if at >= since else (), start=1):
            yield from ((at, number, seat) for seat in seats)


def _members(item: AgendaItem) -> Iterable[Member]:
    return db.session.scalars(select(Member).where(Member.panel_id == item.session.panel_id))


def _waiting(public_id: str) -> TablePlan | None:
    query = select(TablePlan).join(TablePlan.item).where(AgendaItem.public_id == public_id)
    return db.session.scalar(query.where(TablePlan.state == "waiting"))


def _asked(plan: TablePlan) -> Asked:
    item = plan.item
    people = people_of(item, queries.those(item, plan.whom))
    return Asked(people, list(item.settings.get("features", [])), dict(item.settings), plan.seed)


def _keep(plan: TablePlan, answer: Answer) -> None:
    plan.state = "failed" if answer.faults else "ready"
    plan.faults, plan.figures = list(answer.faults), answer.figures or {}
    lay_out(plan, answer.rounds)
    for table in plan.tables[max(map(len, answer.rounds), default=0) :]:
        plan.tables.remove(table)
    note(plan.item, "planned", "system", rounds=len(answer.rounds))
