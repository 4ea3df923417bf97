"""The grants register and the rounds' figures as open data."""

from __future__ import annotations

from typing import Any

from panel_app.core.money import pounds
from panel_app.core.text import _
from panel_app.grants.queries import RegisterRow, register, round_figures
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset

#: The columns of the register, in order.
REGISTER_COLUMNS = [
    "reference",
    "programme",
    "round",
    "title",
    "recipient",
    "mission",
    "asked_pounds",
    "awarded_pounds",
    "outcome",
    "decided_on",
    "reason",
    "reason_language",
]
#: The columns of the rounds, in order.
ROUND_COLUMNS = [
    "programme",
    "round",
    "pot_pounds",
    "awarded_pounds",
    "left_pounds",
    "granted",
    "declined",
]
GENERIC_TITLE = "Small grant to a resident"


def register_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return the panel's awards as rows of REGISTER_COLUMNS, texts in their original language."""
    return [_row(row) for row in register(panel)]


def round_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return what became of each round as rows of ROUND_COLUMNS."""
    return [
        {
            "programme": str(figures.programme),
            "round": figures.round,
            "pot_pounds": pounds(figures.pot),
            "awarded_pounds": pounds(figures.committed),
            "left_pounds": pounds(figures.left),
            "granted": figures.granted,
            "declined": figures.declined,
        }
        for figures in round_figures(panel)
    ]


REGISTER = Dataset(
    name="grants",
    title=_("The grants register"),
    columns=REGISTER_COLUMNS,
    rows=register_rows,
    whole=register_rows,
)
ROUNDS = Dataset(
    name="rounds",
    title=_("The rounds and their pots"),
    columns=ROUND_COLUMNS,
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
    }
