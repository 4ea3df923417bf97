"""Commitments as open data."""

from __future__ import annotations

from typing import Any

from panel_app.budgets.commitments import queries
from panel_app.budgets.commitments.queries import Followed
from panel_app.budgets.taken_on import Taken
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.web.exports import Dataset, Field, Rows

FIELDS = (
    Field("ballot", "code", "The ballot on which it stood"),
    Field("project", "code", "The project's public identifier"),
    Field("title", "text", "The project's title, in its main language"),
    Field("who", "text", "Who takes it on, in words; groups and partners, no names of people"),
    Field("what", "text", "What they take on"),
    Field("kind", "text", "hours, money, room or thing"),
    Field("hours", "number", "How many hours; empty for anything else"),
    Field("pence", "pence", "How much money; empty for anything else"),
    Field("state", "text", "offered, agreed, done or not_done, as it stands now"),
    Field("since", "date", "Since when it stands so; empty where only the ballot knows it"),
    Field("words", "text", "What was said of it last; empty for nothing"),
    Field("cost_pence", "pence", "What the pot pays for the project if it is done"),
    Field("plan_b", "text", "full (the council does it all), out (it is left out), or empty"),
    Field("council_cost_pence", "pence", "What the council doing it all costs; empty if unsaid"),
    Field("funded", "yes or no", "Whether the ballot funded it; empty where that is not told"),
)


def rows(panel: Panel) -> Rows:
    """Return a row for every commitment that stood on a ballot."""
    return [_row(one, taken) for one in queries.followed(panel) for taken in one.taken]


def _row(one: Followed, taken: Taken) -> dict[str, Any]:
    promise, option = taken.promise, one.option
    last = taken.steps[-1][1] if taken.steps else None
    return {
        "ballot": one.ballot.public_id,
        "project": option.id,
        "title": str(option.title),
        "who": str(promise.who),
        "what": str(promise.what),
        "kind": promise.kind,
        "hours": promise.hours,
        "pence": promise.pence,
        "state": last.state if last else promise.state,
        "since": last.created_at.date().isoformat() if last else "",
        "words": str(last.words or "") if last else "",
        "cost_pence": option.cost,
        "plan_b": option.plan_b or "",
        "council_cost_pence": option.council_cost,
        "funded": one.funded,
    }


COMMITMENTS = Dataset(
    name="commitments",
    title=_("What residents and partners took on"),
    fields=FIELDS,
    rows=rows,
    whole=rows,
)
