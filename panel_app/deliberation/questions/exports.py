"""Results of questions to the room as open data: figures that may be told, never a person's."""

from __future__ import annotations

from typing import Any

from panel_app.deliberation.exports import about
from panel_app.deliberation.questions.queries import put_in
from panel_app.sessions.models import AgendaItem


def question_result(item: AgendaItem) -> dict[str, Any]:
    """Return what was asked, with the figures as they stood at closing once they were shown."""
    told = {**about(item), "answers": 0, "questions": []}
    if item.revealed and item.snapshot:
        figures = item.snapshot["questions"]
        told["answers"] = item.snapshot["answers"]
        told["questions"] = [
            {**question.to_json(), **figures[question.code]} for question in put_in(item).questions
        ]
    return told
