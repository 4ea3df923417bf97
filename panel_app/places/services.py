"""What can be done to places: add, rename, move, remove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.places.models import KINDS, Place, PlaceKind


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """What keeps a place from being removed: `holds` returns whether something lies there."""

    holds: Callable[[Place], bool]


def add_place(*, kind: PlaceKind, name: Translated, parent: Place | None, actor: str) -> Place:
    """Add a place. Raises Refused where it would lie in one as narrow as itself."""
    _check_inside(kind, parent)
    place = Place(kind=kind, name=name, parent=parent)
    db.session.add(place)
    db.session.flush()
    audit.record("place.added", actor=actor, subject=f"place:{place.public_id}", kind=kind)
    return place


def change_place(
    *, place: Place, kind: PlaceKind, name: Translated, parent: Place | None, actor: str
) -> None:
    """Rename or move a place. Raises Refused where it, or what lies in it, would not fit."""
    _check_inside(kind, parent)
    if any(not _wider(kind, inside.kind) for inside in _inside(place)):
        raise Refused(_("Something that lies in it is as wide as that."), field="kind")
    place.kind, place.name, place.parent = kind, name, parent
    db.session.flush()
    audit.record("place.changed", actor=actor, subject=f"place:{place.public_id}", kind=kind)


def remove_place(*, place: Place, actor: str) -> None:
    """Remove a place. Raises Refused while anything lies there."""
    within = select(func.count()).where(Place.parent_id == place.id)
    if db.session.scalar(within) or any(hold.holds(place) for hold in offered(PlaceHold)):
        raise Refused(_("Something lies there still: move it first."))
    audit.record("place.removed", actor=actor, subject=f"place:{place.public_id}")
    db.session.delete(place)
    db.session.flush()


def _inside(place: Place) -> list[Place]:
    return list(db.session.scalars(select(Place).where(Place.parent_id == place.id)))


def _check_inside(kind: PlaceKind, parent: Place | None) -> None:
    if parent is not None and not _wider(parent.kind, kind):
        raise Refused(_("It can only lie in a wider place."), field="parent")


def _wider(one: str, other: str) -> bool:
    order: tuple[str, ...] = KINDS
    return order.index(one) < order.index(other)
