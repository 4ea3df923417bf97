"""Whether groups would come out the same had a tenth of the people stayed away."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from panel_app.deliberation.opinions.grouping import Grouping, group_people
from panel_app.deliberation.opinions.likeness import adjusted_rand

if TYPE_CHECKING:
    from panel_app.deliberation.opinions.votes import VoteMatrix

SUBSAMPLES = 5
SHARE_KEPT = 0.9


def measure_stability(
    matrix: VoteMatrix, grouping: Grouping, *, seed: int = 0, k: int | None = None
) -> float:
    """Median adjusted Rand index of five runs on nine tenths of the people with this one.

    Each run starts afresh and chooses its own number of groups, unless `k` pins it or this
    run holds on to an earlier number against a newer best one.
    """
    if k is None and grouping.state.k != grouping.state.contender:
        k = grouping.state.k
    return median(_one_subsample(matrix, grouping, (seed, run), k) for run in range(SUBSAMPLES))


def _one_subsample(
    matrix: VoteMatrix, grouping: Grouping, seed: tuple[int, int], k: int | None
) -> float:
    import numpy as np

    people = len(matrix.participants)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(people, max(1, round(people * SHARE_KEPT)), replace=False))
    again = group_people(matrix.people(rows), seed=seed[0], k=k)
    _, here, there = np.intersect1d(grouping.rows, rows[again.rows], return_indices=True)
    return adjusted_rand(grouping.labels[here], again.labels[there])
