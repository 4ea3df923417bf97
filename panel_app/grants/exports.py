"""The grants register and the rounds' figures as open data."""

from __future__ import annotations

from typing import Any

from markupsafe import escape

from panel_app.core.money import pounds
from panel_app.core.text import _
from panel_app.grants.queries import RegisterRow, register, round_figures
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Field

REGISTER_FIELDS = (
    Field("reference", "code", "The award's public number, which its applicant knows"),
    Field("programme", "text", "The programme's name, in its main language"),
    Field("round", "number", "The round in which it was decided, from 1"),
    Field("title", "text", "What it is for; the same words for everybody who asked alone"),
    Field("recipient", "code", "Who gets it: individual, group or organisation; never a name"),
    Field("mission", "text", "The programme's mission, in its main language; empty without one"),
    Field("asked_pounds", "pounds", "What was asked for"),
    Field("awarded_pounds", "pounds", "What was given"),
    Field("outcome", "code", "The panel's decision, such as fund or part"),
    Field("decided_on", "date", "The day of the decision, in London"),
    Field("reason", "text", "The panel's reason, as it was written"),
    Field("reason_language", "code", "The language of the reason (BCP 47)"),
    Field("answers", "text", "Answers to the programme's own public questions, each on a line"),
)
ROUND_FIELDS = (
    Field("programme", "text", "The programme's name, in its main language"),
    Field("round", "number", "The round, from 1"),
    Field("pot_pounds", "pounds", "What there was to give"),
    Field("awarded_pounds", "pounds", "What was given"),
    Field("left_pounds", "pounds", "What was left"),
    Field("granted", "number", "How many requests were granted"),
    Field("declined", "number", "How many requests were declined"),
)
GENERIC_TITLE = "Small grant to a resident"


def register_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return the panel's awards as rows of REGISTER_FIELDS, texts in their original language."""
    return [_row(row) for row in register(panel)]


def round_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return what became of each round as rows of ROUND_FIELDS."""
    return [
        {
            "programme": str(figures.programme),
            "round": figures.round,
            "pot_pounds": pounds(figures.pot),
            "awarded_pounds": pounds(figures.awarded),
            "left_pounds": pounds(figures.left),
            "granted": figures.granted,
            "declined": figures.declined,
        }
        for figures in round_figures(panel)
    ]


REGISTER = Dataset(
    name="grants",
    title=_("The grants register"),
    fields=REGISTER_FIELDS,
    rows=register_rows,
    whole=register_rows,
)
ROUNDS = Dataset(
    name="rounds",
    title=_("The rounds and their pots"),
    fields=ROUND_FIELDS,
    rows=round_rows,
    whole=round_rows,
)


def _row(row: RegisterRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "programme": str(row.programme),
        "round": row.round,
        "title": row.title or GENERIC_TITLE,
        "recipient": row.recipient,
        "mission": str(row.mission) if row.mission else "",
        "asked_pounds": pounds(row.asked),
        "awarded_pounds": pounds(row.amount),
        "outcome": row.outcome,
        "decided_on": row.decided_on.isoformat(),
        "reason": row.reason,
        "reason_language": row.reason_language,
        "answers": "\n".join(
            f"{wording}: {escape(words).striptags()}" for wording, words in row.answers
        ),
    }
