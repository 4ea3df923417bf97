"""Results of statements as open data: figures that may be told, never a person's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web.exports import Dataset, Field, Rows

ABOUT_FIELDS = (
    Field("item", "code", "The public identifier of the part of the agenda"),
    Field("kind", "code", "What the part asked of people"),
    Field("title", "by key", "The part's title, by language"),
    Field("state", "code", "waiting, open or closed"),
    Field("revealed", "yes or no", "Whether the results were shown; until then none is told"),
    Field("closed_at", "time", "When the part closed (UTC)"),
)
STATEMENT_FIELDS = (
    Field("round", "code", "The public identifier of the part of the agenda"),
    Field("closed_at", "time", "When the round closed (UTC)"),
    Field("number", "number", "The statement's number in its round, from 1"),
    Field("language", "code", "The language in which it was written (BCP 47)"),
    Field("statement", "text", "The statement, in that language"),
    Field("answers", "number", "How many people answered"),
    Field("agree", "number", "How many agreed; empty where fewer than five answered"),
    Field("disagree", "number", "How many disagreed; empty where fewer than five answered"),
    Field("pass", "number", "How many passed; empty where fewer than five answered"),
)
#: What a row of the CSV takes from the kept figures as it is.
_FIGURES = ("number", "language", "answers", "agree", "disagree", "pass")


def statements_result(item: AgendaItem) -> dict[str, Any]:
    """Return a round of statements with its figures as they stood when it closed.

    Nothing is told before the round's results were revealed; figures of fewer than five
    answers are None.
    """
    told = {**about(item), "statements": []}
    if item.revealed and item.snapshot:
        told["people"] = item.snapshot["people"]
        told["statements"] = item.snapshot["statements"]
    return told


def rounds_of(panel: Panel) -> list[dict[str, Any]]:
    """Return the panel's rounds of statements whose results are shown, in their order."""
    return [statements_result(item) for item in shown_items(panel, "statements")]


def statement_rows(panel: Panel) -> Rows:
    """Return a row for each statement of those rounds, in the language it was written in."""
    return [
        {
            "round": told["item"],
            "closed_at": told["closed_at"],
            **{name: row[name] for name in _FIGURES},
            "statement": row["text"][row["language"]],
        }
        for told in rounds_of(panel)
        for row in told["statements"]
    ]


def shown_items(panel: Panel, kind: str) -> list[AgendaItem]:
    """Return the parts of a kind in the panel's sessions whose results are shown, in order."""
    query = (
        select(AgendaItem)
        .join(AgendaItem.session)
        .where(Session.panel_id == panel.id, AgendaItem.kind == kind)
        .where(AgendaItem.revealed)
        .order_by(Session.starts_at, AgendaItem.position)
    )
    return list(db.session.scalars(query))


STATEMENTS = Dataset(
    name="statements",
    title=_("Statements, and how people answered"),
    fields=STATEMENT_FIELDS,
    more=(
        *ABOUT_FIELDS,
        Field("people", "number", "How many people answered at least one statement"),
        Field("statements", "list", "The statements, with the fields of the CSV file"),
        Field("statements.text", "by key", "The statement, by language"),
    ),
    rows=statement_rows,
    whole=rounds_of,
)


def about(item: AgendaItem) -> dict[str, Any]:
    """Return what is told of any part that asked something."""
    return {
        "item": item.public_id,
        "kind": item.kind,
        "title": item.title.texts(),
        "state": item.state,
        "revealed": item.revealed,
        "closed_at": item.closed_at.isoformat() if item.closed_at else None,
    }
