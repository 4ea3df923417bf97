"""The region that panels, or the seats of several, lie in: bounds, rows, and programs over both."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sortition.highs import Columns, Program
from sortition.panel_model import Floats, Ints, Model

#: How many settled seats around a fractional vertex a small integer program may still change.
_NEIGHBOURS = 40
_INTEGRAL = 1e-6


@dataclass(frozen=True, eq=False)
class Region:
    """The points x over `types`, lower <= x <= upper, whose sums lie between `row_bounds`.

    The model's core rows count and, of its household rows, only `homes`; `row_bounds` are given
    over all of them.
    """

    model: Model
    types: Ints
    lower: Floats | Ints
    upper: Floats | Ints
    row_bounds: tuple[Floats | Ints, Floats | Ints]
    homes: Ints

    @staticmethod
    def of_panels(model: Model, including: int | None = None) -> "Region":
        """The region of valid panels; with `including`, of those with a seat for that type."""
        lower = np.zeros(len(model.types))
        if including is not None:
            lower[including] = 1.0
        homes = np.arange(model.core_rows, model.row_count)
        rows = model.lower, model.upper
        return Region(model, np.arange(len(lower)), lower, model.counts, rows, homes)

    @cached_property
    def rows(self) -> tuple[Floats, Floats]:
        """The bounds of the rows that count."""
        kept = np.concatenate([np.arange(self.model.core_rows), self.homes])
        return self.row_bounds[0][kept].astype(float), self.row_bounds[1][kept].astype(float)

    @cached_property
    def rows_of(self) -> Ints:
        """The rows of each type, a column a type, the last its household's.

        One number more than there are rows stands for those that don't count.
        """
        core, width = self.model.core_rows, self.model.core_rows + len(self.homes)
        place = np.full(self.model.row_count + 1, width)
        place[:core], place[self.homes] = np.arange(core), np.arange(core, width)
        rows: Ints = np.ascontiguousarray(place[self.model.rows_of[self.types].T])
        return rows

    @property
    def is_narrow(self) -> bool:
        """Whether there are few types for the equations, which leaves exchanges little choice."""
        return len(self.types) <= 2 * int((self.rows[0] >= self.rows[1]).sum())

    def sums(self, x: Floats | Ints) -> Floats:
        """The sums of the rows that count, and one number more for the others."""
        weights = np.tile(np.asarray(x, np.float64), len(self.rows_of))
        sums = np.bincount(self.rows_of.ravel(), weights, len(self.rows[0]) + 1)
        return sums.astype(np.float64)

    def holds(self, x: Ints) -> bool:
        """Whether a whole point meets the bounds and the rows."""
        sums = self.sums(x)[:-1]
        within = (x >= self.lower).all() and (x <= self.upper).all()
        return bool(within and (sums >= self.rows[0]).all() and (sums <= self.rows[1]).all())

    def columns(self, cost: Floats) -> Columns:
        """The columns of a program over the region."""
        rows = self.rows_of.T
        counts = rows < len(self.rows[0])
        return Columns(
            cost=cost,
            lower=np.asarray(self.lower, np.float64),
            upper=np.asarray(self.upper, np.float64),
            starts=np.concatenate([[0], np.cumsum(counts.sum(axis=1))]),
            index=rows[counts],
            values=np.ones(int(counts.sum())),
        )

    def program(self, cost: Floats | None = None, *, integer: bool = False) -> Program:
        """A program over the region that maximises `cost`."""
        width = len(self.types)
        kinds = np.ones(width, dtype=bool) if integer else None
        return Program(
            self.columns(np.zeros(width) if cost is None else cost), *self.rows, integer=kinds
        )

    def any_point(self) -> Ints | None:
        """The first whole point that an integer program finds; None when there is proven none."""
        if not len(self.types):
            nothing = np.zeros(0, dtype=np.int64)
            return nothing if self.holds(nothing) else None
        program = self.program(integer=True)
        program.set_option("mip_max_improving_sols", 1)
        answer = program.solve()
        return None if answer is None else np.round(answer.x).astype(np.int64)


def whole_point_near(region: Region, cost: Floats) -> Ints | None:
    """A whole point near the vertex of greatest `cost`; None when the region has none.

    An integer program settles what is fractional there and, at first, only what is nearly free to
    change besides.
    """
    vertex = region.program(cost).solve() if len(region.types) else None
    if vertex is None:
        return region.any_point()
    whole = np.round(vertex.x)
    loss = np.where(np.abs(vertex.x - whole) > _INTEGRAL, -1.0, np.abs(vertex.reduced_costs))
    settled = np.ones(len(whole), dtype=bool)
    settled[np.argsort(loss, kind="stable")[: _NEIGHBOURS + int((loss < 0).sum())]] = False
    lower = np.where(settled, whole, region.lower)
    upper = np.where(settled, whole, region.upper)
    point = replace(region, lower=lower, upper=upper).any_point()
    return region.any_point() if point is None else point
