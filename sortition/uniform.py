"""M equally likely panels for a task: rounded from the relaxation, or else from exact weights."""

from dataclasses import replace

import numpy as np

from sortition.distribution import Distribution
from sortition.fairest import Task, expected_seats, find_distribution, uncoverable_people
from sortition.lottery import Lottery, seat_people, uniform_panels
from sortition.model import Floats, Model, Panel
from sortition.relaxation import Level
from sortition.solver import INFINITY, Columns, Program

#: Nodes the integer program that rounds weights may search; more rarely helps.
_NODES = 2000
_SNAP = 1e-6


def uniform_lottery(task: Task, panels: int) -> Lottery:
    """The uniform lottery of `panels` panels for a task. Raises Infeasible or Stopped."""
    if task.algorithm == "legacy":
        return _from_distribution(task, find_distribution(task), panels)
    expected = expected_seats(task)
    task.watch.step("lottery")
    made = uniform_panels(task.model, expected.seats, panels, task.seed, task.watch)
    if made is None:
        return _from_distribution(task, find_distribution(task), panels)
    chances = expected.seats / task.model.counts
    kept = ~expected.excluded
    bound = float(expected.relaxed.chances(task.model)[kept].min(initial=1.0))
    lottery = _lottery(task, made, expected.relaxed.levels, bound, chances)
    return replace(lottery, uncoverable=uncoverable_people(task, expected.excluded))


def _from_distribution(task: Task, distribution: Distribution, panels: int) -> Lottery:
    """Round the seats of an exact lottery; where they can't be split, round its weights."""
    model = task.model
    chances = np.array([float(chance) for chance in distribution.type_chances])
    made = uniform_panels(model, chances * model.counts, panels, task.seed, task.watch)
    if made is None:
        made = rounded_weights(model, distribution, panels)
        order = np.random.default_rng(task.seed).permutation(panels)
        made = [made[at] for at in order]
    bound = distribution.upper_bound
    if task.algorithm == "nash":
        bound = 1.0
    lottery = _lottery(task, made, distribution.levels, bound, chances)
    return replace(lottery, uncoverable=distribution.uncoverable)


def _lottery(
    task: Task, made: list[Panel], levels: tuple[Level, ...], bound: float, chances: Floats
) -> Lottery:
    model = task.model
    seats = np.zeros(len(model.types))
    for panel in made:
        np.add.at(seats, panel, 1.0 / len(made))
    return Lottery(
        algorithm=task.algorithm,
        model=model,
        panels=seat_people(model, made, task.seed),
        levels=levels,
        upper_bound=bound,
        max_type_deviation=float(np.abs(seats / model.counts - chances).max()),
        seed=task.seed,
    )


def rounded_weights(model: Model, distribution: Distribution, panels: int) -> list[Panel]:
    """`panels` panels (with repeats) of a lottery, with the largest smallest number of seats.

    An integer program chooses how often each panel appears: first near its weight, then freely
    should that fall short of floor(panels * smallest chance).
    """
    weights = np.array(distribution.weights, dtype=np.float64)
    shares = panels * weights / weights.sum()
    goal = float(np.floor(panels * distribution.min_probability + _SNAP))
    best: Floats | None = None
    for lower, upper in (
        (np.maximum(np.floor(shares) - 1, 0), np.ceil(shares) + 1),
        (np.zeros(len(shares)), np.full(len(shares), float(panels))),
    ):
        program = _repeats(model, distribution, panels, (lower, upper), goal)
        program.set_option("mip_max_nodes", _NODES)
        answer = program.solve()
        if answer is not None and (best is None or answer.x[-1] > best[-1]):
            best = answer.x
        if best is not None and best[-1] >= goal - _SNAP:
            break
    repeats = _largest_remainders(shares, panels) if best is None else np.round(best[:-1])
    return [
        panel
        for panel, times in zip(distribution.panels, repeats.astype(int), strict=True)
        for _ in range(times)
    ]


def _repeats(
    model: Model,
    distribution: Distribution,
    panels: int,
    bounds: tuple[Floats, Floats],
    goal: float,
) -> Program:
    """Columns: how often each panel appears, then the seats everyone gets at least."""
    kept = np.flatnonzero(np.array([chance > 0 for chance in distribution.type_chances]))
    row_of = np.full(len(model.types), -1)
    row_of[kept] = np.arange(len(kept))
    index, values, starts = [], [], [0]
    for panel in distribution.panels:
        types, seats = np.unique(panel, return_counts=True)
        index += [*row_of[types].tolist(), len(kept)]
        values += [*seats.tolist(), 1]
        starts.append(len(index))
    index += range(len(kept))
    values += (-model.counts[kept]).tolist()
    starts.append(len(index))
    columns = Columns(
        cost=np.append(np.zeros(len(distribution.panels)), 1.0),
        lower=np.append(bounds[0], 0.0),
        upper=np.append(bounds[1], goal),
        starts=np.array(starts),
        index=np.array(index),
        values=np.array(values, dtype=np.float64),
    )
    lower = np.append(np.zeros(len(kept)), float(panels))
    upper = np.append(np.full(len(kept), INFINITY), float(panels))
    return Program(columns, lower, upper, integer=np.ones(len(columns.cost), dtype=bool))


def _largest_remainders(shares: Floats, panels: int) -> Floats:
    repeats = np.floor(shares)
    order = np.argsort(repeats - shares, kind="stable")
    repeats[order[: int(panels - repeats.sum())]] += 1
    return repeats
