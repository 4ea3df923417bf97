"""Finding panels of great worth: near a vertex by swaps, and surely by an integer program."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sortition.highs import Program
from sortition.panel_model import Floats, Model, Panel, panel_from_counts
from sortition.region import Region
from sortition.swaps import repair, rounded

#: How near a row or a bound counts as tight at a point of the relaxation, in seats.
_TIGHT = 1e-7
#: Panels for each vertex, and the noise on the worths: panels that differ help most.
_PANELS = 8
_NOISE = (1e-3, 0.1, 0.2, 0.3)
#: Worths this near to each other count as equal in a swap.
_EQUAL = 0.05


class Pricing:
    """Panels of great worth, where a panel's worth is the sum of its seats' worths by type.

    With `face`, a point of the relaxation, only panels on its face are looked for: those that fill
    every seat it fills, and meet every row exactly that it meets exactly. Whatever lottery has
    `face` as its expected seats consists of such panels.
    """

    def __init__(self, model: Model, face: Floats | None = None) -> None:
        self.types = np.arange(len(model.types)) if face is None else np.flatnonzero(face > _TIGHT)
        counts = model.counts[self.types]
        full = np.zeros(len(counts)) if face is None else face[self.types] >= counts - _TIGHT
        homes = np.unique(model.home_row[self.types])
        self._region = Region(
            model,
            self.types,
            np.where(full, counts, 0),
            counts,
            (model.lower, model.upper) if face is None else _tightened(model, face),
            homes[homes < model.row_count],
        )

    def best(self, worth: Floats, seconds: float | None = None) -> tuple[Panel, float] | None:
        """The best panel for type worths, and a proven bound of any panel's worth; None if none."""
        if seconds is not None:
            self._exact.limit_seconds(seconds)
        self._exact.set_costs(worth[self.types])
        answer = self._exact.solve()
        if answer is None:
            return None
        seats = np.round(answer.x).astype(np.int64)
        return panel_from_counts(self.types, seats), max(answer.bound, answer.value)

    def good(self, worth: Floats, chance: np.random.Generator) -> Iterator[Panel]:
        """A few different panels of great worth, all found near one vertex by swaps; maybe none."""
        self._relaxed.set_costs(worth[self.types])
        vertex = self._relaxed.solve()
        if vertex is None:
            return
        for number in range(_PANELS):
            noise = _NOISE[number % len(_NOISE)] * chance.standard_normal(len(self.types))
            start, gain = rounded(vertex.x, chance), vertex.reduced_costs + noise
            seats = repair(self._region, start, chance, gain=gain, noise=_EQUAL)
            if seats is not None:
                yield panel_from_counts(self.types, seats)

    @cached_property
    def _relaxed(self) -> Program:
        return self._region.program()

    @cached_property
    def _exact(self) -> Program:
        return self._region.program(integer=True)


def _tightened(model: Model, face: Floats) -> tuple[Floats, Floats]:
    """The rows' bounds, with those that `face` meets exactly made equations."""
    sums = model.sums(face)
    lower, upper = model.lower.astype(np.float64), model.upper.astype(np.float64)
    at_lower, at_upper = sums <= lower + _TIGHT, sums >= upper - _TIGHT
    return np.where(at_upper, upper, lower), np.where(at_lower, lower, upper)
