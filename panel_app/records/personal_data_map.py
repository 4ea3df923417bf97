"""The map of personal data in docs/personal-data.md, made from what the features say they hold."""

from __future__ import annotations

from pathlib import Path

from panel_app.core.feature import offered
from panel_app.core.holdings import Holder, Place

START, END = "<!-- made by panel_app.records.personal_data_map -->", "<!-- end -->"


def table() -> str:
    """Return the map as a table in Markdown, feature by feature."""
    rows = [_row(place) for holder in offered(Holder) for place in holder.places]
    head = "| What | Where | Who sees it | What erasing does |\n|---|---|---|---|"
    return "\n".join([START, head, *rows, END])


def written_into(document: Path) -> str:
    """Return the document's text with the map as it is now."""
    before, _start, rest = document.read_text().partition(START)
    _old, _end, after = rest.partition(END)
    return before + table() + after


def _row(place: Place) -> str:
    where = ", ".join(f"`{column}`" for column in place.columns)
    return f"| {place.what} | {where} | {place.seen_by} | {place.goes} |"
