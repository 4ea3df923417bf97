"""Finding the valid panel of greatest worth: by diving, and surely by an integer program."""

from functools import cached_property

import numpy as np

from sortition.highs import Program
from sortition.lottery_making.rounding import columns_of, dive
from sortition.panel_model import Floats, Ints, Model, Panel, panel_from_counts

#: How near a row or a bound counts as tight at a point of the relaxation, in seats.
_TIGHT = 1e-7
_LONGEST_DIVE = 100


class Pricing:
    """Panels of great worth, where a panel's worth is the sum of its seats' worths by type.

    With `face`, a point of the relaxation, only panels on its face are looked for: those that fill
    every seat it fills, and meet every row exactly that it meets exactly. Whatever lottery has
    `face` as its expected seats consists of such panels.
    """

    def __init__(self, model: Model, face: Floats | None = None) -> None:
        self.model = model
        self.calls = 0
        self.types = np.arange(len(model.types)) if face is None else np.flatnonzero(face > _TIGHT)
        counts = model.counts[self.types].astype(np.float64)
        self._bounds = np.zeros(len(self.types)), counts
        rows = model.lower.astype(np.float64), model.upper.astype(np.float64)
        if face is not None:
            full = face[self.types] >= counts - _TIGHT
            self._bounds = np.where(full, counts, 0.0), counts
            rows = _tightened(model, face)
        homes = np.unique(model.home_row[self.types])
        self._homes: Ints = homes[homes < model.row_count]
        kept = np.concatenate([np.arange(model.core_rows), self._homes])
        self._rows = rows[0][kept], rows[1][kept]

    def best(self, worth: Floats, seconds: float | None = None) -> tuple[Panel, float] | None:
        """The best panel for type worths, and a proven bound of any panel's worth; None if none."""
        self.calls += 1
        if seconds is not None:
            self._exact.limit_seconds(seconds)
        self._exact.set_costs(worth[self.types])
        answer = self._exact.solve()
        if answer is None:
            return None
        return self._panel(np.round(answer.x).astype(np.int64)), max(answer.bound, answer.value)

    def good(self, worth: Floats) -> Panel | None:
        """A panel of great worth, found by diving; None where the dive gets stuck."""
        self._relaxed.set_costs(worth[self.types])
        whole = dive(self._relaxed, self._relaxed.solve(), self._bounds, _LONGEST_DIVE)
        self._relaxed.set_bounds(*self._bounds)
        return None if whole is None else self._panel(whole)

    def _panel(self, seats: Ints) -> Panel:
        return panel_from_counts(self.types, seats)

    @cached_property
    def _relaxed(self) -> Program:
        return self._program(integer=False)

    @cached_property
    def _exact(self) -> Program:
        return self._program(integer=True)

    def _program(self, *, integer: bool) -> Program:
        width = len(self.types)
        columns = columns_of(self.model, self.types, self._homes, np.zeros(width), *self._bounds)
        kinds = np.ones(width, dtype=bool) if integer else None
        return Program(columns, *self._rows, integer=kinds)


def _tightened(model: Model, face: Floats) -> tuple[Floats, Floats]:
    """The rows' bounds, with those that `face` meets exactly made equations."""
    sums = model.sums(face)
    lower, upper = model.lower.astype(np.float64), model.upper.astype(np.float64)
    at_lower, at_upper = sums <= lower + _TIGHT, sums >= upper - _TIGHT
    return np.where(at_upper, upper, lower), np.where(at_lower, lower, upper)
