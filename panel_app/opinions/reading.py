"""What was read in the votes, as it is kept with a round and told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from panel_app.opinions.may_show import Gate, Reason


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

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read one of the remarks that `Reading.to_json` wrote."""
        return cls(
            statement=str(value["statement"]),
            direction=Direction(value["direction"]),
            everyone=Counts(**value["everyone"]),
            groups={int(label): Counts(**counts) for label, counts in value["groups"].items()},
            score=float(value["score"]),
        )


Remarks = tuple[Remark, ...]


@dataclass(frozen=True)
class Reading:
    """What a facilitator and a resident read, strongest first; at most five of each kind.

    `gate` says whether groups are spoken of, and why not. Holds no person's answer.
    """

    gate: Gate
    sizes: Mapping[int, int]
    common_ground: Remarks
    divides: Remarks
    unsure: Remarks
    typical: Mapping[int, Remarks]

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values for `json.dumps`."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError if it didn't."""

        def remarks(rows: Sequence[Mapping[str, Any]]) -> Remarks:
            return tuple(map(Remark.from_json, rows))

        return cls(
            gate=Gate(**{**value["gate"], "reason": Reason(value["gate"]["reason"])}),
            sizes={int(label): int(size) for label, size in value["sizes"].items()},
            common_ground=remarks(value["common_ground"]),
            divides=remarks(value["divides"]),
            unsure=remarks(value["unsure"]),
            typical={int(label): remarks(rows) for label, rows in value["typical"].items()},
        )

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
