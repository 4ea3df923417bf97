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
        rows, counts = model.row_count, model.counts.astype(np.float64)
        base = Region.of_panels(model).columns(worth)
        slack = np.arange(rows)
        columns = Columns(
            cost=np.concatenate([base.cost, np.full(2 * rows, -_PENALTY)]),
            lower=np.zeros(self.width + 2 * rows),
            upper=np.concatenate([counts, np.full(2 * rows, INFINITY)]),
            starts=np.concatenate([base.starts, base.starts[-1] + np.arange(1, 2 * rows + 1)]),
            index=np.concatenate([base.index, slack, slack]),
            values=np.concatenate([base.values, np.ones(rows), -np.ones(rows)]),
        )
        self.slack = np.zeros(2 * rows), np.full(2 * rows, INFINITY)
        self.program = Program(
            columns, model.lower.astype(np.float64), model.upper.astype(np.float64)
        )

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
