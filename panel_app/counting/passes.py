"""One pass of Equal Shares: what it takes, what it finds, and how it is told exactly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from panel_app.counting.election import Election
from panel_app.counting.rule import Utility
from panel_app.counting.ties import BrokenTie

#: Floats this close, relatively, are never trusted to part two rates.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Trace:
    """Projects bought from equal purses, in order.

    For each round, `ceilings` bound the exact rate paid from above, and `rivals` the rate of
    every other project still affordable from below (infinite where there was none). `full` says
    that no payer was poor; `earlier` is then the bound on rivals that come earlier in the
    order of rates while nobody is poor.
    """

    purse: Fraction
    order: tuple[int, ...]
    ceilings: tuple[float, ...]
    rivals: tuple[float, ...]
    full: tuple[bool, ...]
    earlier: tuple[float, ...]
    ties: tuple[BrokenTie, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Who wants a project how much: utility of `classes[k]` is factor * weights[k].

    With one weight for all (`even`) everyone pays the same until the purse is empty. `total` is
    the sum of all voters' weights.
    """

    project: int
    cost: int
    factor: int
    classes: Sequence[int]
    weights: Sequence[int]
    even: bool
    total: int


class TraceLog:
    """Writes down a pass while it runs; projects that cost nothing are bought before it."""

    def __init__(self, purse: Fraction, free: Sequence[int], ranks: Mapping[int, int]) -> None:
        self.purse = purse
        self.ranks = ranks
        self.order = list(free)
        self.ceilings = [0.0] * len(free)
        self.rivals = [inf] * len(free)
        self.full = [True] * len(free)
        self.earlier = [inf] * len(free)
        self.ties: list[BrokenTie] = []

    def ceiling(self, ceilings: Sequence[float]) -> float:
        """The ceiling for the round that comes next, or nothing."""
        return ceilings[len(self.order)] if len(self.order) < len(ceilings) else 0.0

    def add(
        self,
        project: int,
        ceiling: float,
        full: bool,
        floors: Mapping[int, float],
        tie: BrokenTie | None,
    ) -> None:
        """Note a purchase; `floors` bound the rates of the projects left from below."""
        self.order.append(project)
        self.ceilings.append(ceiling)
        self.rivals.append(min(floors.values(), default=inf))
        self.full.append(full)
        rank, ranks = self.ranks[project], self.ranks
        ahead = (floor for index, floor in floors.items() if ranks[index] < rank)
        self.earlier.append(min(ahead, default=inf) if full else self.rivals[-1])
        if tie:
            self.ties.append(tie)

    def trace(self) -> Trace:
        return Trace(
            self.purse,
            tuple(self.order),
            tuple(self.ceilings),
            tuple(self.rivals),
            tuple(self.full),
            tuple(self.earlier),
            tuple(self.ties),
        )


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project bought at `rate` minor units for a point of utility.

    `payers` gave something, at most `most` each; `emptied` of them gave all they had left.
    """

    project: int
    rate: Fraction
    payers: int = 0
    most: Fraction = Fraction(0)
    emptied: int = 0


@dataclass(frozen=True)
class Account:
    """A pass retold exactly: its purchases, and what the supporters of a project have left."""

    purse: Fraction
    purchases: tuple[Purchase, ...]
    left: Callable[[int], Fraction] = field(repr=False)

    @property
    def winners(self) -> list[int]:
        return [purchase.project for purchase in self.purchases]


def demands(election: Election, utility: Utility, among: Sequence[int]) -> list[Demand]:
    """Describe the demand for each of the projects `among`."""
    found = []
    for index in among:
        cost, classes, votes = election.costs[index], election.supporters[index], election.votes
        weights: Sequence[int] = (1,) * len(classes)
        if utility == "points":
            weights = election.given[index]
        even = utility != "points" or len(set(weights)) == 1
        total = votes[index] * weights[0]
        if not even:
            pairs = zip(classes, weights, strict=True)
            total = sum(election.voters[number] * weight for number, weight in pairs)
        factor = cost if utility == "cost" else 1
        found.append(Demand(index, cost, factor, classes, weights, even, total))
    return found
