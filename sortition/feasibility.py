"""Whether any valid panel exists, and otherwise the smallest change of targets that allows one."""

from dataclasses import dataclass

import numpy as np

from sortition.highs import Columns, Program
from sortition.lottery_making.rounding import columns_of
from sortition.panel_model import Ints, Model, Panel, panel_from_counts
from sortition.targets import Target


@dataclass(frozen=True)
class TargetChange:
    """One bound to move: `bound` is "min" (lowered) or "max" (raised), in people."""

    feature: str
    value: str
    bound: str
    old: int
    new: int

    def __str__(self) -> str:
        if self.bound == "min":
            return f"lower the minimum of {self.feature} {self.value} from {self.old} to {self.new}"
        return f"raise the maximum of {self.feature} {self.value} from {self.old} to {self.new}"


def in_words(changes: tuple[TargetChange, ...]) -> str:
    """The changes as one English sentence."""
    text = " and ".join(str(change) for change in changes)
    return f"{text[:1].upper()}{text[1:]}."


class Infeasible(Exception):
    """No valid panel exists.

    `changes` is the smallest relaxation of the targets that allows one (sum of 1 + 2/min for each
    step of a minimum and 1 for each step of a maximum). `within_flex` says whether it keeps to the
    flex bounds; empty `changes` mean that no change of targets helps.
    """

    def __init__(self, changes: tuple[TargetChange, ...], *, within_flex: bool = True) -> None:
        self.changes, self.within_flex = changes, within_flex
        super().__init__(self._message())

    def _message(self) -> str:
        start = "No panel can meet all targets."
        if not self.changes:
            return f"{start} No change of targets helps: too few people at different addresses."
        if self.within_flex:
            return f"{start} The smallest change that allows one: {in_words(self.changes)}"
        return (
            f"{start} None can within the flex limits either; "
            f"the smallest change beyond them: {in_words(self.changes)}"
        )


def any_panel(model: Model, including: int | None = None) -> Panel | None:
    """A valid panel (with a seat for type `including`, if given), or None when there is none."""
    types, homes = _everything(model)
    lower = np.zeros(len(types))
    if including is not None:
        lower[including] = 1.0
    columns = _columns(model, types, homes, lower)
    program = Program(
        columns,
        model.lower.astype(float),
        model.upper.astype(float),
        integer=np.ones(len(types), dtype=bool),
    )
    program.set_option("mip_max_improving_sols", 1)
    answer = program.solve()
    if answer is None:
        return None
    return panel_from_counts(types, np.round(answer.x).astype(np.int64))


def infeasibility(model: Model) -> Infeasible:
    """The exception that says what is wrong with an infeasible model."""
    changes = smallest_relaxation(model)
    if changes is not None:
        return Infeasible(changes)
    return Infeasible(smallest_relaxation(model, beyond_flex=True) or (), within_flex=False)


def smallest_relaxation(
    model: Model, *, including: int | None = None, beyond_flex: bool = False
) -> tuple[TargetChange, ...] | None:
    """The cheapest changes of targets that allow a panel; None when no changes do.

    Lowering a minimum costs 1 + 2/min a step, raising a maximum 1. With `including`, a panel that
    holds someone of that type.
    """
    types, homes = _everything(model)
    lower = np.zeros(len(types))
    if including is not None:
        lower[including] = 1.0
    base = _columns(model, types, homes, lower)
    program = Program(
        _with_slack(base, model, beyond_flex=beyond_flex),
        model.lower.astype(float),
        model.upper.astype(float),
        integer=np.ones(len(types) + 2 * len(model.targets), dtype=bool),
    )
    answer = program.solve()
    if answer is None:
        return None
    steps = np.round(answer.x[len(types) :]).astype(int).reshape(2, -1)
    return tuple(
        change
        for at, target in enumerate(model.targets)
        for change in _changes(target, int(steps[0, at]), int(steps[1, at]))
    )


def _changes(target: Target, lowered: int, raised: int) -> list[TargetChange]:
    """The steps of one target as changes of the whole panel's bounds."""
    changes = []
    for bound, reduced, step in (
        ("min", target.minimum, -lowered),
        ("max", target.maximum, raised),
    ):
        old = reduced + target.held
        if step:
            changes.append(TargetChange(target.feature, target.value, bound, old, old + step))
    return changes


def _everything(model: Model) -> tuple[Ints, Ints]:
    return np.arange(len(model.types)), np.arange(model.core_rows, model.row_count)


def _columns(model: Model, types: Ints, homes: Ints, lower: np.ndarray) -> Columns:
    upper = model.counts.astype(float)
    return columns_of(model, types, homes, np.zeros(len(types)), lower, upper)


def _with_slack(base: Columns, model: Model, *, beyond_flex: bool) -> Columns:
    """The columns and, for each target, one that lowers its minimum and one that raises its max."""
    targets = model.targets
    widest = float(model.size)
    room_below = [t.minimum if beyond_flex else t.minimum - t.flex_minimum for t in targets]
    room_above = [widest if beyond_flex else t.flex_maximum - t.maximum for t in targets]
    cost_below = [-(1 + 2 / t.minimum) if t.minimum else -1.0 for t in targets]
    count, rows = len(targets), np.arange(1, 1 + len(targets))
    return Columns(
        cost=np.concatenate([base.cost, cost_below, -np.ones(count)]),
        lower=np.concatenate([base.lower, np.zeros(2 * count)]),
        upper=np.concatenate([base.upper, room_below, room_above]),
        starts=np.concatenate([base.starts, base.starts[-1] + np.arange(1, 2 * count + 1)]),
        index=np.concatenate([base.index, rows, rows]),
        values=np.concatenate([base.values, np.ones(count), -np.ones(count)]),
    )
