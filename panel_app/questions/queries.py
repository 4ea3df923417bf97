"""Reading questionnaires, answers, and what they come to, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from panel_app.core.db import db, one
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.questions import asking
from panel_app.questions.kinds import kind_called
from panel_app.questions.models import AnswerSet, Questionnaire
from panel_app.questions.question import Answers, Question
from panel_app.questions.summaries import Row, Summary
from panel_app.web import charts

_FIGURES = {
    "mean": _("%(value)s on average"),
    "middle": _("%(value)s in the middle"),
    "none_below": _("Nobody is below %(value)s."),
    "some_below": _("Somebody is below %(value)s: hear them first."),
}


def questionnaire_of(panel: Panel, public_id: str) -> Questionnaire:
    """Return a panel's questionnaire. Raises NotFound for another panel's."""
    return one(
        select(Questionnaire).where(
            Questionnaire.public_id == public_id, Questionnaire.panel_id == panel.id
        )
    )


def answers_by(about: str, who: str) -> AnswerSet | None:
    """Return what somebody answered, or None."""
    query = select(AnswerSet).where(AnswerSet.about == about, AnswerSet.who == who)
    return db.session.scalar(query)


def people(about: str) -> int:
    """Return how many answered."""
    return db.session.scalar(select(func.count()).where(AnswerSet.about == about)) or 0


def everybodys(about: str) -> list[Answers]:
    """Return everybody's answers, in an order that tells nothing of who gave them."""
    query = select(AnswerSet.answers).where(AnswerSet.about == about)
    return list(db.session.scalars(query.order_by(AnswerSet.who)))


def summaries(
    questions: Sequence[Question], answer_sets: Sequence[Answers]
) -> list[tuple[Question, Summary]]:
    """Return what the answers to each question come to; those of nobody asked are left out."""
    asked = [(given, {q.code for q in asking.asked_of(questions, given)}) for given in answer_sets]
    found = []
    for question in questions:
        given = [
            answers[question.code]
            for answers, codes in asked
            if question.code in codes and not asking.is_empty(answers.get(question.code, ""))
        ]
        found.append((question, kind_called(question.kind).summarise(question, given)))
    return found


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of a result with its words and its bar."""

    row: Row
    label: Any
    bar: charts.Bar


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers to one question come to, ready for a page."""

    question: Question
    answers: int | None
    unit: str
    rows: list[ResultRow]
    figures: list[Any]
    #: How the answers lie on a scale, where the question is one.
    columns: charts.Columns | None = None
    #: How many words of it were hidden by a person.
    hidden: int = 0

    @property
    def withheld(self) -> bool:
        """Whether some of its figures may not be told."""
        return any(not row.row.exact for row in self.rows)


def result(question: Question, summary: Summary) -> Result:
    """Return a summary ready for a page."""
    kind = kind_called(question.kind)
    rows = [
        ResultRow(row, kind.label(question, row.key), _bar(row, summary.unit))
        for row in summary.rows
    ]
    figures = [
        _FIGURES[name] % {"value": kind.figure(question, value)}
        for name, value in summary.figures.items()
    ]
    columns = kind.columns(question, summary) if rows else None
    return Result(question, summary.answers, summary.unit, rows, figures, columns)


def on_one_scale(results: Sequence[Result]) -> list[Result]:
    """Return results whose columns can be compared with each other."""
    drawn = iter(charts.on_one_scale([each.columns for each in results if each.columns]))
    return [replace(each, columns=next(drawn)) if each.columns else each for each in results]


def _bar(row: Row, unit: str) -> charts.Bar:
    """Return the bar of a row; what is only told as a range shows what it is at least."""
    if unit == "places":
        return charts.bar(row.of + 1 - row.low, row.of)
    return charts.bar(row.low if row.exact or row.at_least else 0, row.of)
