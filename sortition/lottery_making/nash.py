"""The nash lottery: the largest product of chances, by an interior point method, then by panels.

Source of the objective: Flanigan et al., Nature 596 (2021). Over the relaxation it is a concave
program with one row a target, so a Newton step costs one small dense system. Where the relaxation
promises too much, panels are generated and their weights found by Cover's multiplicative update
(T. Cover, "An algorithm for maximizing expected log investment return", IEEE IT 30, 1984).
"""

from dataclasses import dataclass

import numpy as np

from sortition.highs import Program
from sortition.lottery_making.best_panel import Pricing
from sortition.lottery_making.rounding import columns_of
from sortition.panel_model import Flags, Floats, Ints, Model, Panel
from sortition.progress import Watch

_FINAL_BARRIER = 1e-11
_NEWTON_STEPS = 60
_INTERIOR = 1e-9
_UPDATES = 1000
_MOST_PANELS = 400


def relaxed_nash(model: Model, start: Floats, excluded: Flags) -> Floats:
    """Seats by type that maximise sum(counts * log(seats)) over the relaxation.

    `start` is a point of the relaxation; `excluded` types get no seat.
    """
    kept = np.flatnonzero(~excluded)
    rows = _rows_that_matter(model, kept)
    seats = np.zeros(len(model.types))
    seats[kept] = _Barrier(model, kept, rows, start[kept]).maximise()
    return seats


def nash_gap(model: Model, seats: Floats, excluded: Flags) -> float:
    """A bound of how far the log of the geometric mean lies below the best, by the gradient."""
    kept = np.flatnonzero(~excluded)
    homes = np.arange(model.core_rows, model.row_count)
    worth = model.counts[kept] / seats[kept]
    upper = model.counts[kept].astype(np.float64)
    columns = columns_of(model, kept, homes, worth, np.zeros(len(kept)), upper)
    program = Program(columns, model.lower.astype(np.float64), model.upper.astype(np.float64))
    answer = program.solve()
    people = float(model.counts[kept].sum())
    return 0.0 if answer is None else max(0.0, answer.value / people - 1)


@dataclass
class NashPanels:
    """Panels and weights whose log geometric mean lies at most `gap` below the best."""

    panels: list[Panel]
    weights: Floats
    gap: float


def generated_nash(
    model: Model, panels: list[Panel], excluded: Flags, watch: Watch, tolerance: float = 1e-6
) -> NashPanels:
    """Add the panel of steepest ascent until none improves the product by more than `tolerance`."""
    pricing, panels = Pricing(model), list(panels)
    people = float(model.counts[~excluded].sum())
    best = NashPanels(panels, np.full(len(panels), 1 / len(panels)), np.inf)
    for _ in range(_MOST_PANELS):
        watch.step("levels", 1 / (1 + best.gap))
        seats = _seats(model, panels)
        start = np.full(len(panels), 1 / len(panels))
        start[: len(best.weights)] += best.weights
        weights = _cover_update(seats, model.counts.astype(np.float64), excluded, start)
        expected = weights @ seats
        worth = np.where(excluded, 0.0, model.counts / np.maximum(expected, 1e-12))
        found = pricing.best(worth, watch.remaining)
        if found is None:
            break
        gap = max(0.0, found[1] / people - 1)
        best = NashPanels(list(panels), weights, gap)
        watch.reached.keep("generation", best.panels, weights)
        if gap <= tolerance:
            break
        panels.append(found[0])
    return best


def _seats(model: Model, panels: list[Panel]) -> Floats:
    return np.array([np.bincount(panel, minlength=len(model.types)) for panel in panels], float)


def _cover_update(seats: Floats, counts: Floats, excluded: Flags, start: Floats) -> Floats:
    """Weights that maximise sum(counts * log(weights @ seats)), from positive weights."""
    kept = ~excluded
    seats, counts = seats[:, kept], counts[kept]
    weights = np.maximum(start, 1e-12) / np.maximum(start, 1e-12).sum()
    for _ in range(_UPDATES):
        ratio = seats @ (counts / np.maximum(weights @ seats, 1e-300)) / counts.sum()
        weights = weights * ratio
        if np.abs(ratio[weights > 1e-9] - 1).max() < 1e-9:
            break
    normalised: Floats = weights / weights.sum()
    return normalised


def _rows_that_matter(model: Model, kept: Ints) -> Ints:
    """The size, the targets, and the household rows with more people kept than households."""
    people = np.bincount(
        model.home_row[kept], weights=model.counts[kept], minlength=model.row_count + 1
    )[:-1]
    homes = np.arange(model.core_rows, model.row_count)
    return np.concatenate([np.arange(model.core_rows), homes[people[homes] > model.upper[homes]]])


class _Barrier:
    """Newton's method on the log barrier: columns x (seats) and q = A x (row sums)."""

    def __init__(self, model: Model, kept: Ints, rows: Ints, start: Floats) -> None:
        self.counts = model.counts[kept].astype(np.float64)
        place = np.full(model.row_count + 1, -1)
        place[rows] = np.arange(len(rows))
        self.matrix = np.zeros((len(rows), len(kept)))
        for column in model.rows_of[kept].T:
            at = place[column]
            there = np.flatnonzero(at >= 0)
            self.matrix[at[there], there] = 1.0
        self.low = model.lower[rows] - _INTERIOR
        self.high = model.upper[rows] + _INTERIOR
        room = 1e-3 * self.counts
        self.x = np.clip(start, np.minimum(room, start / 2 + 1e-9), self.counts - room)
        width = self.high - self.low
        sums = self.matrix @ self.x
        self.q = np.clip(sums, self.low + 0.1 * width, self.high - 0.1 * width)

    def maximise(self) -> Floats:
        """The seats at the end of the central path."""
        barrier = 1.0
        while barrier > _FINAL_BARRIER:
            for _ in range(_NEWTON_STEPS):
                if self._newton(barrier) < 1e-9 * max(1.0, barrier):
                    break
            barrier *= 0.2
        return self.x

    def _newton(self, barrier: float) -> float:
        """One damped Newton step; the size of the decrement."""
        x, q, above = self.x, self.q, self.counts - self.x
        slope_x = -(self.counts + barrier) / x + barrier / above
        curve_x = (self.counts + barrier) / x**2 + barrier / above**2
        slope_q = -barrier / (q - self.low) + barrier / (self.high - q)
        curve_q = barrier / (q - self.low) ** 2 + barrier / (self.high - q) ** 2
        missing = q - self.matrix @ x
        scaled = self.matrix / curve_x
        system = scaled @ self.matrix.T + np.diag(1 / curve_q)
        right = missing + scaled @ slope_x - slope_q / curve_q
        try:
            dual = np.linalg.solve(system, right)
        except np.linalg.LinAlgError:  # rows that depend on each other: any solution will do
            dual = np.linalg.lstsq(system, right, rcond=None)[0]
        step_x = (self.matrix.T @ dual - slope_x) / curve_x
        step_q = (-dual - slope_q) / curve_q
        decrement = float(curve_x @ step_x**2 + curve_q @ step_q**2)
        length = min(1.0, 0.9 * self._longest(step_x, step_q))
        if decrement > 1 and length == 1.0:
            length = 1 / (1 + 0.1 * np.sqrt(decrement))
        self.x, self.q = x + length * step_x, q + length * step_q
        return decrement + float(np.abs(missing).max())

    def _longest(self, step_x: Floats, step_q: Floats) -> float:
        """The longest step that stays inside every bound."""
        rooms = (
            (self.x, -step_x),
            (self.counts - self.x, step_x),
            (self.q - self.low, -step_q),
            (self.high - self.q, step_q),
        )
        return min(
            float(np.min(room[step > 0] / step[step > 0], initial=np.inf)) for room, step in rooms
        )
