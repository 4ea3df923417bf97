"""The open data of a panel: each set as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from panel_app.budgets.exports import PROJECT_COLUMNS, ballot_result, projects_rows
from panel_app.core import audit
from panel_app.grants.exports import REGISTER_COLUMNS, ROUND_COLUMNS, register_rows, round_rows
from panel_app.panels.models import Panel
from panel_app.publishing.queries import closed_ballots
from panel_app.recruitment.exports import COMPOSITION_COLUMNS, composition_rows
from panel_app.recruitment.queries import draw_story

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set of rows with their columns, and (for JSON) whatever else is known."""

    rows: Callable[[Panel], Rows]
    columns: list[str]
    whole: Callable[[Panel], Any]


DRAW_COLUMNS = [
    "panel",
    "pool",
    "size",
    "possible_panels",
    "smallest_chance",
    "fingerprint",
    "fixed_at",
    "dice",
    "drawn",
    "drawn_at",
]


def draw_rows(panel: Panel) -> Rows:
    """Return how the panel was chosen, as one row of figures, or none before the draw."""
    story = draw_story(panel)
    if story is None:
        return []
    return [
        {
            "panel": panel.slug,
            "pool": story.pool_size,
            "size": story.size,
            "possible_panels": story.panels,
            "smallest_chance": story.smallest_chance,
            "fingerprint": story.commitment,
            "fixed_at": story.committed_at.isoformat(),
            "dice": story.dice,
            "drawn": story.number,
            "drawn_at": story.drawn_at.isoformat() if story.drawn_at else None,
        }
    ]


def chosen(panel: Panel) -> dict[str, Any]:
    """Return how people were chosen: the draw and the composition against the targets."""
    head = audit.head()
    return {
        "draw": next(iter(draw_rows(panel)), None),
        "composition": composition_rows(panel),
        "log_head": {"number": head.number, "hash": head.hash},
    }


def decision_rows(panel: Panel) -> Rows:
    """Return every project of every closed budget ballot with what became of it."""
    return [
        {"ballot": ballot.public_id, **row}
        for ballot in closed_ballots(panel)
        for row in projects_rows(ballot)
    ]


def decisions(panel: Panel) -> list[dict[str, Any]]:
    """Return every closed budget ballot with its counts and their explanation."""
    return [ballot_result(ballot) for ballot in closed_ballots(panel)]


DATASETS: dict[str, Dataset] = {
    "draw": Dataset(draw_rows, DRAW_COLUMNS, chosen),
    "composition": Dataset(composition_rows, COMPOSITION_COLUMNS, composition_rows),
    "decisions": Dataset(decision_rows, ["ballot", *PROJECT_COLUMNS], decisions),
    "grants": Dataset(register_rows, REGISTER_COLUMNS, register_rows),
    "rounds": Dataset(round_rows, ROUND_COLUMNS, round_rows),
}
