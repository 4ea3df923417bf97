"""Break ties the way the rule publishes it, and say what decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from panel_app.counting.election import Election

Key = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class BrokenTie:
    """Tied projects, the chosen first, and the criterion that chose; None where none did."""

    tied: tuple[int, ...]
    stage: str
    decided_by: str | None


@dataclass(frozen=True)
class TieBreak:
    """Puts tied projects in the order of the rule's criteria."""

    election: Election
    criteria: tuple[str, ...]

    @cached_property
    def keys(self) -> list[Key]:
        """For each project its place under each criterion; the smaller goes first."""
        return [
            tuple(self._value(criterion, index) for criterion in self.criteria)
            for index in range(len(self.election.projects))
        ]

    @cached_property
    def before_the_lot(self) -> list[Key]:
        """The same without what a seed decides: equal where only the lot tells two apart."""
        kept = [at for at, name in enumerate(self.criteria) if not name.startswith("seed:")]
        return [tuple(key[at] for at in kept) for key in self.keys]

    def _value(self, criterion: str, index: int) -> int | str:
        if criterion == "cost":
            return self.election.costs[index]
        if criterion == "votes":
            return -self.election.votes[index]
        seeded = criterion.removeprefix("seed:") + ":" + self.election.projects[index].id
        return sha256(seeded.encode()).hexdigest()

    def first(self, tied: Sequence[int], stage: str) -> BrokenTie:
        """Choose among projects that tie (at least two)."""
        best, *others = sorted(tied, key=self.keys.__getitem__)
        rivals = others
        for place, criterion in enumerate(self.criteria):
            rivals = [r for r in rivals if self.keys[r][place] == self.keys[best][place]]
            if not rivals:
                return BrokenTie((best, *sorted(others)), stage, criterion)
        return BrokenTie((best, *sorted(others)), stage, None)
