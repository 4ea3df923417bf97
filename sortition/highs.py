"""One linear or integer program on HiGHS: built from arrays, changed in place, one thread."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from sortition.panel_model import Flags, Floats, Ints
from sortition.progress import Stopped

INFINITY = float(highspy.kHighsInf)
TOLERANCE = 1e-9
#: How far rows may be broken, at each new attempt at a program whose point was lost.
_TOLERANCES = (TOLERANCE, 10 * TOLERANCE, 100 * TOLERANCE)

_OPTIMAL = highspy.HighsModelStatus.kOptimal
_WITH_POINT = (
    _OPTIMAL,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
)


@dataclass(frozen=True)
class Answer:
    """A solution: the point, its value, the best bound, row duals and reduced costs."""

    x: Floats
    value: float
    bound: float
    row_duals: Floats
    reduced_costs: Floats


@dataclass(frozen=True)
class Columns:
    """The columns of a program: cost, bounds and, per column, the rows it has entries in."""

    cost: Floats
    lower: Floats
    upper: Floats
    starts: Ints
    index: Ints
    values: Floats

    @staticmethod
    def single(rows: Ints, values: Floats, cost: Floats, upper: Floats) -> "Columns":
        """Columns from 0 to `upper` with one entry each."""
        count = len(rows)
        return Columns(cost, np.zeros(count), upper, np.arange(count + 1), rows, values)

    @staticmethod
    def dense(values: Floats, cost: float, upper: float) -> "Columns":
        """One column from 0 to `upper` with an entry in each row."""
        height = len(values)
        bounds = np.array([cost]), np.zeros(1), np.array([upper])
        return Columns(*bounds, np.array([0, height]), np.arange(height), values)

    def beside(self, other: "Columns") -> "Columns":
        """These columns and, after them, others of the same rows."""
        starts = self.starts, self.starts[-1] + other.starts[1:]
        bounds = (self.cost, other.cost), (self.lower, other.lower), (self.upper, other.upper)
        entries = (self.index, other.index), (self.values, other.values)
        return Columns(*map(np.concatenate, (*bounds, starts, *entries)))


class LostPoint(ArithmeticError):
    """A program known to have a point was called infeasible, however it was asked."""


class Program:
    """A maximisation. Change costs, bounds and rows between calls of `solve`."""

    def __init__(
        self, columns: Columns, row_lower: Floats, row_upper: Floats, integer: Flags | None = None
    ) -> None:
        self.width = len(columns.cost)
        self._is_integer = integer is not None
        self._highs = _new_highs()
        if integer is None:
            # Presolving costs more than it saves on programs this narrow, solved again and again.
            self._highs.setOptionValue("presolve", "off")
        self._highs.passModel(_highs_model(columns, row_lower, row_upper, integer))
        self._every = np.arange(self.width, dtype=np.int32)

    def set_option(self, name: str, value: float | str) -> None:
        """Set one of HiGHS's own options."""
        self._highs.setOptionValue(name, value)

    def limit_seconds(self, seconds: float) -> None:
        """Let the next call of `solve` run at most this long."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.01))

    def set_costs(self, cost: Floats) -> None:
        """Replace the objective."""
        self._highs.changeColsCost(self.width, self._every, _floats(cost))

    def set_bounds(self, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of every column."""
        self._highs.changeColsBounds(self.width, self._every, _floats(lower), _floats(upper))

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replace the bounds of one row."""
        self._highs.changeRowBounds(row, lower, upper)

    def set_entry(self, row: int, column: int, value: float) -> None:
        """Replace one coefficient."""
        self._highs.changeCoeff(row, column, value)

    def add_row(self, lower: float, upper: float, index: Ints, values: Floats) -> None:
        """Add one row."""
        self._highs.addRow(lower, upper, len(index), index.astype(np.int32), _floats(values))

    def add_column(self, cost: float, index: Ints, values: Floats) -> None:
        """Add one column with bounds 0 and infinity."""
        entries = len(index), index.astype(np.int32), _floats(values)
        self._highs.addCol(cost, 0.0, INFINITY, *entries)
        self.width += 1
        self._every = np.arange(self.width, dtype=np.int32)

    def sure(self) -> Answer:
        """Maximise a program that is known to have a point. Raises LostPoint.

        From an old basis a program whose rows are all tight can look infeasible by a little more
        than the tolerance: it is solved again from a new basis, and then at wider tolerances.
        """
        answer = self.solve()
        for tolerance in _TOLERANCES:
            if answer is not None:
                break
            self._highs.clearSolver()
            self.set_option("primal_feasibility_tolerance", tolerance)
            answer = self.solve()
        self.set_option("primal_feasibility_tolerance", TOLERANCE)
        if answer is None:
            raise LostPoint("A linear program lost the point that it is known to have.")
        return answer

    def solve(self) -> Answer | None:
        """Maximise; None when there is no point. Raises Stopped when its time is up without one."""
        self._highs.run()
        status = self._highs.getModelStatus()
        found = self._highs.getSolution()
        result = self._highs.getInfo()
        if status not in _WITH_POINT or (
            status != _OPTIMAL and result.primal_solution_status != 2  # 2: a feasible point
        ):
            if status == highspy.HighsModelStatus.kTimeLimit:
                raise Stopped("time")
            return None
        value = float(result.objective_function_value)
        bound = float(result.mip_dual_bound) if self._is_integer else value
        return Answer(
            np.array(found.col_value),
            value,
            bound,
            np.array(found.row_dual),
            np.array(found.col_dual),
        )


def _floats(values: Floats) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _new_highs() -> Any:
    untyped: Any = highspy.Highs
    highs = untyped()
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE,
    }.items():
        highs.setOptionValue(name, value)
    return highs


def _highs_model(
    columns: Columns, row_lower: Floats, row_upper: Floats, integer: Flags | None
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_ = len(columns.cost)
    model.num_row_ = len(row_lower)
    model.col_cost_ = columns.cost
    model.col_lower_ = columns.lower
    model.col_upper_ = columns.upper
    model.row_lower_ = row_lower
    model.row_upper_ = row_upper
    model.sense_ = highspy.ObjSense.kMaximize
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = columns.starts
    model.a_matrix_.index_ = columns.index
    model.a_matrix_.value_ = columns.values
    if integer is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in integer]
    return model
