"""Which reserves a panel wants, from how many members are likely to leave; no database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from panel_app.recruitment.lottery_rows import Inputs

#: How often, at least, no more people leave than there are to be reserves.
CERTAINTY = 0.9
#: Lists of a lottery on which the expected shortfall is measured, each with dropouts of its own.
MEASURED = 100


def likely_most(members: int, share: float) -> int:
    """Return how many members leave at most, nine times in ten, where each leaves by this chance.

    A quantile of the binomial distribution.
    """
    so_far = 0.0
    for gone in range(members + 1):
        so_far += comb(members, gone) * share**gone * (1 - share) ** (members - gone)
        if so_far >= CERTAINTY:
            return gone
    return members


def planned(inputs: Inputs, number: int, seed: int, plan: Mapping[str, Any]) -> Inputs:
    """Return what a lottery of reserves is made of: how many of each value, and who has these.

    Chosen so that as few people as can be are missing in the targets once the reserves step in
    (sortition/dropouts.py). Raises InputFaults.
    """
    from panel_app.recruitment.lottery_rows import Inputs
    from sortition.dropouts import choose_reserves, plan_of

    best = choose_reserves(
        inputs.pool, inputs.targets, inputs.seated, number, chances=_chances(plan), seed=seed
    )
    pool, targets = plan_of(inputs.pool, best.selected, inputs.targets)
    return Inputs(targets, pool, inputs.people, [])


def measured(
    inputs: Inputs, lists: Sequence[Sequence[str]], seed: int, plan: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the plan with how many people are likely to be missing without reserves and with."""
    from sortition.dropouts import mean_shortfall

    without, with_them = mean_shortfall(
        inputs.pool,
        inputs.targets,
        inputs.seated,
        lists[:MEASURED],
        chances=_chances(plan),
        seed=seed,
    )
    return {**plan, "without": round(without, 2), "with": round(with_them, 2)}


def sealed(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the settings of the bundle say beside those of any lottery."""
    return {"kind": "reserves", "in_order": True, "expected_to_leave": plan["share"]}


def _chances(plan: Mapping[str, Any]) -> Any:
    from sortition.dropouts import DropoutChances

    return DropoutChances(plan["share"])
