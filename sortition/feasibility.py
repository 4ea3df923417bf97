"""Whether any valid panel exists, and otherwise the smallest change of targets that allows one."""

from dataclasses import dataclass, replace

import numpy as np

from sortition.highs import Columns, Program
from sortition.panel_model import Floats, Ints, Model, Panel, panel_from_counts
from sortition.region import Region
from sortition.swaps import repair, rounded

#: Types from which people are taken in fractions first, and tries to prove what that finds.
_MANY_TYPES = 100
_TRIES = 4


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
        told = "No change of targets helps: too few people at different addresses."
        if changes and within_flex:
            told = f"The smallest change that allows one: {in_words(changes)}"
        elif changes:
            beyond = f"the smallest change beyond them: {in_words(changes)}"
            told = f"None can within the flex limits either; {beyond}"
        super().__init__(f"No panel can meet all targets. {told}")


def any_panel(model: Model, including: int | None = None) -> Panel | None:
    """A valid panel (with a seat for type `including`, if given), or None when there is none."""
    region = Region.of_panels(model, including)
    seats = region.any_point()
    return None if seats is None else panel_from_counts(region.types, seats)


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
    region = Region.of_panels(model, including)
    columns = _with_slack(region, beyond_flex=beyond_flex)
    steps = None
    if len(region.types) > _MANY_TYPES:
        least = _cheapest_steps(region, columns, whole_people=False)
        if least is None:
            return None
        steps = least if _allow_a_panel(region, *least) else None
    steps = steps or _cheapest_steps(region, columns, whole_people=True)
    if steps is None:
        return None
    return tuple(
        TargetChange(target.feature, target.value, bound, old, old + step)
        for target, lowered, raised in zip(model.targets, *steps[0].tolist(), strict=True)
        for bound, reduced, step in (
            ("min", target.minimum, -lowered),
            ("max", target.maximum, raised),
        )
        for old in [reduced + target.held]
        if step
    )


def _cheapest_steps(
    region: Region, columns: Columns, *, whole_people: bool
) -> tuple[Ints, Floats] | None:
    """Steps of minimums (row 0) and maximums (row 1) by target, and seats that they allow.

    Without `whole_people` seats may be fractions, so the steps are at most what is needed.
    """
    width = len(region.types)
    integer = (np.arange(len(columns.cost)) >= width) | whole_people
    answer = Program(columns, *region.rows, integer=integer).solve()
    if answer is None:
        return None
    return np.round(answer.x[width:]).astype(np.int64).reshape(2, -1), answer.x[:width]


def _allow_a_panel(region: Region, steps: Ints, seats: Floats) -> bool:
    """Whether swaps find a panel that meets the targets after these steps."""
    lower, upper = region.model.lower.copy(), region.model.upper.copy()
    lower[1 : region.model.core_rows] -= steps[0]
    upper[1 : region.model.core_rows] += steps[1]
    widened = replace(region, row_bounds=(lower, upper))
    # One fixed sequence, so that the changes named do not depend on a seed.
    chance = np.random.default_rng(0)
    starts = (rounded(seats, chance) for _ in range(_TRIES))
    return any(repair(widened, start, chance) is not None for start in starts)


def _with_slack(region: Region, *, beyond_flex: bool) -> Columns:
    """The columns and, for each target, one that lowers its minimum and one that raises its max."""
    targets, widest = region.model.targets, float(region.model.size)
    room_below = [t.minimum if beyond_flex else t.minimum - t.flex_minimum for t in targets]
    room_above = [widest if beyond_flex else t.flex_maximum - t.maximum for t in targets]
    cost_below = [-(1 + 2 / t.minimum) if t.minimum else -1.0 for t in targets]
    rows, ones = np.arange(1, 1 + len(targets)), np.ones(len(targets))
    slack = Columns.single(
        np.tile(rows, 2),
        np.concatenate([ones, -ones]),
        np.concatenate([cost_below, -ones]),
        np.concatenate([room_below, room_above]),
    )
    return region.columns(np.zeros(len(region.types))).beside(slack)
