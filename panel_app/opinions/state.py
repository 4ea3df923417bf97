"""What one grouping leaves for the next: the memory that keeps axes and names still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class GroupingState:
    """Everything the next run needs; small, and the same after a trip through JSON."""

    #: The number of groups in force, and the one that has been best for `streak` runs.
    k: int
    contender: int
    streak: int
    #: Participant to group; whoever is here stays clustered.
    groups: Mapping[str, int] = field(default_factory=dict)
    #: Statement to its loadings on the two axes.
    axes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: Number of groups to the centres found for it.
    centres: Mapping[int, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values for `json.dumps`."""
        return {
            "k": self.k,
            "contender": self.contender,
            "streak": self.streak,
            "groups": dict(self.groups),
            "axes": {statement: list(loadings) for statement, loadings in self.axes.items()},
            "centres": {str(k): [list(c) for c in found] for k, found in self.centres.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> GroupingState:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError if it didn't."""
        return cls(
            k=int(value["k"]),
            contender=int(value["contender"]),
            streak=int(value["streak"]),
            groups={str(person): int(group) for person, group in value["groups"].items()},
            axes={str(s): (float(x), float(y)) for s, (x, y) in value["axes"].items()},
            centres={
                int(k): tuple((float(x), float(y)) for x, y in found)
                for k, found in value["centres"].items()
            },
        )
