"""What tables wrote as open data, once it was shown; never by whom."""

from __future__ import annotations

from typing import Any

from panel_app.core import disclosure
from panel_app.core.text import _
from panel_app.deliberation.parts import ABOUT_FIELDS, about, shown_items
from panel_app.deliberation.statements import themes
from panel_app.deliberation.tables import queries
from panel_app.opinions import ThemeBook
from panel_app.panels.models import Panel
from panel_app.sessions.models import AgendaItem
from panel_app.web.exports import EVERY_PANEL, Dataset, Field, Rows

NOTE_FIELDS = (
    Field("item", "code", "The public identifier of the part of the agenda"),
    Field("closed_at", "time", "When the part closed (UTC)"),
    Field("round", "number", "The round in which it was written, from 1"),
    Field("prompt", "text", "What the tables talked about, in its main language; may be empty"),
    Field("table", "number", "The table that wrote it"),
    Field("note", "text", "What the table wrote, in its own language"),
    Field("language", "code", "The language it was written in"),
    Field("theme", "text", "The theme it was sorted into; empty where there is none"),
)


def note_rows(panel: Panel) -> Rows:
    """Return a row for each point that tables wrote and the room was shown."""
    return [
        {"item": item.public_id, "closed_at": about(item)["closed_at"], **row}
        for item in shown_items(panel, "tables")
        for row in _notes(item)
    ]


def notes_result(item: AgendaItem) -> dict[str, Any]:
    """Return how the rounds went and what was written, once it was shown."""
    told = {**about(item), "people": None, "rounds": 0, "tables": 0, "notes": []}
    if item.revealed and item.snapshot:
        told["people"] = disclosure.told(item.snapshot["people"])
        told["rounds"], told["tables"] = item.snapshot["rounds"], item.snapshot["tables"]
        told["notes"] = _notes(item)
    return told


def _notes(item: AgendaItem) -> Rows:
    theme = _theme_names(item)
    return [
        {
            "round": each.round,
            "prompt": str(queries.prompt_of(item, each.round) or ""),
            "table": each.number,
            "note": str(note.wording),
            "language": note.wording.original,
            "theme": theme.get(str(note.place)),
        }
        for each in queries.written(queries.plan_of(item))
        for note in each.notes
    ]


def _theme_names(item: AgendaItem) -> dict[str, str]:
    kept = (item.snapshot or {}).get(themes.THEMES)
    book = ThemeBook.from_json(kept["book"]).themes if kept else ()
    titles = {theme.id: theme.title for theme in book}
    return {number: titles[of] for number, of in themes.assigned(item).items() if of in titles}


NOTES = Dataset(
    name="notes",
    title=_("What tables wrote"),
    fields=NOTE_FIELDS,
    more=(
        *ABOUT_FIELDS,
        Field("people", "number", "How many had a table; empty where fewer than five"),
        Field("rounds", "number", "How many rounds were held"),
        Field("tables", "number", "How many tables there were"),
        Field("notes", "list", "What was written, with the fields of the CSV file"),
    ),
    rows=note_rows,
    whole=lambda panel: [notes_result(item) for item in shown_items(panel, "tables")],
    kinds=EVERY_PANEL,
)
