"""The whole run: from a vote matrix to groups, statistics and the verdict on showing them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from panel_app.opinions.agreement import distance_sample, silhouettes
from panel_app.opinions.chance import beyond_chance
from panel_app.opinions.grouping import group_people, has_enough_votes
from panel_app.opinions.may_show import STANDING_OUT, Gate, Reason, judge_groups
from panel_app.opinions.projection import project
from panel_app.opinions.representative import (
    Majority,
    Picks,
    majority_statements,
    representative_statements,
    typical_statements,
)
from panel_app.opinions.stability import measure_stability
from panel_app.opinions.statistics import (
    Tally,
    group_informed_consensus,
    tally_everyone,
    tally_groups,
)
from panel_app.opinions.votes import Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a run found. `groups` maps each clustered participant to a group label.

    Rows of `tally` follow the labels in `sizes`. `representative` are Polis' statements of each
    group, `typical` those worth telling.
    """

    matrix: VoteMatrix
    groups: Mapping[str, int]
    sizes: Mapping[int, int]
    silhouette: float | None
    gate: Gate
    tally: Tally
    everyone: Tally
    majority: Majority
    representative: Mapping[int, Picks]
    typical: Mapping[int, Picks]

    @property
    def k(self) -> int:
        return len(self.sizes)

    @property
    def consensus(self) -> dict[str, float]:
        """Group-informed consensus by statement."""
        values = group_informed_consensus(self.tally).tolist()
        return dict(zip(self.matrix.statement_ids, values, strict=True))


def analyse(
    matrix: VoteMatrix, *, seed: int = 0, k: int | None = None, measured: bool = True
) -> Analysis:
    """Group people, describe the groups, and judge whether they may be shown.

    The same matrix and seed give the same result. `k` pins the number of groups (2 or more);
    otherwise two are tried too where the best number leaves nothing typical to tell. Groups
    that were not `measured` against chance and for stability are never shown. Runs in the job
    process: half a second for ten thousand people.
    """
    with _on_one_core():
        found = _analyse(matrix, seed, k, measured)
        if k is None and found.k > 2 and found.gate.reason is Reason.NOTHING_TYPICAL:
            return _analyse(matrix, seed, 2, measured)
        return found


def _on_one_core() -> AbstractContextManager[object]:
    """Add up in the same order whatever the machine: the same input, the same last digit.

    It is no slower at our sizes, and several runs side by side don't fight for cores.
    """
    import_module("scipy.linalg")  # only libraries that are loaded can be limited
    limits = import_module("threadpoolctl").threadpool_limits
    context: AbstractContextManager[object] = limits(limits=1, user_api="blas")
    return context


def _analyse(matrix: VoteMatrix, seed: int, k: int | None, measured: bool) -> Analysis:
    everyone = tally_everyone(matrix)
    grouping = group_people(matrix, seed=seed, k=k, tally=everyone)
    chance = stability = None
    if measured and grouping.k > 1:
        chance = beyond_chance(matrix, grouping.rows, seed=seed)
    if chance is not None and chance >= STANDING_OUT:
        stability = measure_stability(matrix, grouping, seed=seed, k=k)
    positions = grouping.positions(len(matrix.participants))
    return _described(matrix, everyone, positions, grouping.silhouette, (chance, stability))


def analyse_given_groups(
    matrix: VoteMatrix, groups: Mapping[str, int], *, seed: int = 0
) -> Analysis:
    """Describe groups that somebody else found, such as those published with an export.

    Their stability can't be known, so the gate never shows them.
    """
    everyone = tally_everyone(matrix)
    with _on_one_core():
        points = project(matrix, tally=everyone).points
    given = np.array([groups.get(person, -1) for person in matrix.participants], dtype=np.intp)
    rows = np.flatnonzero(given >= 0)
    labels, positions = np.unique(given[rows], return_inverse=True)
    score = None
    if len(labels) > 1:
        sample, apart = distance_sample(points[rows], np.random.default_rng(seed))
        score = float(silhouettes(apart[None], positions[None, sample], len(labels))[0])
    return _described(matrix, everyone, given, score, (None, None))


def _described(
    matrix: VoteMatrix,
    everyone: Tally,
    given: Ints,
    silhouette: float | None,
    tests: tuple[float | None, float | None],
) -> Analysis:
    """The findings and the verdict for groups; `given` holds everybody's label, or -1.

    `tests` say how far beyond chance and how stable the groups are.
    """
    labels, counts = np.unique(given[given >= 0], return_counts=True)
    sizes = dict(zip(labels.tolist(), counts.tolist(), strict=True))
    tally = tally_groups(matrix, given, labels)
    statements, skipped = matrix.statement_ids, matrix.set_aside
    typical = typical_statements(tally, everyone, statements, skipped)
    gate = judge_groups(
        sizes,
        enough_votes=int(has_enough_votes(matrix).sum()),
        beyond_chance=tests[0],
        stability=tests[1],
        typical=sum(map(bool, typical)),
    )
    people = zip(matrix.participants, given.tolist(), strict=True)
    picks = representative_statements(tally, statements, skipped)
    return Analysis(
        matrix=matrix,
        groups={person: label for person, label in people if label >= 0},
        sizes=sizes,
        silhouette=silhouette,
        gate=gate,
        tally=tally,
        everyone=everyone,
        majority=majority_statements(everyone, statements, skipped),
        representative=dict(zip(sizes, picks, strict=True)),
        typical=dict(zip(sizes, typical, strict=True)),
    )
