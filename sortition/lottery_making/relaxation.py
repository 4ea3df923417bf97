"""Leximin over the linear relaxation: levels, the expected seats of every type, and their duals.

Source: Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting citizens'
assemblies", Nature 596 (2021), on types instead of people. With X = counts * z + s the program has
one row a target; upper bounds and household rows are added only once they are broken.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sortition.highs import INFINITY, TOLERANCE, Answer, Columns, LostPoint, Program
from sortition.lottery_making.proof import Proof
from sortition.panel_model import Flags, Floats, Ints, Model
from sortition.region import Region


@dataclass(frozen=True)
class Level:
    """One leximin level: nobody in `types` can have more than `value` unless others have less.

    `rows` are the multipliers of the model's rows (positive: the upper bound binds), `bounds` those
    of x_t <= counts_t; with the earlier levels they prove `value` by duality. Where only panels
    themselves prove it, `proof` does instead.
    """

    value: float
    types: Ints
    rows: Floats
    bounds: dict[int, float]
    proof: Proof | None = None


@dataclass(frozen=True)
class Relaxation:
    """The relaxed optimum: expected seats by type and the levels that prove it.

    `chances` are those of each type's level (1 where no level holds it back); `excluded` are the
    types that no panel can hold.
    """

    seats: Floats
    levels: tuple[Level, ...]
    chances: Floats
    excluded: Flags

    @property
    def bound(self) -> float:
        """The smallest chance of the types that a panel can hold."""
        return float(self.chances[~self.excluded].min(initial=1.0))


def relaxed_leximin(
    model: Model,
    *,
    only_first: bool = False,
    excluded: Flags | None = None,
    step: Callable[[], None] = lambda: None,
) -> Relaxation | None:
    """Maximise the smallest chance, then the next, over the relaxation; None when it is empty.

    `excluded` types get no seat. With `only_first` the search ends at the first positive level
    (maximin). `step` is called after each level.
    """
    program = _LevelProgram(model, excluded)
    levels: list[Level] = []
    while program.open.any():
        level = program.next_level()
        if level is None:
            return None
        levels.append(level)
        step()
        if only_first and level.value > TOLERANCE:
            break
    chances = np.ones(len(model.types))
    for level in levels:
        chances[level.types] = level.value
    without = (chances <= TOLERANCE) | (False if excluded is None else excluded)
    return Relaxation(program.seats, tuple(levels), chances, without)


class _LevelProgram:
    """The linear program of one level after another; columns s_0..s_T-1 and z."""

    def __init__(self, model: Model, excluded: Flags | None) -> None:
        self.model = model
        self.counts = model.counts.astype(np.float64)
        none = np.zeros(len(model.types))
        self.open = none == 0 if excluded is None else ~excluded
        self.fixed_seats, self.seats = none.copy(), none
        #: The rows added: their types, limits and, of households, the model's row.
        self.extra: list[tuple[Ints, float, int | None]] = []
        self.upper = np.where(self.open, self.counts, 0.0)
        no_homes = np.zeros(0, np.int64)
        region = replace(Region.of_panels(model), upper=self.upper, homes=no_homes)
        value = Columns.dense(self._sums(self.counts * self.open), cost=1.0, upper=1.0)
        self.program = Program(region.columns(0 * self.upper).beside(value), *region.rows)

    def next_level(self) -> Level | None:
        """Solve the next level, fix the types that its duals hold, and return it."""
        self._move_fixed_to_bounds()
        answer = self._solve_with_broken_rows()
        if answer is None:
            return None
        value = float(answer.x[-1])
        held = self.open.copy()
        if value < 1 - TOLERANCE:
            weights = -answer.reduced_costs[:-1] * self.counts
            held &= weights > TOLERANCE
            if not held.any():
                held = self.open & (answer.x[:-1] <= TOLERANCE)
        types = np.flatnonzero(held)
        self.fixed_seats[types] = self.counts[types] * value
        self.open &= ~held
        return Level(value, types, *self._multipliers(answer))

    def _sums(self, x: Floats) -> Floats:
        return self.model.sums(x)[: self.model.core_rows]

    def _move_fixed_to_bounds(self) -> None:
        """Take fixed types out of z's column and into the right-hand sides."""
        model, z = self.model, self.program.width - 1
        weights, shift = self._sums(self.counts * self.open), self._sums(self.fixed_seats)
        for row in range(model.core_rows):
            self.program.set_entry(row, z, weights[row])
            low, high = model.lower[row] - shift[row], model.upper[row] - shift[row]
            self.program.set_row(row, low, high)
        for at, (types, limit, _) in enumerate(self.extra, start=model.core_rows):
            weight = float((self.counts * self.open)[types].sum())
            self.program.set_entry(at, z, weight)
            self.program.set_row(at, -INFINITY, limit - float(self.fixed_seats[types].sum()))

    def _solve_with_broken_rows(self) -> Answer | None:
        """Solve, add the upper bounds and household rows that are broken, until none is."""
        while True:
            try:
                answer = self.program.sure()
            except LostPoint:
                return None
            s, z = answer.x[:-1], float(answer.x[-1])
            self.seats = self.fixed_seats + self.counts * self.open * z + s
            if not self._add_broken_rows():
                return answer

    def _add_broken_rows(self) -> bool:
        model, before = self.model, len(self.extra)
        for kind in np.flatnonzero(self.seats > self.upper + TOLERANCE):
            if self.upper[kind] > 0:
                self._add_row(np.array([kind]), self.upper[kind], None)
        sums = model.sums(self.seats)
        for row in range(model.core_rows, model.row_count):
            if sums[row] > model.upper[row] + TOLERANCE:
                types = np.flatnonzero(model.home_row == row)
                self._add_row(types, float(model.upper[row]), row)
        return len(self.extra) > before

    def _add_row(self, types: Ints, limit: float, home: int | None) -> None:
        weight = float((self.counts * self.open)[types].sum())
        self.program.add_row(
            -INFINITY,
            limit - float(self.fixed_seats[types].sum()),
            np.append(types, self.program.width - 1),
            np.append(np.ones(len(types)), weight),
        )
        self.extra.append((types, limit, home))

    def _multipliers(self, answer: Answer) -> tuple[Floats, dict[int, float]]:
        model, duals = self.model, answer.row_duals
        rows = np.zeros(model.row_count)
        rows[: model.core_rows] = duals[: model.core_rows]
        bounds: dict[int, float] = {}
        for dual, (types, _, home) in zip(duals[model.core_rows :], self.extra, strict=True):
            if home is not None:
                rows[home] = dual
            elif dual > 0:
                bounds[int(types[0])] = float(dual)
        return rows, bounds
