"""The uniform lottery: M valid panels, equally likely, as near to the fairest chances as M allows.

Source: Flanigan, Kehne, Procaccia, "Fair sortition made transparent", NeurIPS 2021. Expected seats
times M are rounded to whole seats under the targets, then split into M valid panels by halving.
"""

import random
from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from sortition.distribution import Uncoverable
from sortition.model import Floats, Ints, Model, Panel
from sortition.progress import Watch
from sortition.relaxation import Level
from sortition.rounding import round_within
from sortition.splitting import split_into_panels

_SNAP = 1e-6


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


def uniform_panels(
    model: Model, seats: Floats, panels: int, seed: int, watch: Watch
) -> list[Panel] | None:
    """`panels` valid panels that give each type `panels * seats` seats, rounded down or up.

    None when no such rounding or no split of it into valid panels is found.
    """
    chance = np.random.default_rng(seed)
    whole = _rounded(model, seats * panels, panels, chance)
    if whole is None:
        return None
    split = split_into_panels(
        model, whole, panels, chance, lambda made: watch.step("lottery", made / panels)
    )
    if split.unsplit or not all(model.is_valid(panel) for panel in split.panels):
        return None
    return [split.panels[at] for at in chance.permutation(panels)]


def _rounded(model: Model, target: Floats, panels: int, chance: np.random.Generator) -> Ints | None:
    """Whole seats of `panels` panels, each target rounded down or up, the nearer if possible."""
    down = np.floor(target + _SNAP)
    odd = np.flatnonzero(target - down > _SNAP)
    done = model.sums(down)
    homes = np.flatnonzero(model.sums(np.ceil(target - _SNAP)) > panels * model.upper)
    homes = homes[homes >= model.core_rows]
    added = round_within(
        model,
        odd,
        (np.zeros(len(odd)), np.ones(len(odd))),
        (panels * model.lower - done, panels * model.upper - done),
        homes,
        2 * (target - down)[odd] - 1 + 1e-3 * chance.standard_normal(len(odd)),
    )
    if added is None:
        return None
    down[odd] += added
    return down.astype(np.int64)


def seat_people(model: Model, panels: Sequence[Panel], seed: int) -> tuple[tuple[str, ...], ...]:
    """Give every seat to a person: inside a type in turn, in a seeded order, one a household."""
    chance = random.Random(seed)
    seated = _Seating(model, chance)
    return tuple(seated.panel(panel) for panel in panels)


class _Seating:
    """Deals the seats of each type to the people who have had fewest so far."""

    def __init__(self, model: Model, chance: random.Random) -> None:
        self.model = model
        self.home_of = {
            identity: (number, at)
            for number, households in enumerate(model.households)
            for at, household in enumerate(households)
            for identity in household
        }
        self.queues = []
        for kind in model.types:
            members = list(kind.members)
            chance.shuffle(members)
            self.queues.append([(0, place, identity) for place, identity in enumerate(members)])

    def panel(self, panel: Panel) -> tuple[str, ...]:
        used: set[tuple[int, int]] = set()
        people: list[str] = []
        for kind in panel.tolist():
            queue = self.queues[kind]
            at = next(
                at
                for at, (_, _, identity) in enumerate(queue)
                if identity not in people and self.home_of.get(identity) not in used
            )
            seats, place, identity = queue.pop(at)
            insort(queue, (seats + 1, place, identity))
            people.append(identity)
            home = self.home_of.get(identity)
            if home is not None:
                used.add(home)
        return tuple(people)
