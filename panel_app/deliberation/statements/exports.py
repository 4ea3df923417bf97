"""Results of statements as open data: figures that may be told, never a person's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panel_app.core import disclosure
from panel_app.core.text import _
from panel_app.deliberation.parts import ABOUT_FIELDS, GUESTS, OF, about, of_parts
from panel_app.sessions.models import AgendaItem
from panel_app.web.exports import Field, Rows

STATEMENT_FIELDS = (
    Field("round", "code", "The public identifier of the part of the agenda"),
    Field("closed_at", "time", "When the round closed (UTC)"),
    Field("number", "number", "The statement's number in its round, from 1"),
    Field("language", "code", "The language in which it was written (BCP 47)"),
    Field("statement", "text", "The statement, in that language"),
    Field("answers", "number", "How many people answered; empty where fewer than five did"),
    Field("agree", "number", "How many agreed; empty where fewer than five answered"),
    Field("disagree", "number", "How many disagreed; empty where fewer than five answered"),
    Field("pass", "number", "How many passed; empty where fewer than five answered"),
    Field("matters", "number", "To how many it matters; empty where not asked, or under five"),
    OF,
)
#: What a row of the CSV takes from the kept figures as it is.
_FIGURES = ("number", "language", "answers", "agree", "disagree", "pass", "matters")


def statements_result(item: AgendaItem) -> dict[str, Any]:
    """Return a round of statements with its figures as they stood when it closed.

    Nothing is told before the round's results were revealed; figures of fewer than five
    answers are None.
    """
    told = {**about(item), "statements": []}
    if item.revealed and item.snapshot:
        told["people"] = disclosure.told(item.snapshot["people"])
        told["statements"] = [
            {**row, "answers": disclosure.told(row["answers"])}
            for row in item.snapshot["statements"]
        ]
    return told


def _rows(item: AgendaItem, kept: Mapping[str, Any]) -> Rows:
    """Return a row for each statement, in the language it was written in."""
    return [
        {
            **{name: row.get(name) for name in _FIGURES},
            "answers": disclosure.told(row["answers"]),
            "statement": row["text"][row["language"]],
        }
        for row in kept.get("statements", ())
    ]


STATEMENTS = of_parts(
    ["statements"],
    item="round",
    name="statements",
    title=_("Statements, and how people answered"),
    fields=STATEMENT_FIELDS,
    more=(
        *ABOUT_FIELDS,
        Field("people", "number", "How many people answered at least one; null under five"),
        Field("statements", "list", "The statements, with the fields of the CSV file"),
        Field("statements.text", "by key", "The statement, by language"),
        GUESTS,
    ),
    result=statements_result,
    rows=_rows,
)
