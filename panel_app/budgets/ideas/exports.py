"""Ideas as open data: what everybody sees, with every answer and its reason."""

from __future__ import annotations

from typing import Any

from panel_app.budgets.ideas import queries
from panel_app.budgets.ideas.queries import IdeaShown
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Field, Rows

FIELDS = (
    Field("pot", "code", "The pot's public identifier"),
    Field("number", "number", "The idea's number among those for the pot, from 1"),
    Field("title", "text", "What somebody would change, in its author's words"),
    Field("why", "text", "Why and for whom, in its author's words"),
    Field("language", "code", "The author's language"),
    Field("origin", "text", "How it came: phone, stall, workshop or council"),
    Field("place", "text", "Where something would change; empty for nowhere in particular"),
    Field("received_on", "date", "The day on which it came"),
    Field("wanted_by_at_least", "number", "How many people want it, at least, in steps of five"),
    Field("standing", "text", "none (no cost yet), costed, unknown (cost not known), or no"),
    Field("cost_pence", "pence", "What it would cost; empty without a cost"),
    Field("yearly", "yes or no", "Whether it costs that every year; empty without a cost"),
    Field("basis", "text", "How the cost was worked out; empty without one"),
    Field("reason", "text", "The officer's reason in plain words; empty where none was given"),
    Field("project", "code", "The project that it is part of; empty for none"),
)


def rows(panel: Panel) -> Rows:
    """Return every idea that everybody sees, by pot and number."""
    found: Rows = []
    for call in reversed(queries.panels_calls(panel.id)):
        query = queries.listed(call).options(*queries.WITH_ALL)
        ideas = sorted(db.session.scalars(query), key=lambda idea: idea.number)
        found += [_row(call.pot.public_id, told) for told in queries.shown(ideas)]
    return found


def _row(pot: str, told: IdeaShown) -> dict[str, Any]:
    idea, costing = told.idea, told.costing
    return {
        "pot": pot,
        "number": idea.number,
        "title": str(idea.title),
        "why": str(idea.why),
        "language": idea.language,
        "origin": idea.origin,
        "place": str(idea.place.name) if idea.place else "",
        "received_on": idea.created_at.date().isoformat(),
        "wanted_by_at_least": told.wanted,
        "standing": idea.costing,
        "cost_pence": costing.pence if costing else None,
        "yearly": costing.yearly if costing and costing.pence else None,
        "basis": costing.basis if costing else "",
        "reason": str(costing.reason) if costing else "",
        "project": idea.project.public_id if idea.project else "",
    }


IDEAS = Dataset(
    name="ideas",
    title=_("Ideas of residents"),
    fields=FIELDS,
    rows=rows,
    whole=rows,
)
