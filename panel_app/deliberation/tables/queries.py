"""Tables as pages show them: who sits where, what was written, who waits to speak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, undefer

from panel_app.core.db import db, found
from panel_app.core.translated import Translated
from panel_app.deliberation.tables.models import HallTable, TableNote, TablePlan, TableSeat
from panel_app.panels.models import Member
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem, Attendance, Guest, Participant, seat_words


@dataclass(frozen=True, slots=True)
class Table:
    """One table in one round."""

    number: int
    #: Where it stands, in words; None where nobody said.
    place: Translated | None
    seats: Sequence[TableSeat]
    code: str
    #: Whether it asked for help and nobody went yet.
    needs_help: bool

    @property
    def numbers(self) -> list[str]:
        """Return the seats' numbers, in order; `G3` for a guest."""
        return [seat_words(number) for number in sorted(one.person.seat for one in self.seats)]

    @property
    def languages(self) -> list[str]:
        """Return the languages of those who sit there."""
        return sorted({seat.person.language for seat in self.seats})

    @property
    def waiting(self) -> list[TableSeat]:
        """Return who waits to speak, the longest first."""
        waits = [seat for seat in self.seats if seat.waits_since]
        return sorted(waits, key=lambda seat: (seat.waits_since, seat.id))


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a plan with its tables."""

    number: int
    prompt: Translated | None
    tables: Sequence[Table]
    #: Whether it is over, so that everybody may read what was written.
    over: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What one table wrote in one round."""

    round: int
    number: int
    notes: Sequence[TableNote]


def plan_of(item: AgendaItem) -> TablePlan:
    """Return an item's plan. Raises NotFound for a part of another kind."""
    return found(db.session.scalar(select(TablePlan).where(TablePlan.item_id == item.id)))


def seats_of(plan: TablePlan) -> list[TableSeat]:
    """Return every place of a plan, by round and seat."""
    guest = joinedload(TableSeat.guest).undefer(Guest.seat)  # type: ignore[arg-type]
    query = select(TableSeat).where(TableSeat.plan_id == plan.id)
    seats = db.session.scalars(query.options(joinedload(TableSeat.member), guest))
    return sorted(seats, key=lambda one: (one.round, one.person.seat))


def rounds_of(plan: TablePlan) -> list[Round]:
    """Return the rounds of a plan, in order."""
    seats = seats_of(plan)
    numbers = sorted({seat.round for seat in seats})
    return [_round(plan, number, [s for s in seats if s.round == number]) for number in numbers]


def round_now(plan: TablePlan) -> Round | None:
    """Return the round that is on, or was on last."""
    return next((one for one in rounds_of(plan) if one.number == plan.current_round), None)


def table_called(plan: TablePlan, number: int) -> HallTable:
    """Return one table of a plan. Raises NotFound."""
    return found(next((table for table in plan.tables if table.number == number), None))


def table_in(plan: TablePlan, at: int, number: int) -> Table:
    """Return one table in one round. Raises NotFound."""
    seats = [seat for seat in seats_of(plan) if seat.round == at and seat.number == number]
    return _table(plan, table_called(plan, number), seats)


def seat_of(plan: TablePlan, person: Participant) -> TableSeat | None:
    """Return where somebody sits in the round that is on or was on last."""
    of = TableSeat.guest_id if isinstance(person, Guest) else TableSeat.member_id
    query = select(TableSeat).where(TableSeat.plan_id == plan.id, of == person.id)
    return db.session.scalar(query.where(TableSeat.round == plan.current_round))


def seat_numbered(plan: TablePlan, number: int) -> TableSeat:
    """Return the place of a seat in the round that is on or was on last. Raises NotFound."""
    seats = (seat for seat in seats_of(plan) if seat.round == plan.current_round)
    return found(next((seat for seat in seats if seat.person.seat == number), None))


def those(item: AgendaItem, whom: str) -> list[Participant]:
    """Return the members who are here or who `confirmed` their seat, by seat; of `all` who are
    here the guests too, who are everybody where nobody has a seat."""
    query = select(Member).where(Member.panel_id == item.session.panel_id).order_by(Member.seat)
    here = select(Attendance.member_id).where(Attendance.session_id == item.session_id)
    query = query.where(Member.state == "confirmed" if whom == "confirmed" else Member.id.in_(here))
    people: list[Participant] = list(db.session.scalars(query))
    return [*people, *(guests_here(item) if whom == "all" else ())]


def guests_here(item: AgendaItem) -> list[Guest]:
    """Return the guests of a part's session with their numbers, in the order of their coming."""
    query = select(Guest).where(Guest.session_id == item.session_id).order_by(Guest.id)
    return list(db.session.scalars(query.options(undefer(Guest.seat))))  # type: ignore[arg-type]


def unseated(plan: TablePlan) -> list[Participant]:
    """Return who is here and has no table in the last round: they came late."""
    seats = seats_of(plan)
    last = max((seat.round for seat in seats), default=0)
    seated = {seat.person.seat for seat in seats if seat.round == last}
    here = those(plan.item, "all" if plan.whom == "all" else "here")
    return [person for person in here if person.seat not in seated]


def notes_at(plan: TablePlan, at: int, number: int) -> list[TableNote]:
    """Return what a table wrote in a round, in order."""
    return [n for n in _notes(plan) if n.round == at and n.number == number]


def written(plan: TablePlan) -> list[Written]:
    """Return what tables wrote in rounds that are over, without what was taken out."""
    over = plan.current_round - (1 if _is_on(plan) else 0)
    kept: dict[tuple[int, int], list[TableNote]] = {}
    for note in _notes(plan):
        if note.round <= over and not note.hidden:
            kept.setdefault((note.round, note.number), []).append(note)
    return [Written(at, number, notes) for (at, number), notes in sorted(kept.items())]


def note_called(plan: TablePlan, public_id: str) -> TableNote:
    """Return one note of a plan. Raises NotFound."""
    query = select(TableNote).where(TableNote.plan_id == plan.id, TableNote.public_id == public_id)
    return found(db.session.scalar(query))


def people(plan: TablePlan) -> int:
    """Return how many had a table in a round that was held; guests only where nobody has a seat."""
    of = TableSeat.guest_id if plan.item.session.panel.is_open else TableSeat.member_id
    return _held(plan, of)


def guests(plan: TablePlan) -> int:
    """Return how many guests had a table in a round that was held."""
    return _held(plan, TableSeat.guest_id)


def _held(plan: TablePlan, of: InstrumentedAttribute[int | None]) -> int:
    query = select(func.count(of.distinct())).where(TableSeat.plan_id == plan.id)
    return db.session.scalar(query.where(TableSeat.round <= max(1, plan.current_round))) or 0


def prompt_of(item: AgendaItem, at: int) -> Translated | None:
    """Return what the tables talk about in a round; the last prompt holds for all that follow."""
    return _entry(activities.listed(item.settings, "prompts"), at, last=True)


def place_of(item: AgendaItem, number: int) -> Translated | None:
    """Return where a table stands, in words."""
    return _entry(activities.listed(item.settings, "places"), number)


def _entry(entries: Sequence[Translated], at: int, *, last: bool = False) -> Translated | None:
    if last and entries:
        at = min(max(1, at), len(entries))
    return entries[at - 1] if 0 < at <= len(entries) else None


def _is_on(plan: TablePlan) -> bool:
    return plan.running and plan.item.state == "open"


def _notes(plan: TablePlan) -> Iterable[TableNote]:
    query = select(TableNote).where(TableNote.plan_id == plan.id)
    return db.session.scalars(query.order_by(TableNote.round, TableNote.number, TableNote.place))


def _round(plan: TablePlan, number: int, seats: Sequence[TableSeat]) -> Round:
    tables = [_table(plan, t, [s for s in seats if s.number == t.number]) for t in plan.tables]
    over = number < plan.current_round or (number == plan.current_round and not _is_on(plan))
    return Round(number, prompt_of(plan.item, number), [t for t in tables if t.seats], over)


def _table(plan: TablePlan, table: HallTable, seats: Sequence[TableSeat]) -> Table:
    place = place_of(plan.item, table.number)
    return Table(table.number, place, seats, table.code, table.help_at is not None)
