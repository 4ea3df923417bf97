"""Whole numbers near a linear program's vertex: dive first, an integer program where it sticks."""

import numpy as np

from sortition.highs import Answer, Columns, Program
from sortition.panel_model import Flags, Floats, Ints, Model

#: How many settled seats around a fractional vertex a small integer program may still change.
_NEIGHBOURS = 40
_INTEGRAL = 1e-6
_LONGEST_DIVE = 16


def round_within(
    model: Model,
    types: Ints,
    bounds: tuple[Floats | Ints, Floats | Ints],
    rows: tuple[Floats, Floats],
    homes: Ints,
    cost: Floats,
) -> Ints | None:
    """A whole-number point over `types` within bounds, core rows and household rows `homes`.

    Takes the vertex of the linear program that maximises `cost`; what is fractional there goes to
    an integer program, at first around the vertex only. None when there is no such point.
    """
    lower, upper = np.asarray(bounds[0], np.float64), np.asarray(bounds[1], np.float64)
    kept = np.concatenate([np.arange(model.core_rows), homes])
    row_lower, row_upper = rows[0][kept], rows[1][kept]
    if not len(types):
        return np.zeros(0, np.int64) if (row_lower <= 0).all() and (row_upper >= 0).all() else None
    columns = columns_of(model, types, homes, cost, lower, upper)
    program = Program(columns, row_lower, row_upper)
    answer = program.solve()
    if answer is None:
        return None
    dived = dive(program, answer, (lower, upper))
    if dived is not None:
        return dived
    vertex = np.round(answer.x)
    fractional = np.abs(answer.x - vertex) > _INTEGRAL
    near = _near(fractional, answer.reduced_costs)
    for free in (near, np.ones(len(types), dtype=bool)):
        settled_lower = np.where(free, lower, vertex)
        settled_upper = np.where(free, upper, vertex)
        whole = _whole_point(
            model, types, homes, (settled_lower, settled_upper), (row_lower, row_upper)
        )
        if whole is not None:
            return whole
    return None


def dive(
    program: Program,
    answer: Answer | None,
    bounds: tuple[Floats, Floats],
    longest: int = _LONGEST_DIVE,
) -> Ints | None:
    """Fix the column nearest a whole number and solve again, until all are whole; None if stuck.

    The program keeps the columns that were fixed: give it its `bounds` again before the next dive.
    """
    for _ in range(longest):
        if answer is None:
            return None
        whole = np.round(answer.x)
        off = np.abs(answer.x - whole)
        if off.max() <= _INTEGRAL:
            return whole.astype(np.int64)
        at = int(np.argmin(np.where(off > _INTEGRAL, off, 1.0)))
        program.fix(at, whole[at])
        other = whole[at] + np.sign(answer.x[at] - whole[at])
        answer = program.solve()
        if answer is None and bounds[0][at] <= other <= bounds[1][at]:
            program.fix(at, other)
            answer = program.solve()
    return None


def _near(fractional: Flags, reduced_costs: Floats) -> Flags:
    """The fractional columns and those whose change would cost the objective least."""
    free = fractional.copy()
    settled = np.flatnonzero(~fractional)
    order = np.argsort(np.abs(reduced_costs[settled]), kind="stable")
    free[settled[order[:_NEIGHBOURS]]] = True
    return free


def _whole_point(
    model: Model,
    types: Ints,
    homes: Ints,
    bounds: tuple[Floats, Floats],
    rows: tuple[Floats, Floats],
) -> Ints | None:
    """The first whole-number point found; settled columns are taken out of the program."""
    lower, upper = bounds
    free = np.flatnonzero(lower < upper)
    fixed = np.where(lower < upper, 0.0, lower)
    kept = np.concatenate([np.arange(model.core_rows), homes])
    shift = model.sums(fixed, types)[kept]
    cost = np.zeros(len(free))  # any point will do, and the first is found sooner without a goal
    columns = columns_of(model, types[free], homes, cost, lower[free], upper[free])
    program = Program(
        columns, rows[0] - shift, rows[1] - shift, integer=np.ones(len(free), dtype=bool)
    )
    program.set_option("mip_max_improving_sols", 1)
    answer = program.solve()
    if answer is None:
        return None
    point = fixed.astype(np.int64)
    point[free] = np.round(answer.x).astype(np.int64)
    return point


def columns_of(
    model: Model, types: Ints, homes: Ints, cost: Floats, lower: Floats, upper: Floats
) -> Columns:
    """The columns of `types` over the core rows and, renumbered after them, the rows `homes`."""
    core = model.rows_of[types, :-1]
    if not len(homes):
        index, starts = core.ravel(), np.arange(len(types) + 1) * core.shape[1]
    else:
        place = np.full(model.row_count + 1, -1)
        place[homes] = model.core_rows + np.arange(len(homes))
        padded = np.column_stack([core, place[model.home_row[types]]])
        present = padded >= 0
        index = padded[present]
        starts = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    return Columns(cost, lower, upper, starts, index, np.ones(len(index)))
