"""From votes to opinion groups: who is clustered, and into which group."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from panel_app.opinions.may_show import ENOUGH_VOTES, FEWEST_CLUSTERED
from panel_app.opinions.number_of_groups import choose_groups
from panel_app.opinions.projection import Projection, project
from panel_app.opinions.tallies import Tally
from panel_app.opinions.votes import Bools, Floats, Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Grouping:
    """Opinion groups of one run.

    `rows` are the clustered rows of the matrix and `labels` their groups, 0 the largest.
    `silhouettes` and `centres` are those of every number of groups that could have been.
    """

    projection: Projection
    rows: Ints
    labels: Ints
    silhouettes: Mapping[int, float]
    centres: Mapping[int, Floats]
    enough_votes: int

    @property
    def k(self) -> int:
        """How many groups: 1 where no split was found, 0 where nobody voted."""
        return len(self.sizes)

    @property
    def silhouette(self) -> float | None:
        return self.silhouettes.get(self.k)

    @property
    def sizes(self) -> dict[int, int]:
        labels = self.labels.tolist()
        return {label: labels.count(label) for label in sorted(set(labels))}

    def positions(self, people: int) -> Ints:
        """For each of `people` rows the group, or -1 if not clustered."""
        positions = np.full(people, -1, dtype=np.intp)
        positions[self.rows] = self.labels
        return positions


def group_people(
    matrix: VoteMatrix, *, seed: int = 0, k: int | None = None, tally: Tally | None = None
) -> Grouping:
    """Find the opinion groups of a matrix; the same input and seed give the same groups.

    `k` pins the number of groups. `tally` saves counting everybody again.
    """
    projection = project(matrix, tally=tally)
    enough = has_enough_votes(matrix)
    rows = np.flatnonzero(_clustered(matrix, enough))
    choice = choose_groups(projection.points[rows], np.random.default_rng(seed), pinned=k)
    labels = _largest_first(choice.labels)
    return Grouping(projection, rows, labels, choice.silhouettes, choice.centres, int(enough.sum()))


def has_enough_votes(matrix: VoteMatrix) -> Bools:
    """Who voted on seven statements, or on all of them where there are fewer."""
    needed = max(min(ENOUGH_VOTES, len(matrix.statements)), 1)
    enough: Bools = matrix.votes_by_person() >= needed
    return enough


def _clustered(matrix: VoteMatrix, enough: Bools) -> Bools:
    """Who is clustered: those with enough votes, and the most active up to fifteen."""
    clustered = enough.copy()
    if clustered.sum() < FEWEST_CLUSTERED:
        votes = matrix.votes_by_person()
        active = np.argsort(np.where(clustered, -np.inf, -votes), kind="stable")
        clustered[active[:FEWEST_CLUSTERED]] = True
        clustered &= votes > 0
    return clustered


def _largest_first(labels: Ints) -> Ints:
    """Number the groups by their size; of equally large ones the first found comes first."""
    found, inverse, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    places = np.empty(len(found), dtype=np.intp)
    places[np.argsort(-sizes, kind="stable")] = np.arange(len(found))
    numbered: Ints = places[inverse]
    return numbered
