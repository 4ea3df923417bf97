"""What pages show of statements: the next one, progress, and results that may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.deliberation import written
from panel_app.deliberation.statements import groups, rules
from panel_app.deliberation.statements.models import (
    Answers,
    GuestAnswer,
    Statement,
    StatementAnswer,
    counted_in,
)
from panel_app.sessions.models import AgendaItem, Guest, Participant
from panel_app.web import charts

#: As many of their own statements as a phone tells about, the newest.
MOST_OWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as one member sees it, with their answer where they gave one."""

    statement: Statement
    value: int | None
    #: What the next answer's counter has to be.
    counter: int
    own: bool
    #: Whether they said that it matters to them.
    matters: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one member is: the next statement, and all of them in their order."""

    next: Asked | None
    all: list[Asked]

    @property
    def answered(self) -> int:
        """How many of them this member answered."""
        return sum(asked.value is not None for asked in self.all)


@dataclass(frozen=True, slots=True)
class StatementResult:
    """A statement's figures in one line; None where too few answered to tell."""

    number: int
    wording: Translated
    chart: charts.Stack | None
    #: How many said that it matters to them; None where not asked, or fewer than five did.
    matters: int | None = None

    @property
    def agreed(self) -> float:
        """Return how many per cent agree; the untold count as nobody."""
        return charts.percent(self.chart.parts[0].number, self.chart.whole) if self.chart else -1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a facilitator sees while people answer: how many, never what."""

    people: int
    answers: int
    pending: list[Statement]


def statement_of(public_id: str, panel_id: int) -> Statement | None:
    """Return one statement of a panel's sessions."""
    return written.called(Statement, public_id, panel_id)


def statements_of(item: AgendaItem) -> list[Statement]:
    """Return every statement of an item, by number."""
    return written.texts_of(Statement, item)


def progress(item: AgendaItem, member: Participant) -> Progress:
    """Return the accepted statements in this person's order, and the first without an answer."""
    answers: Answers = GuestAnswer if isinstance(member, Guest) else StatementAnswer
    given = (answers.statement_id == Statement.id) & (answers.person_id == member.id)
    query = (
        select(Statement, answers.value, answers.counter, answers.matters)
        .outerjoin(answers, given)
        .where(Statement.item_id == item.id, Statement.state == "accepted")
    )
    asked = [
        Asked(
            statement, value, (counter or 0) + 1, written.is_own(statement, member), bool(matters)
        )
        for statement, value, counter, matters in db.session.execute(query)
    ]
    asked.sort(key=lambda one: rules.place(member.public_id, one.statement.public_id))
    return Progress(next=next((one for one in asked if one.value is None), None), all=asked)


def own_statements(item: AgendaItem, person: Participant) -> list[Statement]:
    """Return the newest that somebody wrote in a round, the newest first."""
    return written.own(Statement, item, person, MOST_OWN)


def waiting_of(item: AgendaItem, member: Participant) -> int:
    """Return how many of this person's own statements still wait for a moderator."""
    query = select(func.count()).where(
        Statement.item_id == item.id,
        written.written_by(Statement, member),
        Statement.state == "pending",
    )
    return db.session.scalar(query) or 0


def statement_figures(item: AgendaItem) -> Figures:
    """Count people and answers, and list what waits for a moderator."""
    of = counted_in(item)
    counted = (
        select(func.count(of.person_id.distinct()), func.count())
        .select_from(of)
        .join(Statement, Statement.id == of.statement_id)
        .where(Statement.item_id == item.id)
    )
    people, answers = db.session.execute(counted).one()
    pending = [one for one in statements_of(item) if one.state == "pending"]
    return Figures(people, answers, pending)


def guests_who_answered(item: AgendaItem) -> int:
    """Return how many guests answered at least one."""
    query = select(func.count(GuestAnswer.guest_id.distinct())).join(
        Statement, Statement.id == GuestAnswer.statement_id
    )
    return db.session.scalar(query.where(Statement.item_id == item.id)) or 0


def alike(item: AgendaItem, pending: Sequence[Statement]) -> dict[int, Translated]:
    """Return the statements that those waiting resemble, by number, to stand beside them."""
    numbers = {one.resembles for one in pending if one.resembles}
    query = select(Statement.number, Statement.wording).where(
        Statement.item_id == item.id, Statement.number.in_(numbers)
    )
    return {number: wording for number, wording in db.session.execute(query).all()}  # noqa: C416


def statement_counts(item: AgendaItem, answers: Answers | None = None) -> list[dict[str, Any]]:
    """Return each accepted statement's figures as JSON values, `None` where too few answered.

    Of the answers that count in the round, unless others are named.
    """
    of = answers or counted_in(item)

    def counted(value: int) -> Any:
        return func.sum(case((of.value == value, 1), else_=0))

    mattered = func.sum(case((of.matters, 1), else_=0))
    query = (
        select(Statement, counted(1), counted(-1), counted(0), mattered)
        .outerjoin(of, of.statement_id == Statement.id)
        .where(Statement.item_id == item.id, Statement.state == "accepted")
        .group_by(Statement.id)
        .order_by(Statement.number)
    )
    asked = bool(item.settings.get("matters", False))
    return [
        _told(statement, {"agree": agree, "disagree": disagree, "pass": passes})
        | ({"matters": disclosure.told(matters)} if asked else {})
        for statement, agree, disagree, passes, matters in db.session.execute(query)
    ]


def statement_results(item: AgendaItem) -> list[StatementResult]:
    """Return the results kept when the item closed: what all groups agree with comes first, then
    the most agreed with."""
    return _ranked(item.snapshot, groups.shared(item))


def guest_results(item: AgendaItem) -> list[StatementResult]:
    """Return the same of the guests' answers alone."""
    return _ranked(item.guest_snapshot, set())


def _ranked(snapshot: Mapping[str, Any] | None, first: set[int]) -> list[StatementResult]:
    kept = (snapshot or {}).get("statements", [])
    results = [_statement_result(row) for row in kept]
    return sorted(results, key=lambda one: (one.number not in first, -one.agreed, one.number))


def own_answers(item: AgendaItem, person: Participant) -> dict[int, int]:
    """Return what somebody made of the statements, by their numbers."""
    of: Answers = GuestAnswer if isinstance(person, Guest) else StatementAnswer
    query = (
        select(Statement.number, of.value)
        .join(of, of.statement_id == Statement.id)
        .where(Statement.item_id == item.id, of.person_id == person.id)
    )
    return {number: value for number, value in db.session.execute(query).all()}  # noqa: C416


def _told(statement: Statement, counts: Mapping[str, int | None]) -> dict[str, Any]:
    """Return a statement's figures as they may be kept and shown."""
    figures = {name: number or 0 for name, number in counts.items()}
    answers = sum(figures.values())
    hidden: dict[str, int | None] = dict.fromkeys(figures)
    return {
        "number": statement.number,
        **_written(statement.wording),
        "answers": answers if disclosure.may_tell(answers) else None,
        **(figures if disclosure.may_tell(answers) else hidden),
    }


def _statement_result(row: Mapping[str, Any]) -> StatementResult:
    told = row["agree"] is not None
    chart = charts.answers(row["agree"], row["pass"], row["disagree"]) if told else None
    return StatementResult(row["number"], _read(row), chart, row.get("matters"))


def _written(wording: Translated) -> dict[str, Any]:
    return {"language": wording.original, "text": wording.texts()}


def _read(row: Mapping[str, Any]) -> Translated:
    return Translated.of(row["language"], **row["text"])
