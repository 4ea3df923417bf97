"""Checking pool and targets before a draw: is a panel possible, and whom can none hold?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sortition.composition import ValueCount, panel_composition
from sortition.feasibility import Infeasible, TargetChange, any_panel, infeasibility
from sortition.pool import Person, Pool
from sortition.targets import Targets


@dataclass(frozen=True)
class Findings:
    """What a check found; with `feasible` False, `changes` and `message` say what would help."""

    feasible: bool
    message: str
    changes: tuple[TargetChange, ...]
    within_flex: bool
    values: tuple[ValueCount, ...]
    shared_addresses: tuple[tuple[str, ...], ...]


def check(
    pool: Pool, targets: Targets, size: int, *, already_selected: Sequence[Person] = ()
) -> Findings:
    """Say whether a valid panel of `size` exists, and otherwise the smallest relaxation.

    Raises InputFaults when the size can't fit the targets at all.
    """
    from sortition.api import model_of

    model = model_of(pool, targets, size, already_selected)
    refusal: Infeasible | None = None if any_panel(model) is not None else infeasibility(model)
    return Findings(
        feasible=refusal is None,
        message="Valid panels exist." if refusal is None else str(refusal),
        changes=() if refusal is None else refusal.changes,
        within_flex=True if refusal is None else refusal.within_flex,
        values=panel_composition(pool, targets, ()),
        shared_addresses=pool.households,
    )
