"""M equally likely panels for a task, from exact weights or, of many types, from the relaxation.

Source: Flanigan, Kehne, Procaccia, "Fair sortition made transparent", NeurIPS 2021. Panels are
repeated as often as their weights say; the seats left over are rounded to whole seats under the
targets and split into valid panels, so that everyone has at least their share rounded down. Where
no split is found, panels are looked for that hold as much as can be of what is left.
"""

from collections.abc import Sequence

import numpy as np

from sortition.highs import TOLERANCE
from sortition.lotteries import Distribution, Lottery, Uncoverable
from sortition.lottery_making.best_panel import Pricing
from sortition.lottery_making.dealing import seat_people
from sortition.lottery_making.fairest_weights import (
    MANY_TYPES,
    Task,
    best_so_far,
    expected_seats,
    find_distribution,
    uncoverable_people,
)
from sortition.lottery_making.relaxation import Level
from sortition.lottery_making.splitting import Share, Split, split_into_panels, split_with_others
from sortition.panel_model import Floats, Ints, Model, Panel, seats_of
from sortition.progress import Stopped
from sortition.region import Region, whole_point_near

#: How near to the next whole number of seats a share counts as that.
SNAP = 1e-6


def uniform_lottery(task: Task, panels: int) -> Lottery:
    """The uniform lottery of `panels` panels for a task. Raises Infeasible or Stopped."""
    if len(task.model.types) > MANY_TYPES:
        with best_so_far(task):
            lottery = _from_relaxation(task, panels)
        if lottery is not None:
            return lottery
    distribution = find_distribution(task)
    try:
        return _from_distribution(task, distribution, panels)
    except Stopped as stopped:
        raise Stopped(stopped.reason, distribution) from None


def settled_lottery(task: Task, reached: Distribution, panels: int) -> Lottery:
    """The uniform lottery of `panels` panels of what a stopped run had reached.

    Where the task's time is up before it is rounded well, its panels are taken as they weigh.
    """
    try:
        return _from_distribution(task, reached, panels)
    except Stopped:
        # Each panel as often as its weight says, rounded down or up.
        ends = np.cumsum([weight / reached.total_weight for weight in reached.weights])
        points = (np.arange(panels) + np.random.default_rng(task.seed).random()) / panels
        taken = np.minimum(np.searchsorted(ends, points, side="right"), len(ends) - 1)
        made = [reached.panels[at] for at in taken]
    rounding = _Rounding(task, _seats_of(reached), reached.upper_bound, panels)
    return rounding.lottery(made, reached.levels, reached.uncoverable)


def _from_relaxation(task: Task, panels: int) -> Lottery | None:
    """The lottery whose seats are those of the relaxation; None where that turns out to be hard.

    That a panel holds every type without a seat is believed, as it is of pools with many types.
    """
    expected = expected_seats(task)
    task.watch.step("lottery")
    levels = expected.levels
    bound = next((level.value for level in levels if level.value > TOLERANCE), 1.0)
    rounding = _Rounding(task, expected.seats, bound, panels)
    split = rounding.split(panels * rounding.seats, panels)
    if split is None or split.left.panels:
        return None
    left_out = uncoverable_people(task, expected.excluded)
    return rounding.lottery(split.panels, levels, left_out)


def _from_distribution(task: Task, distribution: Distribution, panels: int) -> Lottery:
    """Repeat the panels of an exact lottery as often as their weights say, and round the rest."""
    model = task.model
    repeated = [
        panel
        for panel, weight in zip(distribution.panels, distribution.weights, strict=True)
        for _ in range(panels * weight // distribution.total_weight)
    ]
    rounding = _Rounding(task, _seats_of(distribution), distribution.upper_bound, panels)
    target = np.maximum(panels * rounding.seats - seats_of(model, repeated), 0.0)
    made = [*repeated, *rounding.panels_of(target, panels - len(repeated))]
    return rounding.lottery(made, distribution.levels, distribution.uncoverable)


def _seats_of(distribution: Distribution) -> Floats:
    """The expected seats of each type."""
    chances = np.array([float(chance) for chance in distribution.type_chances])
    return chances * distribution.model.counts.astype(np.float64)


class _Rounding:
    """`panels` panels whose seats come as near to the expected ones as can be.

    `bound` is one of the smallest chance.
    """

    def __init__(self, task: Task, seats: Floats, bound: float, panels: int) -> None:
        self.task, self.model, self.panels = task, task.model, panels
        self.seats, self.bound = seats, bound
        self.chance = np.random.default_rng(task.seed)

    def step(self, made: Sequence[Panel]) -> None:
        """Report the panels made so far. Raises Stopped."""
        self.task.watch.keep("lottery", made, np.ones(len(made)))
        self.task.watch.step("lottery", len(made) / self.panels)

    def split(self, target: Floats, panels: int) -> Split | None:
        """The seats `target` rounded and split into panels; None where they can't be rounded."""
        whole = _whole_seats(self.model, target, panels, self.chance)
        if whole is None:
            return None
        share = Share.of(whole, panels)
        split = split_into_panels(self.model, share, self.chance, self.step)
        return split_with_others(self.model, split, self.chance, self.step)

    def panels_of(self, target: Floats, panels: int) -> list[Panel]:
        """`panels` valid panels whose seats are `target` rounded, or as near as can be.

        What is not split goes to panels that, one by one, hold as much as can be of what is left.
        """
        split = self.split(target, panels)
        if split is None:
            split = Split([], Share.of(np.floor(target + SNAP).astype(np.int64), panels))
        made, left, pricing = [*split.panels], split.left, Pricing(self.model, face=self.seats)
        wanted = np.zeros(len(self.seats), dtype=np.int64)
        wanted[left.types] = left.seats
        for _ in range(left.panels):
            found = pricing.best(wanted.astype(np.float64))
            if found is None:
                raise ArithmeticError("No panel was found on the face of a lottery's seats.")
            made.append(found[0])
            wanted = np.maximum(wanted - seats_of(self.model, [found[0]]), 0)
        return made

    def lottery(
        self, made: list[Panel], levels: tuple[Level, ...], uncoverable: tuple[Uncoverable, ...]
    ) -> Lottery:
        """The lottery of these panels, in an order left to chance."""
        task, model = self.task, self.model
        if not all(model.is_valid(panel) for panel in made):
            raise ArithmeticError("A panel of the lottery is not valid.")
        shuffled = [made[at] for at in self.chance.permutation(len(made))]
        distances = np.abs(seats_of(model, made) / self.panels - self.seats) / model.counts
        seated, farthest = seat_people(model, shuffled, task.seed), float(distances.max())
        proven = levels, self.bound, farthest, uncoverable
        return Lottery(task.algorithm, model, seated, *proven, seed=task.seed)


def _whole_seats(
    model: Model, target: Floats, panels: int, chance: np.random.Generator
) -> Ints | None:
    """Whole seats of `panels` panels, each target rounded down or up, the nearer if possible."""
    down = np.floor(target + SNAP)
    odd = np.flatnonzero(target - down > SNAP)
    done = model.sums(down)
    homes = np.flatnonzero(model.sums(np.ceil(target - SNAP)) > panels * model.upper)
    homes = homes[homes >= model.core_rows]
    rows = panels * model.lower - done, panels * model.upper - done
    region = Region(model, odd, np.zeros(len(odd)), np.ones(len(odd)), rows, homes)
    nearer = 2 * (target - down)[odd] - 1 + 1e-3 * chance.standard_normal(len(odd))
    added = whole_point_near(region, nearer)
    if added is None:
        return None
    down[odd] += added
    return down.astype(np.int64)
