"""Running tables: rounds, who comes late or leaves, moving people by hand, asking for help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from panel_app.core import clock, ids
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.deliberation.tables import planning, queries
from panel_app.deliberation.tables.models import HallTable, TableNote, TablePlan, TableSeat
from panel_app.deliberation.tables.planning import note
from panel_app.deliberation.tables.rules import engine_rules, wishes
from panel_app.live import versions
from panel_app.sessions.models import AgendaItem, Participant, seat_words


def set_up(item: AgendaItem) -> None:
    """Give a part its plan; one that was seated under other settings is empty again."""
    clear(item)
    db.session.add(TablePlan(item_id=item.id))
    db.session.flush()


def clear(item: AgendaItem) -> None:
    """Delete the plan of a part that was never on."""
    plan = db.session.scalar(select(TablePlan).where(TablePlan.item_id == item.id))
    if plan is not None:
        for kind in (TableNote, TableSeat):
            db.session.execute(delete(kind).where(kind.plan_id == plan.id))
        db.session.delete(plan)
        db.session.flush()


def stop_round(item: AgendaItem, *, actor: str) -> None:
    """Note that the round ends with the part."""
    plan = locked(queries.plan_of(item))
    plan.running, plan.round_ends_at = False, None
    db.session.flush()


def begin_round(*, item: AgendaItem, actor: str) -> None:
    """Begin the next round. Raises Conflict without a plan, after the last, or while one is on."""
    plan = locked(queries.plan_of(item))
    if item.state != "open":
        raise Conflict(_("This part is not open."))
    if plan.state != "ready":
        raise Conflict(_("Seat people first."))
    if plan.running:
        raise Conflict(_("End the round that is on first."))
    if plan.current_round >= item.settings["rounds"]:
        raise Conflict(_("That was the last round."))
    plan.current_round, plan.running = plan.current_round + 1, True
    item.wall_page = 0
    minutes = max(1, item.minutes // int(item.settings["rounds"]))
    plan.round_ends_at = clock.now() + timedelta(minutes=minutes)
    for table in plan.tables:
        table.help_at = None
    note(item, "round_begun", actor, round=plan.current_round)


def end_round(*, item: AgendaItem, actor: str) -> None:
    """End the round that is on: what its tables wrote can be read by everybody."""
    plan = locked(queries.plan_of(item))
    if not plan.running:
        raise Conflict(_("No round is on."))
    plan.running, plan.round_ends_at = False, None
    note(item, "round_ended", actor, round=plan.current_round)


def fit_in(*, item: AgendaItem, left: Iterable[int], actor: str) -> None:
    """Seat who came late, and take out the seats of those who `left`, with few moves.

    Rounds that were held stay as they are; in the one that is on nobody moves. Raises Refused
    for a seat that has no table, or where the wishes can't be kept.
    """
    from sortition.faults import InputFaults

    plan = locked(queries.plan_of(item))
    if plan.state != "ready":
        raise Conflict(_("Seat people first."))
    gone = {str(seat) for seat in left}
    known = {str(seat.person.seat) for seat in queries.seats_of(plan)}
    if unknown := sorted(gone - known, key=int):
        raise Refused(
            _("Seat %(seat)s has no table.", seat=seat_words(int(unknown[0]))), field="left"
        )
    late = [m for m in queries.unseated(plan) if str(m.seat) not in gone]
    try:
        rounds = _fitted(plan, gone, late)
    except InputFaults as fault:
        raise Refused(_("Someone who came late can sit nowhere under these wishes.")) from fault
    planning.lay_out(plan, rounds, since=max(1, plan.current_round))
    note(item, "fitted_in", actor, came=len(late), left=len(gone))


def move(*, item: AgendaItem, seat: int, to: int, since: int, actor: str) -> None:
    """Put a member at another table in one round. Raises Refused for a round that was held, or
    for a seat or a table that there isn't."""
    plan = locked(queries.plan_of(item))
    if since < plan.current_round or (since == plan.current_round and not plan.running):
        raise Refused(_("This round was held: who sat where stays as it was."), field="round")
    if not any(table.number == to for table in plan.tables):
        raise Refused(_("There is no table %(number)s.", number=to), field="to")
    there = next((s for s in _of_round(plan, since) if s.person.seat == seat), None)
    if there is None:
        raise Refused(
            _("Seat %(seat)s has no table in this round.", seat=seat_words(seat)), field="seat"
        )
    there.number, there.writes = to, there.writes and there.number == to
    note(item, "moved", actor, round=since, table=to)


def ask_for_help(table: HallTable, *, wanted: bool) -> None:
    """Raise a table's flag, which the console alone shows, or lower it."""
    table.help_at = (table.help_at or clock.now()) if wanted else None
    db.session.flush()
    versions.hint_figures(table.plan.item.session.topic)


def take_table(*, plan: TablePlan, member: Participant, code: str) -> TableSeat:
    """Let a member or a guest who types their table's code write for it in this round.

    Raises Refused for a code of no table, or of one where they don't sit.
    """
    table = next((t for t in plan.tables if t.code == ids.normalise_code(code)), None)
    seat = found(queries.seat_of(plan, member))
    if table is None:
        raise Refused(_("No table has this code. It is on the card on your table."), field="code")
    if table.number != seat.number:
        raise Refused(_("Your table is %(number)s.", number=seat.number), field="code")
    seat.writes = True
    db.session.flush()
    return seat


def wait_to_speak(seat: TableSeat, *, wants: bool) -> None:
    """Put a seat at the end of its table's queue, or take it out."""
    locked(seat).waits_since = (seat.waits_since or clock.now()) if wants else None
    _changed(seat)


def spoke(seat: TableSeat, *, turns: int = 1) -> None:
    """Count a turn of a seat, which no longer waits; -1 takes a count back."""
    locked(seat)
    seat.turns, seat.waits_since = max(0, seat.turns + turns), None
    _changed(seat)


def _changed(seat: TableSeat) -> None:
    db.session.flush()
    plan = found(db.session.get(TablePlan, seat.plan_id))
    versions.bump(plan.item.session.topic)


def _of_round(plan: TablePlan, at: int) -> list[TableSeat]:
    return [seat for seat in queries.seats_of(plan) if seat.round == at]


def _fitted(plan: TablePlan, gone: set[str], late: Sequence[Participant]) -> list[list[list[int]]]:
    """Return the rounds by seat number, with who came and without who left from the next on."""
    from sortition.seating import Plan
    from sortition.seating_changes import reseat

    seats, item = queries.seats_of(plan), plan.item
    everybody = {p.seat: p for p in (*(seat.person for seat in seats), *late)}
    people = planning.people_of(item, everybody.values())
    guests = {person.guest.id: person.guest for person in people}
    rules = engine_rules(wishes(item.settings), people, list(item.settings.get("features", [])))
    come, held = [str(member.seat) for member in late], plan.current_round
    before = Plan(_by_table(plan, seats, int(item.settings["rounds"])))
    now = Plan(before.rounds[:held])
    if plan.running:
        now = reseat(now, guests, since=held - 1, come=come, rules=rules, level=False)
    after = Plan(now.rounds + before.rounds[held:])
    return planning.in_seats(reseat(after, guests, since=held, gone=gone, come=come, rules=rules))


def _by_table(
    plan: TablePlan, seats: Sequence[TableSeat], rounds: int
) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the seats at each table of each round, as the engine knows them."""
    found: dict[tuple[int, int], list[str]] = {}
    for seat in seats:
        found.setdefault((seat.round, seat.number), []).append(str(seat.person.seat))
    numbers = [table.number for table in plan.tables]
    return tuple(
        tuple(tuple(found.get((at, number), ())) for number in numbers)
        for at in range(1, rounds + 1)
    )
