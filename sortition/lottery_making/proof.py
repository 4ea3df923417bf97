"""Proving by branch and bound what no panel exceeds, so that a stranger can follow every step.

Where the relaxation promises too much, one set of multipliers can't prove a bound over panels. A
tree can: each branch splits the seats of one type, and each leaf has multipliers of its own.
"""

from dataclasses import dataclass

import numpy as np

from sortition.highs import INFINITY, Columns, Program
from sortition.panel_model import Floats, Model
from sortition.region import Region

_MOST_LEAVES = 500
#: Worth lost for each seat that a row is missed by, so that every branch has an optimum.
_PENALTY = 1e4
_CLOSE = 1e-9
_WHOLE = 1e-7


@dataclass(frozen=True)
class Leaf:
    """Multipliers of the model's rows (positive: the upper bound binds) that prove a branch."""

    rows: Floats


@dataclass(frozen=True)
class Branch:
    """Panels with at most `most` seats of type `kind`, and those with more."""

    kind: int
    most: int
    below: "Branch | Leaf"
    above: "Branch | Leaf"


@dataclass(frozen=True)
class Proof:
    """No panel's worth, summed over its seats by type, exceeds what the tree proves."""

    worth: Floats
    tree: Branch | Leaf


def prove(model: Model, worth: Floats, bound: float) -> Proof | None:
    """Prove that no valid panel is worth more than `bound`; None where the tree grows too large."""
    search = _Search(model, worth, bound + _CLOSE)
    tree = search.node(np.zeros(len(worth)), model.counts.astype(np.float64))
    return None if tree is None else Proof(worth, tree)


class _Search:
    def __init__(self, model: Model, worth: Floats, bound: float) -> None:
        self.bound, self.width, self.leaves = bound, len(worth), 0
        region, rows = Region.of_panels(model), np.tile(np.arange(model.row_count), 2)
        signs = np.repeat([1.0, -1.0], model.row_count)
        self.slack = np.zeros(len(rows)), np.full(len(rows), INFINITY)
        slack = Columns.single(rows, signs, np.full(len(rows), -_PENALTY), self.slack[1])
        self.program = Program(region.columns(worth).beside(slack), *region.rows)

    def node(self, lower: Floats, upper: Floats) -> Branch | Leaf | None:
        """The proof for panels between two bounds; None where there is none of reasonable size."""
        self.program.set_bounds(
            np.concatenate([lower, self.slack[0]]), np.concatenate([upper, self.slack[1]])
        )
        answer = self.program.solve()
        if answer is None or self.leaves >= _MOST_LEAVES:
            return None
        if answer.value <= self.bound:
            self.leaves += 1
            return Leaf(answer.row_duals)
        seats = answer.x[: self.width]
        kind = int(np.argmax(np.abs(seats - np.round(seats))))
        if abs(seats[kind] - np.round(seats[kind])) <= _WHOLE:
            return None
        most = np.floor(seats[kind])
        lowered, raised = upper.copy(), lower.copy()
        lowered[kind], raised[kind] = most, most + 1
        below = self.node(lower, lowered)
        above = None if below is None else self.node(raised, upper)
        if below is None or above is None:
            return None
        return Branch(kind, int(most), below, above)
