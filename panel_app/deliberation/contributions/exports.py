"""Questions and ideas from the room as open data: figures that may be told, never a person's."""

from __future__ import annotations

from typing import Any

from panel_app.core import disclosure
from panel_app.core.text import _
from panel_app.deliberation.contributions import queries
from panel_app.deliberation.contributions.words import WORDS
from panel_app.deliberation.parts import ABOUT_FIELDS, GUESTS, OF, about, of_parts
from panel_app.sessions.models import AgendaItem
from panel_app.web.exports import Field, Rows

CONTRIBUTION_FIELDS = (
    Field("item", "code", "The public identifier of the part of the agenda"),
    Field("kind", "code", "`qa` for questions from the room, `ideas` for ideas"),
    Field("closed_at", "time", "When the part closed (UTC)"),
    Field("number", "number", "Its number in its part, from 1"),
    Field("language", "code", "The language in which it was written (BCP 47)"),
    Field("text", "text", "What was written, in that language"),
    Field("wanted_by", "number", "How many want it, its author too; empty under five"),
    Field("answered_at", "time", "When it was noted as answered or taken up (UTC); empty if not"),
    OF,
)


def contributions_result(item: AgendaItem) -> dict[str, Any]:
    """Return what was shown in a part, with the figures as they stood when it closed.

    Nothing is told before the results were revealed; figures of fewer than five are None.
    """
    told = {**about(item), "people": None, "withdrawn": None, "contributions": []}
    if item.revealed and item.snapshot:
        told["people"] = disclosure.told(item.snapshot["people"])
        told["withdrawn"] = queries.overview(item).withdrawn
        told["contributions"] = [
            {name: figure for name, figure in row.items() if name != "kind"}
            for row in _rows(item, item.snapshot)
        ]
    return told


def _rows(item: AgendaItem, kept: Any) -> Rows:
    figures = kept.get("figures", {})
    return [
        {
            "kind": item.kind,
            "number": one.number,
            "language": one.wording.original,
            "text": str(one.wording),
            "wanted_by": figures.get(str(one.number)),
            "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        }
        for one in queries.contributions_of(item)
        if one.state == "accepted"
    ]


CONTRIBUTIONS = of_parts(
    sorted(WORDS, reverse=True),
    name="contributions",
    title=_("Questions and ideas from the room"),
    fields=CONTRIBUTION_FIELDS,
    more=(
        *ABOUT_FIELDS,
        Field("people", "number", "How many wrote or wanted something; null under five"),
        Field("withdrawn", "number", "How many their authors took back; no word of them is kept"),
        Field("contributions", "list", "What was shown, with the fields of the CSV file"),
        GUESTS,
    ),
    result=contributions_result,
    rows=_rows,
)
