"""One pass of Equal Shares: what it finds, and how it is told exactly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from panel_app.counting.ties import BrokenTie

#: Floats this close, relatively, are never trusted to part two rates.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """A project bought; what costs nothing is bought first, and has no rivals.

    `ceiling` bounds the exact rate paid from above, and `rival` the rate of every other project
    still affordable from below (infinite where there was none). `full` says that no payer was
    poor; `earlier` is then the bound on rivals that come earlier in the order of rates while
    nobody is poor.
    """

    project: int
    ceiling: float = 0.0
    rival: float = inf
    earlier: float = inf
    full: bool = True


@dataclass
class Trace:
    """What was bought from equal purses, in order, and the ties broken on the way."""

    purse: Fraction
    steps: list[Step]
    ties: list[BrokenTie] = field(default_factory=list)

    @property
    def order(self) -> list[int]:
        return [step.project for step in self.steps]

    def ceiling_after(self, steps: int) -> float:
        """The ceiling of the step that came after so many; nothing beyond the last."""
        return self.steps[steps].ceiling if steps < len(self.steps) else 0.0

    def add(
        self,
        project: int,
        ceiling: float,
        full: bool,
        floors: Mapping[int, float],
        ranks: Mapping[int, int],
    ) -> None:
        """Note a purchase; `floors` bound the rates of the projects left from below."""
        rival = earlier = min(floors.values(), default=inf)
        if full:
            ahead = (floors[index] for index in floors if ranks[index] < ranks[project])
            earlier = min(ahead, default=inf)
        self.steps.append(Step(project, ceiling, rival, earlier, full))


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project bought at `rate` minor units for a point of utility, by `payers`.

    Each of them gave something, at most `most`.
    """

    project: int
    rate: Fraction
    payers: int = 0
    most: Fraction = Fraction(0)


@dataclass(frozen=True)
class Account:
    """A pass retold exactly: its purchases, and what the supporters of a project have left."""

    purse: Fraction
    purchases: tuple[Purchase, ...]
    left: Callable[[int], Fraction] = field(repr=False)

    @property
    def winners(self) -> list[int]:
        return [purchase.project for purchase in self.purchases]
