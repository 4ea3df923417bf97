"""From a task to a lottery: relaxation, decomposition, and generation where they fall short."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from sortition.feasibility import any_panel, infeasibility, smallest_relaxation
from sortition.lotteries import EXACT_GAP, Distribution, Uncoverable
from sortition.lottery_making.panels_on_demand import Generated, Written, cover
from sortition.lottery_making.peeling import SMALLEST_WEIGHT, Peeler
from sortition.lottery_making.relaxation import Level, Relaxation, relaxed_leximin
from sortition.panel_model import Flags, Floats, Model, Panel
from sortition.progress import Stopped, Watch

ALGORITHMS = ("leximin", "maximin")

#: Weight left over by the decomposition that is too small to matter: it changes no chance by more.
_NEGLIGIBLE = Fraction(5, 10**8)
#: Types from which peeling ends there, as each decade more takes seconds.
MANY_TYPES = 2000
#: Uncoverable combinations for which the smallest change of targets is worked out.
_MOST_CHANGES = 100


@dataclass(frozen=True)
class Task:
    """One question to the solver: the model, the algorithm, the seed, and the run's watch.

    With `explain`, the target changes that would include people no panel can hold are worked out.
    """

    model: Model
    algorithm: str
    seed: int
    watch: Watch
    explain: bool = True


@dataclass(frozen=True)
class Found:
    """The panels and whole-number weights of a lottery, with a bound of its objective.

    `first` is the first level where a tree over panels proves it. With `unattainable` the bound is
    proven to be out of the reach of any lottery.
    """

    panels: list[Panel]
    weights: tuple[int, ...]
    bound: float
    generated: bool = False
    unattainable: bool = False
    first: Level | None = None


def expected_seats(task: Task, known_excluded: Flags | None = None) -> Relaxation:
    """The relaxed optimum of the task's algorithm. Raises Infeasible when there is none."""
    relaxed = relaxed_leximin(
        task.model,
        only_first=task.algorithm == "maximin",
        excluded=known_excluded,
        step=lambda: task.watch.step("levels"),
    )
    if relaxed is None:
        raise infeasibility(task.model)
    watch, bound = task.watch, relaxed.bound
    watch.bound, watch.excluded, watch.levels = bound, relaxed.excluded, relaxed.levels
    return relaxed


def find_distribution(task: Task) -> Distribution:
    """The fairest lottery of a task. Raises Infeasible; or Stopped, with the best so far."""
    with best_so_far(task):
        expected = expected_seats(task)
        found = _attained(task, expected)
        if found.unattainable:
            expected, found = _out_of_reach(task, expected, found)
        levels = expected.levels if found.first is None else (found.first,)
        uncoverable = uncoverable_people(task, expected.excluded)
        made = replace(_lottery_of(task, found), levels=levels, uncoverable=uncoverable)
        return replace(made, exact=made.gap <= EXACT_GAP)


@contextmanager
def best_so_far(task: Task) -> Iterator[None]:
    """Give whoever stops what runs inside the best lottery that it has reached."""
    try:
        yield
    except Stopped as stopped:
        raise Stopped(stopped.reason, stopped.best or _best(task)) from None


def _best(task: Task) -> Distribution | None:
    """The best lottery that a stopped task has reached; None only where there is no panel."""
    watch, made = task.watch, list[Distribution]()
    for panels, weights in watch.lotteries.values():
        found = Found(list(panels), whole_weights(weights), watch.bound)
        if any(found.weights):
            made.append(_stopped(task, found))
    if made:
        return max(reversed(made), key=lambda one: (one.min_probability, len(one.panels)))
    panel = any_panel(task.model)
    return None if panel is None else _stopped(task, Found([panel], (1,), watch.bound))


def _stopped(task: Task, found: Found) -> Distribution:
    watch, none = task.watch, np.zeros(len(task.model.types), dtype=bool)
    excluded = none if watch.excluded is None else watch.excluded
    uncoverable = uncoverable_people(replace(task, explain=False), excluded)
    return replace(_lottery_of(task, found), levels=watch.levels, uncoverable=uncoverable)


def _attained(task: Task, expected: Relaxation) -> Found:
    """The relaxed optimum as a lottery; `unattainable` where it is proven that there is none."""
    bound, seats = expected.bound, expected.seats
    many = len(task.model.types) > MANY_TYPES
    parts = Peeler(task.model, task.seed, task.watch)
    parts.peel(seats, _NEGLIGIBLE if many else SMALLEST_WEIGHT)
    if parts.left <= _NEGLIGIBLE:
        return Found(parts.panels, whole_weights(parts.weights), bound)
    written = Written(task.model, seats, parts.panels, seed=task.seed, watch=task.watch)
    unattainable = written.outside and written.left_out > _NEGLIGIBLE
    weights = whole_weights(written.weights)
    return Found(written.panels, weights, bound, unattainable=unattainable)


def _out_of_reach(task: Task, expected: Relaxation, found: Found) -> tuple[Relaxation, Found]:
    """Leave out the types no panel holds and try again; then generate panels."""
    added, excluded = cover(task.model, found.panels, task.watch)
    panels = found.panels + added
    if not panels:
        raise infeasibility(task.model)
    if (excluded & ~expected.excluded).any():
        expected = expected_seats(task, excluded)
        found = _attained(task, expected)
        if not found.unattainable:
            return expected, found
        panels = panels + found.panels
    made = Generated(task.model, panels, expected, task.watch)
    made.run(only_first=task.algorithm == "maximin")
    weights = whole_weights(made.weights)
    return expected, Found(made.panels, weights, made.bound, generated=True, first=made.first)


def _lottery_of(task: Task, found: Found) -> Distribution:
    """The panels found, each once, with what is known of them alone."""
    merged: dict[bytes, list[int]] = {}
    for at, (panel, weight) in enumerate(zip(found.panels, found.weights, strict=False)):
        if weight > 0:
            merged.setdefault(panel.tobytes(), [at, 0])[1] += weight
    return Distribution(
        algorithm=task.algorithm,
        model=task.model,
        panels=tuple(found.panels[at] for at, _ in merged.values()),
        weights=tuple(weight for _, weight in merged.values()),
        levels=(),
        upper_bound=found.bound,
        exact=False,
        generated=found.generated,
    )


def uncoverable_people(task: Task, excluded: Flags) -> tuple[Uncoverable, ...]:
    """The people of the types `excluded`, by combination, with the change that includes them."""
    model = task.model
    groups: list[Uncoverable] = []
    for kind in np.flatnonzero(excluded):
        changes = None
        if task.explain and len(groups) < _MOST_CHANGES:
            task.watch.step("changes", len(groups) / min(int(excluded.sum()), _MOST_CHANGES))
            changes = smallest_relaxation(model, including=int(kind))
        values = dict(zip(model.features, model.types[kind].values, strict=True))
        groups.append(Uncoverable(values, model.types[kind].members, changes or ()))
    return tuple(groups)


def whole_weights(weights: Sequence[Fraction] | Floats) -> tuple[int, ...]:
    """Fractions times their common denominator; other weights as whole numbers of 10^-12."""
    if isinstance(weights, np.ndarray):
        return tuple(int(weight) for weight in np.round(weights * 1e12))
    common = lcm(*{weight.denominator for weight in weights})
    return tuple(weight.numerator * (common // weight.denominator) for weight in weights)
