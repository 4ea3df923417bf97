"""The whole run: from a vote matrix to groups, statistics and the verdict on showing them."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from panel_app.opinions.agreement import distance_sample, silhouette
from panel_app.opinions.chance import beyond_chance
from panel_app.opinions.grouping import group_people, has_enough_votes
from panel_app.opinions.may_show import STANDING_OUT, Gate, Reason, judge_groups
from panel_app.opinions.projection import project
from panel_app.opinions.representative import (
    Majority,
    Pick,
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
from panel_app.opinions.votes import Floats, Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Findings:
    """The statistics of a grouping; rows of `tally` follow `labels`.

    `representative` are Polis' statements of each group, `typical` those worth telling.
    """

    labels: tuple[int, ...]
    tally: Tally
    everyone: Tally
    consensus: Floats
    majority: Majority
    representative: Mapping[int, tuple[Pick, ...]]
    typical: Mapping[int, tuple[Pick, ...]]


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a run found. `groups` maps each clustered participant to a group label."""

    matrix: VoteMatrix
    groups: Mapping[str, int]
    sizes: Mapping[int, int]
    silhouette: float | None
    gate: Gate
    findings: Findings

    @property
    def k(self) -> int:
        return len(self.sizes)

    @property
    def consensus(self) -> dict[str, float]:
        """Group-informed consensus by statement."""
        values = self.findings.consensus.tolist()
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
    score = None
    if len(set(given[rows].tolist())) > 1:
        sample, apart = distance_sample(points[rows], np.random.default_rng(seed))
        score = silhouette(apart, given[rows][sample])
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
    labels = tuple(sorted(set(given[given >= 0].tolist())))
    sizes = {label: int((given == label).sum()) for label in labels}
    positions = np.where(given >= 0, np.searchsorted(labels, given), -1)
    findings = _find(matrix, positions, labels, everyone)
    gate = judge_groups(
        sizes,
        enough_votes=int(has_enough_votes(matrix).sum()),
        beyond_chance=tests[0],
        stability=tests[1],
        typical=sum(map(bool, findings.typical.values())),
    )
    people = zip(matrix.participants, given.tolist(), strict=True)
    groups = {person: label for person, label in people if label >= 0}
    return Analysis(matrix, groups, sizes, silhouette, gate, findings)


def _find(
    matrix: VoteMatrix, positions: Ints, labels: tuple[int, ...], everyone: Tally
) -> Findings:
    """Compute all statistics of groups; `positions` holds an index of `labels`, or -1."""
    tally = tally_groups(matrix, positions, len(labels))
    statements, skipped = matrix.statement_ids, matrix.set_aside
    picks = representative_statements(tally, statements, skipped)
    typical = typical_statements(tally, everyone, statements, skipped)
    return Findings(
        labels=labels,
        tally=tally,
        everyone=everyone,
        consensus=group_informed_consensus(tally),
        majority=majority_statements(everyone, statements, skipped),
        representative=dict(zip(labels, picks, strict=True)),
        typical=dict(zip(labels, typical, strict=True)),
    )
