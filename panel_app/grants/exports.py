"""The grants register and the declined counts as open data."""

from __future__ import annotations

from typing import Any

from panel_app.grants.queries import RegisterRow, declined, register
from panel_app.panels.models import Panel

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
GENERIC_TITLE = "Small grant to a resident"


def register_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return the panel's awards as rows of REGISTER_COLUMNS, texts in their original language."""
    return [_row(row) for row in register(panel)]


def declined_rows(panel: Panel) -> list[dict[str, Any]]:
    """Return how many applications were declined, by programme and round."""
    return [
        {"programme": str(count.programme), "round": count.round, "declined": count.number}
        for count in declined(panel)
    ]


def _row(row: RegisterRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "programme": str(row.programme),
        "round": row.round,
        "title": row.title or GENERIC_TITLE,
        "recipient": row.recipient,
        "mission": str(row.mission) if row.mission else "",
        "asked_pounds": _pounds(row.asked),
        "awarded_pounds": _pounds(row.amount),
        "outcome": row.outcome,
        "decided_on": row.decided_on.isoformat(),
        "reason": row.reason,
        "reason_language": row.reason_language,
    }


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"
