"""Whole points by swaps: from a point near by, change or exchange seats until no row is broken.

Splitting seats, finding panels of great worth and proving a change of targets come down to this.
All exchanges are priced at once; a row that stays broken gets dearer, and what has just changed
rests for a few steps (breakout local search; U. Benlic, J.-K. Hao, 2013). Swaps take a fraction of
an integer program's time, but it alone proves that there is no point.
"""

import numpy as np
import numpy.typing as npt

from sortition.panel_model import Flags, Floats, Ints
from sortition.region import Region

#: Types to leave and types to enter that are paired at most.
_PAIRED = 48
#: What a broken row costs more after each step that makes little better than this.
_DEARER, _BETTER = 0.5, -0.01
#: Steps that a changed type rests, at least and fewer than.
_REST = (3, 8)
_STEPS = 150
#: Attempts before the integer program is asked, and types that ask for one more: of many it takes
#: minutes.
_TRIES, _TYPES_A_TRY = 2, 500


def whole_point(region: Region, near: Floats, chance: np.random.Generator) -> Ints | None:
    """A whole point of the region, at random near a fractional one; None if there is none."""
    if not region.is_narrow:
        for _ in range(_TRIES + len(region.types) // _TYPES_A_TRY):
            point = repair(region, _spread(region, near, chance), chance)
            if point is not None:
                return point
    return region.any_point()


def rounded(point: Floats, chance: np.random.Generator) -> Floats:
    """The point with each number rounded down or up at random, on average itself."""
    return np.floor(point + chance.random(len(point)))


def repair(
    region: Region,
    start: Floats | Ints,
    chance: np.random.Generator,
    *,
    gain: Floats | None = None,
    noise: float = 1e-3,
) -> Ints | None:
    """Change seats of the whole point `start` until bounds and rows hold; None if stuck.

    `gain`, small beside 1, is what a seat of each type is worth; a row mended by one is worth 1, or
    more the longer it was broken. Changes as good as each other up to `noise` are chosen at random.
    """
    search = _Swaps(region, start, chance, gain, noise)
    for step in range(_STEPS):
        if not search.broken.any():
            point = search.point.astype(np.int64)
            return point if region.holds(point) else None
        if not search.change(step):
            return None
    return None


def _spread(region: Region, near: Floats, chance: np.random.Generator) -> Floats:
    """The point rounded down or up, on average itself, and so that nearly every row keeps its sum.

    That is systematic sampling in an order by the rows (in a random sequence of them), where alike
    types lie together.
    """
    order = np.lexsort(region.rows_of[chance.permutation(len(region.rows_of))])
    so_far = np.floor(np.append(0.0, near[order].cumsum()) + chance.random())
    point = np.empty(len(near))
    point[order] = np.diff(so_far)
    return point


_Change = tuple[float, tuple[tuple[int, int], ...]]


class _Swaps:
    """A whole point and the rows it breaks; `change` makes the best change of one or two seats."""

    def __init__(
        self,
        region: Region,
        start: Floats | Ints,
        chance: np.random.Generator,
        gain: Floats | None,
        noise: float,
    ) -> None:
        self.region, self.chance, self.noise = region, chance, noise
        self.table, self.home = region.model.core_table[region.types], region.rows_of[-1]
        self.gain = np.zeros(len(start)) if gain is None else gain
        self.point = np.clip(np.asarray(start, np.float64), region.lower, region.upper)
        self.sums = region.sums(self.point)
        self.low, self.high = region.rows
        self.weight = np.ones(len(self.low))
        self.rests_until = np.zeros(len(start), np.int64)

    @property
    def broken(self) -> Flags:
        """The rows that the point breaks."""
        return (self.sums[:-1] < self.low) | (self.sums[:-1] > self.high)

    def change(self, step: int) -> bool:
        """Make the cheapest change, if it is dear make broken rows dearer; False when none."""
        prices, free = self._prices(), self.rests_until <= step
        more, less = prices[:, : self.table.shape[1]] @ self.table.T + prices[:, self.home]
        enter = self._cheapest((self.point < self.region.upper) & free, more - self.gain)
        leave = self._cheapest((self.point > self.region.lower) & free, less + self.gain)
        pair = self._pair(enter, leave, prices.sum(axis=0))
        choices = self._single(enter, 1), self._single(leave, -1), pair
        cost, changes = min(choices, key=lambda choice: choice[0])
        if not changes:
            return False
        if cost > _BETTER:
            self.weight += _DEARER * self.broken
        for kind, seats in changes:
            self.point[kind] += seats
            self.sums[self.region.rows_of[:, kind]] += seats
            self.rests_until[kind] = step + self.chance.integers(*_REST)
        return True

    def _prices(self) -> npt.NDArray[np.float32]:
        """What one more seat (above) and one seat less (below) cost in each row.

        They are halves, so their sums are exact in whatever order a machine takes them.
        """
        weight, prices = self.weight, np.zeros((2, len(self.sums)), np.float32)
        under, over = self.low - self.sums[:-1], self.sums[:-1] - self.high
        prices[0, :-1] = np.where(under >= 1, -weight, np.where(over >= 0, weight, 0.0))
        prices[1, :-1] = np.where(over >= 1, -weight, np.where(under >= 0, weight, 0.0))
        return prices

    def _cheapest(self, free: Flags, costs: Floats) -> tuple[Ints, Floats]:
        """The types of `free` whose change costs least, and what it costs."""
        kinds = np.flatnonzero(free)
        costs = costs[kinds] + self.noise * self.chance.random(len(kinds))
        if len(kinds) > _PAIRED:
            few = np.argpartition(costs, _PAIRED)[:_PAIRED]
            kinds, costs = kinds[few], costs[few]
        return kinds, costs

    def _single(self, of: tuple[Ints, Floats], seats: int) -> _Change:
        kinds, costs = of
        if not len(kinds):
            return np.inf, ()
        at = int(costs.argmin())
        return float(costs[at]), ((int(kinds[at]), seats),)

    def _pair(
        self, enter: tuple[Ints, Floats], leave: tuple[Ints, Floats], both: npt.NDArray[np.float32]
    ) -> _Change:
        """The cheapest exchange; a row that one type leaves and the other enters doesn't change."""
        if not len(enter[0]) or not len(leave[0]):
            return np.inf, ()
        core, homes = both[: self.table.shape[1]], self.home[leave[0]]
        shared = (self.table[leave[0]] * core) @ self.table[enter[0]].T
        shared = shared + np.where(homes[:, None] == self.home[enter[0]], both[homes][:, None], 0.0)
        costs = leave[1][:, None] + enter[1] - shared
        one, other = divmod(int(costs.argmin()), len(enter[0]))
        return float(costs[one, other]), ((int(leave[0][one]), -1), (int(enter[0][other]), 1))
