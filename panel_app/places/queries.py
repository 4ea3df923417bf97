"""Reading the tree of places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from panel_app.core.db import db, one
from panel_app.places.models import KINDS, Place
from panel_app.web.i18n import wording


@dataclass(frozen=True, slots=True)
class Branch:
    """A place where it stands in the tree; `depth` is 0 for one that lies in no other."""

    place: Place
    depth: int


def place_called(public_id: str) -> Place:
    """Return the place with this public identifier. Raises NotFound."""
    return one(select(Place).where(Place.public_id == public_id))


def tree() -> list[Branch]:
    """Return every place, each after what it lies in, by name in the reader's language."""
    inside: dict[int | None, list[Place]] = defaultdict(list)
    for place in db.session.scalars(select(Place)):
        inside[place.parent_id].append(place)
    return list(_branches(inside, None, 0))


def choices() -> list[tuple[str, str]]:
    """Return every place for a select: its identifier, and its name set in by its depth."""
    return [
        (branch.place.public_id, "\u2003" * branch.depth + wording(branch.place.name).text)
        for branch in tree()
    ]


def _branches(
    inside: dict[int | None, list[Place]], parent: int | None, depth: int
) -> Iterator[Branch]:
    order: tuple[str, ...] = KINDS
    by_name = sorted(
        inside[parent], key=lambda p: (order.index(p.kind), wording(p.name).text.casefold())
    )
    for place in by_name:
        yield Branch(place, depth)
        yield from _branches(inside, place.id, depth + 1)
