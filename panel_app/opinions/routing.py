"""Which statement to put to a person next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from panel_app.opinions.tallies import Tally

if TYPE_CHECKING:
    from random import Random

    from panel_app.opinions.votes import Bools, Floats

META_PRIORITY = 49.0
UNKNOWN_PRIORITY = 1.0


def priorities(tally: Tally, extremity: Floats, meta: Bools) -> Floats:
    """Weight of each statement: contested, agreed to, little passed on, little seen.

    With A, D and T votes of the clustered people, P passes and E the extremity:
    importance (1 - (P+1)/(T+2)) (1+E) (A+1)/(T+2); priority [importance (1 + 8 * 2^(-T/5))]^2;
    49 for statements about the person (Polis).
    """
    import numpy as np

    total = tally.total()
    votes, passes = total.votes[0], total.passes[0]
    agreed = (total.agree[0] + 1) / (votes + 2)
    importance = (1 - (passes + 1) / (votes + 2)) * (1 + extremity) * agreed
    newness = 1 + 8 * 2.0 ** (-votes / 5)
    return np.where(meta, META_PRIORITY, (importance * newness) ** 2)


def next_statement(
    candidates: Collection[str],
    *,
    voted: Collection[str],
    seeds: Sequence[str] = (),
    weights: Mapping[str, float],
    rng: Random,
) -> str | None:
    """Choose the next statement for a person, None when there is nothing left.

    `candidates` are those that may be shown (never rejected ones). The facilitator's seeds
    come first, in their order; then chance decides, with odds by `weights` (1 if unknown).
    """
    left = [statement for statement in candidates if statement not in set(voted)]
    for seed in seeds:
        if seed in left:
            return seed
    if not left:
        return None
    odds = [max(weights.get(statement, UNKNOWN_PRIORITY), 0.0) for statement in left]
    return rng.choices(left, odds)[0] if sum(odds) > 0 else rng.choice(left)
