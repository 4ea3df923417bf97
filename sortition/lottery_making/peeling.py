"""Writing expected seats as a lottery over valid panels: peel whole multiples, split, repeat.

Of the expected seats of M panels, the largest whole-number part that is itself the seats of M' < M
panels is split into panels; what is left is again a point of the relaxation, of weight
1 - M'/M, and is peeled in turn. Weights are exact fractions.
"""

import math
from fractions import Fraction

import numpy as np

from sortition.highs import INFINITY, Columns, Program
from sortition.lottery_making.splitting import Share, split_into_panels
from sortition.panel_model import Floats, Ints, Model, Panel, seats_of
from sortition.progress import Watch
from sortition.region import Region, whole_point_near

#: The weight below which what is left changes no chance by more than this.
SMALLEST_WEIGHT = Fraction(1, 10**10)
_SNAP = 1e-7
_MOST_PANELS_A_ROUND = 4096
#: Denominators up to which expected seats are tried as exact fractions.
_MOST_PANELS_AT_ONCE = 60
#: Rounds that came out short after which the point is taken to lie outside the hull of panels.
_MOST_SETBACKS = 3


class Peeler:
    """Valid panels with exact weights, and the weight `left` that no panels were found for."""

    def __init__(self, model: Model, seed: int, watch: Watch) -> None:
        self.model, self.chance, self.watch = model, np.random.default_rng(seed), watch
        self.panels: list[Panel] = []
        self.weights: list[Fraction] = []
        self.left = Fraction(1)
        self.setbacks = 0
        watch.keep("peeling", self.panels, self.weights)

    def peel(self, point: Floats, smallest_weight: Fraction = SMALLEST_WEIGHT) -> None:
        """Peel rounds off a relaxed point until little is left or no round yields a panel.

        Raises Stopped; the watch keeps the panels found until then.
        """
        point = np.clip(point, 0, self.model.counts)
        scale = self._first_scale(point)
        while self.left > smallest_weight:
            self._step()
            panels = self._round(point, scale)
            if not panels:
                self.setbacks += 1
                if scale >= _MOST_PANELS_A_ROUND or self.setbacks >= _MOST_SETBACKS:
                    return
                scale = min(2 * scale, _MOST_PANELS_A_ROUND)
                continue
            weight = self.left / scale
            self.panels += panels
            self.weights += [weight] * len(panels)
            self.left -= weight * len(panels)
            if len(panels) == scale or self.setbacks >= _MOST_SETBACKS:
                return
            rest = scale * point - seats_of(self.model, panels)
            point = rest / (scale - len(panels))
            point = self._snapped(np.clip(point, 0, self.model.counts))

    def _step(self, *_: object) -> None:
        self.watch.step("panels", 1 - float(self.left))

    def _first_scale(self, point: Floats) -> int:
        """A number of panels whose seats are all whole, or of which about half come out whole."""
        model = self.model
        for scale in range(1, _MOST_PANELS_AT_ONCE + 1):
            if np.abs(scale * point - np.round(scale * point)).max(initial=0.0) < _SNAP:
                return scale
        held = point > _SNAP
        halves = model.sums(np.where(held, 0.5, 0.0))[: model.core_rows]
        sums = model.sums(point)[: model.core_rows]
        ratio = float(np.max(halves[sums > 0.5] / sums[sums > 0.5], initial=1.0))
        return int(min(max(2, math.ceil(2 * ratio)), _MOST_PANELS_A_ROUND))

    def _snapped(self, point: Floats) -> Floats:
        """The point with seats that are whole up to rounding errors made whole."""
        whole = np.round(point)
        close = np.abs(point - whole) < _SNAP * max(1.0, 1e-3 / float(self.left))
        return np.where(close, whole, point)

    def _round(self, point: Floats, scale: int) -> list[Panel]:
        """Panels peeled off `scale` times the point; maybe none."""
        target = scale * point
        whole = np.floor(target + _SNAP)
        panels = self._most_panels(target, whole, scale)
        seats = None
        while panels >= 1 and seats is None:
            seats = self._whole_seats(target, whole, scale, panels)
            panels = panels if seats is not None else panels // 2
        if seats is None:
            return []
        share = Share.of(seats, panels)
        split = split_into_panels(self.model, share, self.chance, self._step)
        self.setbacks += bool(split.left.panels)
        return split.panels

    def _row_slack(self, target: Floats, scale: int) -> tuple[Floats, Floats]:
        """How far the rows of `target` lie within scale * lower and scale * upper."""
        sums = self.model.sums(target)
        below, above = sums - scale * self.model.lower, scale * self.model.upper - sums
        tight = _SNAP * scale
        return np.where(below < tight, 0.0, below), np.where(above < tight, 0.0, above)

    def _most_panels(self, target: Floats, whole: Floats, scale: int) -> int:
        """The most panels (in the relaxation) whose seats are at most `whole`."""
        model, core = self.model, self.model.core_rows
        types = np.flatnonzero(whole > 0)
        below, above = (slack[:core] for slack in self._row_slack(target, scale))
        lower, upper = model.lower[:core].astype(float), model.upper[:core].astype(float)
        single = model.rows_of[types, :-1]
        index = np.hstack([single, single + core]).ravel()
        none, starts = np.zeros(len(types)), np.arange(len(types) + 1) * 2 * single.shape[1]
        seats = Columns(none, none, whole[types], starts, index, np.ones(index.size))
        panels = Columns.dense(-np.concatenate([lower, upper]), cost=1.0, upper=float(scale))
        program = Program(
            seats.beside(panels),
            np.concatenate([np.zeros(core), -above]),
            np.concatenate([below, np.zeros(core)]),
        )
        for at in np.flatnonzero(4 * target[types] > scale * model.counts[types]):
            most = float(model.counts[types[at]])
            program.add_row(-INFINITY, 0.0, np.array([at, len(types)]), np.array([1.0, -most]))
        answer = program.solve()
        return 0 if answer is None else min(math.floor(answer.value + _SNAP), scale)

    def _whole_seats(self, target: Floats, whole: Floats, scale: int, panels: int) -> Ints | None:
        """Whole seats of `panels` panels, at most `whole`, whose rest stays in the relaxation."""
        model, rest = self.model, scale - panels
        types = np.flatnonzero(whole > 0)
        sums = model.sums(target)
        below, above = self._row_slack(target, scale)
        row_lower = np.maximum(panels * model.lower, panels * model.upper - above)
        row_upper = np.minimum(panels * model.upper, panels * model.lower + below)
        low = np.maximum(np.ceil(target - rest * model.counts - _SNAP), np.floor(whole / 4))[types]
        low = np.maximum(low, 0)
        homes = np.flatnonzero(sums > min(panels, rest) * model.upper)
        homes = homes[homes >= model.core_rows]
        high = np.minimum(whole, panels * model.counts)[types]
        cost = self.chance.standard_normal(len(types))
        region = Region(model, types, low, high, (row_lower, row_upper), homes)
        seats = whole_point_near(region, cost)
        if seats is None:
            return None
        full = np.zeros(len(target), dtype=np.int64)
        full[types] = seats
        return full
