"""What open data tells of any part of an agenda that asked something, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.sessions import guests
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web.exports import EVERY_PANEL, Dataset, Field, Rows

ABOUT_FIELDS = (
    Field("item", "code", "The public identifier of the part of the agenda"),
    Field("kind", "code", "What the part asked of people"),
    Field("title", "by key", "The part's title, by language"),
    Field("state", "code", "waiting, open or closed"),
    Field("revealed", "yes or no", "Whether the results were shown; until then none is told"),
    Field("closed_at", "time", "When the part closed (UTC)"),
)


def shown_items(panel: Panel, kind: str) -> list[AgendaItem]:
    """Return the parts of a kind in the panel's sessions whose results are shown, in order."""
    query = (
        select(AgendaItem)
        .join(AgendaItem.session)
        .where(Session.panel_id == panel.id, AgendaItem.kind == kind)
        .where(AgendaItem.revealed, AgendaItem.kept_back.is_(False))
        .order_by(Session.starts_at, AgendaItem.position)
    )
    return list(db.session.scalars(query))


#: Whose the figures of a row are; those of guests come after the panel's, and no row is of both.
OF = Field("of", "code", "Whose answers: `panel`, or `guests`, who have no seat and stand apart")
GUESTS = Field("guests", "document", "The same of the guests alone; null where none answered")


def by_group(item: AgendaItem) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the kept figures of a part by whose they are: the panel's, then the guests'."""
    if item.session.panel.is_open:
        return [("guests", item.snapshot or {})]
    of_guests = (item.guest_snapshot or {}) if guests.published(item) else {}
    return [("panel", item.snapshot or {}), *([("guests", of_guests)] if of_guests else [])]


def of_parts(
    kinds: Sequence[str],
    *,
    result: Callable[[AgendaItem], dict[str, Any]],
    rows: Callable[[AgendaItem, Mapping[str, Any]], Rows],
    item: str = "item",
    **dataset: Any,
) -> Dataset:
    """Return open data of parts of some kinds whose results are shown.

    A row says of which part (called `item`) it is and of whom: `rows` makes those of the panel
    and of guests alike from kept figures. The whole is the `result` of each part, guests' apart.
    """

    def parts(panel: Panel) -> list[AgendaItem]:
        return [each for kind in kinds for each in shown_items(panel, kind)]

    def told(panel: Panel) -> Rows:
        return [
            {item: each.public_id, "closed_at": about(each)["closed_at"], **row, "of": of}
            for each in parts(panel)
            for of, kept in by_group(each)
            for row in rows(each, kept)
        ]

    def whole(panel: Panel) -> list[dict[str, Any]]:
        return [{**result(each), "guests": guests.published(each)} for each in parts(panel)]

    return Dataset(rows=told, whole=whole, kinds=EVERY_PANEL, **dataset)


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
