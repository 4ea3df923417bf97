"""M equally likely panels for a task: rounded from the relaxation, or else from exact weights.

Source: Flanigan, Kehne, Procaccia, "Fair sortition made transparent", NeurIPS 2021. Expected seats
times M are rounded to whole seats under the targets, then split into M valid panels by halving.
What can't be split is split with other panels; where that fails too, groups of panels are made anew
until everyone has the seats due to them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sortition.highs import TOLERANCE
from sortition.lotteries import Distribution, Lottery
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
from sortition.lottery_making.regrouping import raise_to
from sortition.lottery_making.relaxation import Level
from sortition.lottery_making.splitting import Share, Split, split_into_panels, split_with_others
from sortition.panel_model import Flags, Floats, Ints, Model, Panel, seats_of
from sortition.progress import Stopped
from sortition.region import Region, whole_point_near

#: How near to the next whole number of seats a share counts as that.
SNAP = 1e-6
#: The share of panels that may stay unsplit before exact weights are asked for instead.
_UNSPLIT = 0.05
#: Groups of panels made anew so that everyone has their share rounded down, then only the least.
_TRIES = (24, 300)


@dataclass(frozen=True)
class _Aim:
    """Expected seats by type, the types that get any, and a bound of the smallest chance."""

    seats: Floats
    kept: Flags
    bound: float

    def due(self, model: Model, panels: int) -> list[Ints]:
        """What each type's seats should come to, first choice first.

        Every share rounded down; else floor(panels * bound) for everyone, which is the most that
        any uniform lottery can give to all of them.
        """
        shares = np.floor(panels * self.seats + SNAP).astype(np.int64)
        each = int(np.floor(panels * self.bound + SNAP))
        return [shares, np.where(self.kept, each * model.counts, 0)]


def uniform_lottery(task: Task, panels: int) -> Lottery:
    """The uniform lottery of `panels` panels for a task. Raises Infeasible or Stopped."""
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
        made = _sampled(reached, panels, np.random.default_rng(task.seed))
    lottery = _lottery(task, made, reached.levels, _aim_of(reached))
    return replace(lottery, uncoverable=reached.uncoverable)


def _sampled(reached: Distribution, panels: int, chance: np.random.Generator) -> list[Panel]:
    """Each panel as often as its weight says, rounded down or up, in an order left to chance."""
    ends = np.cumsum([weight / reached.total_weight for weight in reached.weights])
    points = (np.arange(panels) + chance.random()) / panels
    taken = np.minimum(np.searchsorted(ends, points, side="right"), len(ends) - 1)
    return [reached.panels[at] for at in chance.permutation(taken)]


def _from_relaxation(task: Task, panels: int) -> Lottery | None:
    """The lottery whose seats are those of the relaxation; None where that turns out to be hard."""
    expected = expected_seats(task)
    task.watch.step("lottery")
    kept, levels = ~expected.excluded, expected.relaxed.levels
    aim = _Aim(expected.seats, kept, _bound_of(levels))
    made = _round(task, aim, panels)
    if made is None:
        return None
    lottery = _lottery(task, made, levels, aim)
    return replace(lottery, uncoverable=uncoverable_people(task, expected.excluded))


def _from_distribution(task: Task, distribution: Distribution, panels: int) -> Lottery:
    """Repeat the panels of an exact lottery as often as their weights say, and round the rest."""
    aim = _aim_of(distribution)
    repeated = [
        panel
        for panel, weight in zip(distribution.panels, distribution.weights, strict=True)
        for _ in range(panels * weight // distribution.total_weight)
    ]
    made = _round(task, aim, panels, repeated, give_up=False)
    if made is None:
        raise ArithmeticError("No panels were found for a lottery that has some.")
    lottery = _lottery(task, made, distribution.levels, aim)
    return replace(lottery, uncoverable=distribution.uncoverable)


def _aim_of(distribution: Distribution) -> _Aim:
    chances = np.array([float(chance) for chance in distribution.type_chances])
    seats = chances * distribution.model.counts.astype(np.float64)
    return _Aim(seats, chances > 0, distribution.upper_bound)


def _bound_of(levels: Sequence[Level]) -> float:
    """What the relaxation proves about the smallest chance of those whom a panel can hold."""
    return next((level.value for level in levels if level.value > TOLERANCE), 1.0)


def _round(
    task: Task, aim: _Aim, panels: int, start: Sequence[Panel] = (), *, give_up: bool = True
) -> list[Panel] | None:
    """`panels` valid panels, `start` among them, whose seats come as near to the aim as can be.

    With `give_up`, None as soon as that turns out to be hard.
    """
    model, chance = task.model, np.random.default_rng(task.seed)
    rest = panels - len(start)
    target = np.maximum(panels * aim.seats - seats_of(model, start), 0.0)

    def step(made: Sequence[Panel]) -> None:
        task.watch.reached.keep("lottery", made, np.ones(len(made)))
        task.watch.step("lottery", len(made) / panels)

    made = [*start, *(_rest(task, aim, target, rest, chance, give_up, step) or ())]
    if len(made) < panels:
        return None
    for due, tries in zip(aim.due(model, panels), _TRIES, strict=False):
        made, missing = raise_to(model, made, due, chance, tries=tries, step=step)
        if not missing:
            break
    if give_up and (missing or _is_unproven(model, aim, made)):
        return None
    if not all(model.is_valid(panel) for panel in made):
        raise ArithmeticError("A panel of the lottery is not valid.")
    return [made[at] for at in chance.permutation(panels)]


def _is_unproven(model: Model, aim: _Aim, made: Sequence[Panel]) -> bool:
    """Whether it is open that the types without a seat, for lack of panels, can have one at all.

    Of pools with very many types the relaxation's word is taken for it.
    """
    seated = seats_of(model, made) > 0
    return len(model.types) <= MANY_TYPES and bool((aim.kept & ~seated).any())


def _rest(
    task: Task,
    aim: _Aim,
    target: Floats,
    panels: int,
    chance: np.random.Generator,
    give_up: bool,
    step: Callable[[Sequence[Panel]], None],
) -> list[Panel] | None:
    """`panels` panels whose seats are `target`, rounded; one by one what can't be split."""
    if not panels:
        return []
    model = task.model
    whole = _whole_seats(model, target, panels, chance)
    if whole is None and give_up:
        return None
    split = Split([], [Share.of(np.floor(target + SNAP).astype(np.int64), panels)])
    if whole is not None:
        most_unsplit = _UNSPLIT if give_up else 1.0
        split = split_into_panels(model, whole, panels, chance, step, most_unsplit)
        if give_up and len(split.panels) < (1 - _UNSPLIT) * panels - 2:
            return None
        split = split_with_others(model, split, chance, step)
    made, pricing = split.panels, Pricing(model, face=aim.seats)
    for share in split.unsplit:
        made += _panels_of(pricing, model, share)
        step(made)
    return made


def _panels_of(pricing: Pricing, model: Model, share: Share) -> list[Panel]:
    """Valid panels, one by one, each with as many as can be of a share's seats that are left."""
    wanted = np.zeros(len(model.types), dtype=np.int64)
    wanted[share.types] = share.seats
    made: list[Panel] = []
    for _ in range(share.panels):
        found = pricing.best(wanted.astype(np.float64))
        if found is None:
            raise ArithmeticError("No panel was found on the face of a lottery's seats.")
        made.append(found[0])
        wanted = np.maximum(wanted - seats_of(model, [found[0]]), 0)
    return made


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


def _lottery(task: Task, made: list[Panel], levels: tuple[Level, ...], aim: _Aim) -> Lottery:
    model = task.model
    seats = seats_of(model, made) / len(made)
    return Lottery(
        algorithm=task.algorithm,
        model=model,
        panels=seat_people(model, made, task.seed),
        levels=levels,
        upper_bound=aim.bound,
        max_type_deviation=float((np.abs(seats - aim.seats) / model.counts).max()),
        seed=task.seed,
    )
