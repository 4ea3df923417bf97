"""Results of questions to the room as open data: figures that may be told, never a person's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panel_app.core import disclosure
from panel_app.core.text import _
from panel_app.deliberation.parts import ABOUT_FIELDS, GUESTS, OF, about, of_parts
from panel_app.deliberation.questions.queries import for_anyone, hidden_in, put_in, results
from panel_app.questions.queries import Result
from panel_app.sessions.models import AgendaItem
from panel_app.web.exports import Field, Rows

QUESTION_FIELDS = (
    Field("item", "code", "The public identifier of the part of the agenda"),
    Field("closed_at", "time", "When the part closed (UTC)"),
    Field("question", "text", "What was asked, in its main language"),
    Field("kind", "code", "The kind of question, such as one, several, scale or ranking"),
    Field("answers", "number", "How many answered; empty where fewer than five did"),
    Field("answer", "text", "What could be answered, in the question's main language"),
    Field("unit", "code", "What the figures count: people, places or points"),
    Field("from", "number", "The figure; where it would tell of fewer than five, the least"),
    Field("to", "number", "The figure; where it would tell of fewer than five, the most"),
    OF,
)


def question_result(item: AgendaItem) -> dict[str, Any]:
    """Return what was asked, with the figures as they stood at closing once they were shown."""
    told = {**about(item), "answers": None, "questions": []}
    if item.revealed and item.snapshot:
        put = put_in(item)
        figures = for_anyone(put, item.snapshot["questions"])
        told["answers"] = disclosure.told(item.snapshot["answers"])
        told["questions"] = [
            {
                **question.to_json(),
                **figures[question.code],
                "words_hidden": len(hidden_in(item, question.code, public=True)),
            }
            for question in put.questions
        ]
    return told


def _rows(result: Result) -> Rows:
    question = result.question
    asked = {
        "question": str(question.wording),
        "kind": question.kind,
        "answers": result.answers,
    }
    words = {option.code: str(option.wording) for option in question.options}
    told = [
        {"answer": words.get(r.key, r.key), "unit": result.unit, "from": r.low, "to": r.high}
        for r in (shown.row for shown in result.rows)
    ]
    return [{**asked, **row} for row in told or [{}]]


def _told(item: AgendaItem, kept: Mapping[str, Any]) -> Rows:
    """Return a row for each answer that could be chosen; `from` and `to` hold its figure.

    They differ where the figure itself would tell of fewer than five people. A question that is
    answered in people's own words, or by fewer than five, is one row without figures.
    """
    return [row for one in results(put_in(item), kept, public=True) for row in _rows(one)]


QUESTIONS = of_parts(
    ["question"],
    name="questions",
    title=_("Questions put to the room"),
    fields=QUESTION_FIELDS,
    more=(
        *ABOUT_FIELDS,
        Field("questions", "document", "Each question as it was asked, with its kept figures"),
        GUESTS,
    ),
    result=question_result,
    rows=_told,
)
