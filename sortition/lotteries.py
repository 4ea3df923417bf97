"""Lotteries as results: panels, weighted or equally likely; the chances of people and values."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from sortition.feasibility import TargetChange, in_words
from sortition.lottery_making.relaxation import Level
from sortition.panel_model import Floats, Model, Panel

#: A bound no further than this above the smallest chance proves that chance best possible.
EXACT_GAP = 1e-7


@dataclass(frozen=True)
class Uncoverable:
    """People whom no valid panel can hold, with the values they share and what would include them.

    `changes` is the smallest change of targets that makes a panel with them possible; empty when
    no change within the flex bounds does.
    """

    features: Mapping[str, str]
    people: tuple[str, ...]
    changes: tuple[TargetChange, ...] = ()

    @property
    def change(self) -> str | None:
        """The changes as one English sentence; None where there are none."""
        return in_words(self.changes) if self.changes else None


@dataclass(frozen=True)
class Distribution:
    """Valid panels (as types) with whole-number weights; a panel's chance is weight / sum.

    Inside a type everyone is equally likely. `upper_bound` is a proven bound, over all lotteries,
    of the smallest chance of the people some panel can hold. `generated` says that it was proven by
    integer programs, because the linear relaxation alone does not reach it.
    """

    algorithm: str
    model: Model
    panels: tuple[Panel, ...]
    weights: tuple[int, ...]
    levels: tuple[Level, ...]
    upper_bound: float
    exact: bool
    generated: bool = False
    uncoverable: tuple[Uncoverable, ...] = ()
    seconds: float = 0.0

    @cached_property
    def total_weight(self) -> int:
        """The sum of the weights."""
        return sum(self.weights)

    @cached_property
    def type_chances(self) -> tuple[Fraction, ...]:
        """Each type's chance (the same for everyone in it), exactly."""
        seats = [0] * len(self.model.types)
        for panel, weight in zip(self.panels, self.weights, strict=True):
            for kind in panel.tolist():
                seats[kind] += weight
        return tuple(
            Fraction(seat, self.total_weight * int(count))
            for seat, count in zip(seats, self.model.counts, strict=True)
        )

    @cached_property
    def probabilities(self) -> dict[str, Fraction]:
        """Everyone's chance by id, exactly."""
        return {
            identity: chance
            for kind, chance in zip(self.model.types, self.type_chances, strict=True)
            for identity in kind.members
        }

    def _chances(self, *, reachable: bool) -> Floats:
        """Everyone's chances, or those of the people some panel can hold, sorted."""
        groups = self.uncoverable if reachable else ()
        left_out = {identity for group in groups for identity in group.people}
        return np.sort([float(p) for who, p in self.probabilities.items() if who not in left_out])

    @cached_property
    def min_probability(self) -> float:
        """The smallest chance of anyone whom a valid panel can hold."""
        chances = self._chances(reachable=True)
        return float(chances[0]) if len(chances) else 0.0

    @property
    def without_chance(self) -> int:
        """How many people of the pool have no chance at all."""
        return sum(chance <= 0 for chance in self.probabilities.values())

    @property
    def gap(self) -> float:
        """How far the smallest chance may lie below the best possible."""
        return max(0.0, self.upper_bound - self.min_probability)

    def spread(self, *, reachable: bool = False) -> tuple[float, float]:
        """The Gini coefficient (0: all equal) and the geometric mean of everyone's chances.

        The mean is 0 as soon as somebody has none; with `reachable` only people whom some panel can
        hold count.
        """
        chances = self._chances(reachable=reachable)
        n, total = len(chances), float(chances.sum())
        if not total:
            return 0.0, 0.0
        gini = float(((2 * np.arange(1, n + 1) - n - 1) * chances).sum() / (n * total))
        return gini, float(np.exp(np.log(chances).mean())) if chances[0] > 0 else 0.0


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

    @cached_property
    def ids(self) -> frozenset[str]:
        """Everyone in the pool."""
        return frozenset(identity for kind in self.model.types for identity in kind.members)

    @cached_property
    def probabilities(self) -> dict[str, Fraction]:
        """Everyone's chance by id, exactly."""
        panels = len(self.panels)
        return {one: Fraction(self.appearances[one], panels) for one in self.ids}

    @cached_property
    def min_probability(self) -> Fraction:
        """The smallest chance of anyone whom a valid panel can hold, exactly."""
        left_out = {identity for group in self.uncoverable for identity in group.people}
        reachable = (chance for one, chance in self.probabilities.items() if one not in left_out)
        return min(reachable, default=Fraction(0))

    @property
    def most_possible(self) -> Fraction:
        """The most that this many panels could give everyone: whole panels under `upper_bound`."""
        panels = len(self.panels)
        return Fraction(int(panels * self.upper_bound + 1e-6), panels)


@dataclass(frozen=True, slots=True)
class ValueChances:
    """One feature value: its target, people, expected seats and the range of their chances."""

    feature: str
    value: str
    minimum: int
    maximum: int
    people: int
    expected_seats: float
    smallest_chance: float
    mean_chance: float
    largest_chance: float
    without_chance: int


def chances_by_value(lottery: Distribution | Lottery) -> tuple[ValueChances, ...]:
    """What a lottery means for each feature value."""
    model, chances = lottery.model, lottery.probabilities
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for kind in model.types:
        for identity in kind.members:
            for pair in zip(model.features, kind.values, strict=True):
                found[pair].append(float(chances[identity]))
    rows = []
    for target in model.targets:
        those = found[target.feature, target.value]
        seats, people = sum(those), len(those)
        least, most = min(those, default=0.0), max(those, default=0.0)
        mean = seats / people if people else 0.0
        bounds = target.feature, target.value, target.minimum, target.maximum
        without = sum(chance <= 0 for chance in those)
        rows.append(ValueChances(*bounds, people, seats, least, mean, most, without))
    return tuple(rows)
