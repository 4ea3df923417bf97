"""What the demo borough is told from: parts that features offer, each played at its own time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, TypeVar, cast

#: Who did everything, in the log.
ACTOR = "system"

Thing = TypeVar("Thing")


@dataclass
class Story:
    """What the parts tell each other as they are played, by type, and one source of chance."""

    random: Random
    kept: dict[type, Any] = field(default_factory=dict)

    def keep(self, *things: object) -> None:
        """Let later parts find `things`, one of each type."""
        self.kept.update({type(thing): thing for thing in things})

    def the(self, kind: type[Thing]) -> Thing:
        """Return what an earlier part kept. Raises KeyError where none did."""
        return cast(Thing, self.kept[kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the story, with how long ago it happened; later ones of a time come after."""

    ago: timedelta
    play: Callable[[Story], None]
