"""The whole run: from a vote matrix to groups, statistics and the verdict on showing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from panel_app.opinions.gate import Gate, judge_grouping, judge_groups
from panel_app.opinions.grouping import Grouping, group_people, has_enough_votes
from panel_app.opinions.likeness import distance_sample, silhouette
from panel_app.opinions.one_core import on_one_core
from panel_app.opinions.projection import Projection, project
from panel_app.opinions.representative import (
    Majority,
    Pick,
    majority_statements,
    representative_statements,
)
from panel_app.opinions.routing import priorities
from panel_app.opinions.stability import measure_stability
from panel_app.opinions.state import GroupingState
from panel_app.opinions.statistics import group_informed_consensus
from panel_app.opinions.tallies import Tally, tally_everyone, tally_groups

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats, Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Findings:
    """The statistics of a grouping; rows of `tally` follow `labels`."""

    labels: tuple[int, ...]
    tally: Tally
    everyone: Tally
    consensus: Floats
    priorities: Floats
    majority: Majority
    representative: Mapping[int, tuple[Pick, ...]]


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a run found. `groups` maps each clustered participant to a group label.

    `state` goes into the next run as `previous`; None where the groups were given.
    """

    matrix: VoteMatrix
    projection: Projection
    groups: Mapping[str, int]
    sizes: Mapping[int, int]
    silhouette: float | None
    gate: Gate
    findings: Findings
    state: GroupingState | None

    @property
    def k(self) -> int:
        return len(self.sizes)

    @property
    def consensus(self) -> dict[str, float]:
        """Group-informed consensus by statement."""
        return self._by_statement(self.findings.consensus)

    @property
    def priorities(self) -> dict[str, float]:
        """Routing weight by statement, for `next_statement`."""
        return self._by_statement(self.findings.priorities)

    def _by_statement(self, values: Floats) -> dict[str, float]:
        return dict(zip(self.matrix.statement_ids, values.tolist(), strict=True))


def analyse(
    matrix: VoteMatrix,
    *,
    seed: int = 0,
    k: int | None = None,
    previous: GroupingState | None = None,
    with_stability: bool = True,
) -> Analysis:
    """Group people, describe the groups, and judge whether they may be shown.

    The same matrix, seed and previous state give the same result. `k` pins the number of
    groups (2 or more). Without stability groups are found but never shown. Runs in the job
    process: seconds for the largest conversations.
    """
    with on_one_core():
        return _analyse(matrix, seed, k, previous, with_stability)


def _analyse(
    matrix: VoteMatrix,
    seed: int,
    k: int | None,
    previous: GroupingState | None,
    with_stability: bool,
) -> Analysis:
    everyone = tally_everyone(matrix)
    grouping = group_people(matrix, seed=seed, k=k, previous=previous, tally=everyone)
    stability = None
    if with_stability and grouping.k > 1:
        stability = measure_stability(matrix, grouping, seed=seed, k=k)
    return Analysis(
        matrix=matrix,
        projection=grouping.projection,
        groups=grouping.state.groups,
        sizes=grouping.sizes,
        silhouette=grouping.silhouette,
        gate=judge_grouping(grouping, stability),
        findings=_findings(matrix, grouping, everyone),
        state=grouping.state,
    )


def _findings(matrix: VoteMatrix, grouping: Grouping, everyone: Tally) -> Findings:
    positions = grouping.positions(len(matrix.participants))
    return describe_groups(matrix, grouping.projection, positions, grouping.group_labels, everyone)


def describe_groups(
    matrix: VoteMatrix,
    projection: Projection,
    positions: Ints,
    labels: tuple[int, ...],
    everyone: Tally,
) -> Findings:
    """Compute all statistics of groups; `positions` holds an index of `labels`, or -1."""
    import numpy as np

    tally = tally_groups(matrix, positions, len(labels))
    statements, skipped = matrix.statement_ids, matrix.set_aside
    meta = np.array([statement.is_meta for statement in matrix.statements], dtype=bool)
    picks = representative_statements(tally, statements, skipped)
    return Findings(
        labels=labels,
        tally=tally,
        everyone=everyone,
        consensus=group_informed_consensus(tally),
        priorities=priorities(tally, projection.extremity, meta),
        majority=majority_statements(everyone, statements, skipped),
        representative=dict(zip(labels, picks, strict=True)),
    )


def analyse_given_groups(
    matrix: VoteMatrix, groups: Mapping[str, int], *, seed: int = 0
) -> Analysis:
    """Describe groups that somebody else found, such as those published with an export.

    Their stability can't be known, so the gate never shows them.
    """
    import numpy as np

    everyone = tally_everyone(matrix)
    with on_one_core():
        projection = project(matrix, tally=everyone)
    given = np.array([groups.get(person, -1) for person in matrix.participants], dtype=np.intp)
    labels = tuple(sorted(set(given[given >= 0].tolist())))
    positions = np.where(given >= 0, np.searchsorted(labels, given), -1)
    sizes = {label: int((given == label).sum()) for label in labels}
    return Analysis(
        matrix=matrix,
        projection=projection,
        groups={p: g for p, g in zip(matrix.participants, given.tolist(), strict=True) if g >= 0},
        sizes=sizes,
        silhouette=_silhouette(projection, given, seed) if len(labels) > 1 else None,
        gate=judge_groups(sizes, enough_votes=int(has_enough_votes(matrix).sum()), stability=None),
        findings=describe_groups(matrix, projection, positions, labels, everyone),
        state=None,
    )


def _silhouette(projection: Projection, given: Ints, seed: int) -> float:
    import numpy as np

    rows = np.flatnonzero(given >= 0)
    sample, distances = distance_sample(projection.points[rows], np.random.default_rng(seed))
    return silhouette(distances, given[rows][sample])
