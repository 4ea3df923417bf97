"""Results of statements and polls as open data: figures that may be told, never a person's."""

from __future__ import annotations

from typing import Any

from panel_app.deliberation.queries import statement_figures
from panel_app.sessions.models import AgendaItem


def statements_result(item: AgendaItem) -> dict[str, Any]:
    """Return a round of statements with its figures as they stood when it closed.

    Nothing is told before the round's results were revealed; figures of fewer than five
    answers are None.
    """
    told = {**_about(item), "people": statement_figures(item).people, "statements": []}
    if item.revealed and item.snapshot:
        told["statements"] = item.snapshot["statements"]
    return told


def poll_result(item: AgendaItem) -> dict[str, Any]:
    """Return a poll with its figures as they stood when it closed, once revealed."""
    told = {**_about(item), "answers": 0, "options": []}
    if item.revealed and item.snapshot:
        told.update(item.snapshot)
    return told


def _about(item: AgendaItem) -> dict[str, Any]:
    texts = {language: version.text for language, version in item.title.versions.items()}
    return {
        "item": item.public_id,
        "kind": item.kind,
        "title": texts,
        "state": item.state,
        "revealed": item.revealed,
        "closed_at": item.closed_at.isoformat() if item.closed_at else None,
    }
