"""What was read in the votes, as it is kept with a round and told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from panel_app.kept import Kept
from panel_app.opinions.may_show import Gate


class Direction(StrEnum):
    """What people did with a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"


@dataclass(frozen=True)
class Counts:
    """How people answered one statement; `passes` are neither agreement nor disagreement."""

    agree: int
    disagree: int
    passes: int

    @property
    def votes(self) -> int:
        return self.agree + self.disagree + self.passes

    def towards(self, direction: Direction) -> int:
        return self.agree if direction is Direction.AGREE else self.disagree


@dataclass(frozen=True)
class Remark:
    """One thing to say about a statement, with the counts it rests on.

    `groups` holds only groups with at least five votes on the statement, fewer of them where
    those left out could be worked out from `everyone`, and none while groups are not shown.
    `score` is what remarks of a kind are ranked by.
    """

    statement: str
    direction: Direction
    everyone: Counts
    groups: Mapping[int, Counts]
    score: float


Remarks = tuple[Remark, ...]


@dataclass(frozen=True)
class Reading(Kept):
    """What a facilitator and a resident read, strongest first; at most five of each kind.

    `gate` says whether groups are spoken of, and why not. Holds no person's answer.
    """

    gate: Gate
    sizes: Mapping[int, int]
    common_ground: Remarks
    divides: Remarks
    unsure: Remarks
    typical: Mapping[int, Remarks]

    @property
    def remarks(self) -> Remarks:
        """Everything that is said, of whatever kind."""
        typical = [remark for remarks in self.typical.values() for remark in remarks]
        return (*self.common_ground, *self.divides, *self.unsure, *typical)

    def only(self, statements: Collection[str]) -> Self:
        """The same with nothing said of other statements, which were taken back."""

        def kept(remarks: Remarks) -> Remarks:
            return tuple(remark for remark in remarks if remark.statement in statements)

        return replace(
            self,
            common_ground=kept(self.common_ground),
            divides=kept(self.divides),
            unsure=kept(self.unsure),
            typical={label: kept(remarks) for label, remarks in self.typical.items()},
        )
