"""What a file of people would change in the pool: who is new, who is another, who is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sortition.folding import fold
from sortition.pool import Person as ReadPerson


@dataclass(frozen=True, slots=True)
class Kept:
    """One person of the pool as they are now."""

    id: int
    reference: str
    features: Mapping[str, str]
    household: str | None
    details: Mapping[str, Any]
    #: Whether they came in a file; whoever registered by themselves is nobody's to overwrite.
    of_file: bool
    key: bytes = b""


@dataclass(slots=True)
class Changes:
    """What becomes of everybody."""

    new: list[ReadPerson] = field(default_factory=list)
    #: Whose row says something else.
    changed: list[tuple[Kept, ReadPerson]] = field(default_factory=list)
    #: Whose row is the same, but not what makes a home of it; with the new home.
    moved: list[tuple[Kept, str | None]] = field(default_factory=list)
    gone: list[Kept] = field(default_factory=list)
    same: int = 0
    #: Rows of the file that are about somebody who registered.
    registered: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many there are of each; a home that moved is no change of the row."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "gone": len(self.gone),
            "same": self.same + len(self.moved),
            "registered": self.registered,
        }


def compare(
    kept: Iterable[Kept],
    read: Iterable[ReadPerson],
    features: tuple[str, ...],
    home_of: Callable[[Mapping[str, Any]], str | None],
) -> Changes:
    """Compare the pool with a file's people, by their ids as ids are compared."""
    changes, before = Changes(), {fold(one.reference): one for one in kept}
    for one in read:
        known = before.pop(fold(one.id), None)
        if known is None:
            changes.new.append(one)
        elif not known.of_file:
            changes.registered += 1
        elif _row(known.features, known.details) != _row(values_of(one, features), one.kept):
            changes.changed.append((known, one))
        elif (home := home_of(one.kept)) != known.household:
            changes.moved.append((known, home))
        else:
            changes.same += 1
    changes.gone = [one for one in before.values() if one.of_file]
    return changes


def values_of(one: ReadPerson, features: tuple[str, ...]) -> dict[str, str]:
    """Return a person's value of each feature."""
    return dict(zip(features, one.values, strict=True))


def _row(features: Mapping[str, str], details: Mapping[str, Any]) -> tuple[Any, ...]:
    return dict(features), dict(details)
