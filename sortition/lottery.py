"""The uniform lottery: M valid panels of people, equally likely, and everyone's chance in it."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from sortition.distribution import Uncoverable
from sortition.model import Model
from sortition.relaxation import Level


@dataclass(frozen=True)
class Lottery:
    """`panels[i]` holds the ids on panel number i; each is drawn with chance 1 / len(panels)."""

    algorithm: str
    model: Model
    panels: tuple[tuple[str, ...], ...]
    levels: tuple[Level, ...]
    upper_bound: float
    max_type_deviation: float
    uncoverable: tuple[Uncoverable, ...] = ()
    already_selected: tuple[str, ...] = ()
    seed: int = 0

    @cached_property
    def appearances(self) -> Counter[str]:
        """In how many panels each person sits."""
        return Counter(identity for panel in self.panels for identity in panel)

    def chance(self, identity: str) -> Fraction:
        """A person's chance, exactly. Raises KeyError when the pool has no such id."""
        if identity not in self.ids:
            raise KeyError(identity)
        return Fraction(self.appearances[identity], len(self.panels))

    @cached_property
    def ids(self) -> frozenset[str]:
        """Everyone in the pool."""
        return frozenset(identity for kind in self.model.types for identity in kind.members)

    @cached_property
    def min_probability(self) -> Fraction:
        """The smallest chance of anyone whom a valid panel can hold, exactly."""
        left_out = {identity for group in self.uncoverable for identity in group.people}
        least = min((self.appearances[i] for i in self.ids if i not in left_out), default=0)
        return Fraction(least, len(self.panels))

    @property
    def most_possible(self) -> Fraction:
        """The most that this many panels could give everyone: whole panels under `upper_bound`."""
        panels = len(self.panels)
        return Fraction(int(panels * self.upper_bound + 1e-6), panels)
