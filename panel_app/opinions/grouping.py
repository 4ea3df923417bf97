"""From votes to opinion groups: who is clustered, into how many groups, and which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from panel_app.opinions.agreement import distance_sample, silhouettes
from panel_app.opinions.kmeans import find_centres, nearest
from panel_app.opinions.may_show import ENOUGH_VOTES, FEWEST_CLUSTERED, smallest_group
from panel_app.opinions.projection import Projection, project
from panel_app.opinions.statistics import Tally
from panel_app.opinions.votes import Bools, Floats, Ints, VoteMatrix

MOST_GROUPS = 5
PEOPLE_FOR_ANOTHER_GROUP = 12


#: Who is in which group; silhouette and centres of every number of groups without a tiny one.
Choice = tuple[Ints, Mapping[int, float], Mapping[int, Floats]]


def choose_groups(points: Floats, rng: np.random.Generator, *, pinned: int | None = None) -> Choice:
    """Cluster points (n, 2) into the number of groups with the best silhouette.

    Only numbers whose every group is large enough are considered; ties go to the higher.
    `pinned` asks for a number whatever its silhouette. One group where no split is found.
    """
    centres = _centres_without_tiny_groups(points, _candidates(points, pinned), rng)
    if not centres:
        return np.zeros(len(points), np.intp), {}, {}
    rows, distances = distance_sample(points, rng)
    labels = {k: nearest(points[None], found[None]) for k, found in centres.items()}
    scores = {k: float(silhouettes(distances[None], of[:, rows], k)[0]) for k, of in labels.items()}
    best = max(scores, key=lambda k: (scores[k], k))
    return labels[best][0], scores, centres


def group_numbers(people: int, pinned: int | None = None) -> Sequence[int]:
    """The numbers of groups that so many people are tried in."""
    if pinned is not None:
        return [pinned]
    return range(2, min(MOST_GROUPS, 2 + people // PEOPLE_FOR_ANOTHER_GROUP) + 1)


def _candidates(points: Floats, pinned: int | None) -> Sequence[int]:
    if pinned is not None and pinned * smallest_group(len(points)) > len(points):
        return []
    distinct = len(np.unique(points.round(9), axis=0))
    return [k for k in group_numbers(len(points), pinned) if 2 <= k <= distinct]


def _centres_without_tiny_groups(
    points: Floats, candidates: Sequence[int], rng: np.random.Generator
) -> dict[int, Floats]:
    """Find every candidate's centres; where all have a tiny group, set its members aside first."""
    least = smallest_group(len(points))
    kept = np.ones(len(points), dtype=bool)
    while candidates and kept.sum() >= 2 * least:
        crowd = points[kept]
        centres = {k: find_centres(crowd, k, rng) for k in candidates if k <= len(crowd)}
        labels = {k: nearest(crowd[None], found[None])[0] for k, found in centres.items()}
        sizes = {k: np.bincount(of, minlength=k) for k, of in labels.items()}
        sound = {k: found for k, found in centres.items() if sizes[k].min() >= least}
        fewest = min(sizes, default=0)
        if sound or not fewest or not sizes[fewest].all():
            return sound  # none where fewer opinions are left than groups were asked for
        kept[kept] = sizes[fewest][labels[fewest]] >= least
    return {}


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
    rows = np.flatnonzero(_clustered(matrix))
    labels, scores, centres = choose_groups(
        projection.points[rows], np.random.default_rng(seed), pinned=k
    )
    return Grouping(projection, rows, _largest_first(labels), scores, centres)


def has_enough_votes(matrix: VoteMatrix) -> Bools:
    """Who voted on seven statements, or on all of them where there are fewer."""
    needed = max(min(ENOUGH_VOTES, len(matrix.statements)), 1)
    enough: Bools = matrix.votes_by_person() >= needed
    return enough


def _clustered(matrix: VoteMatrix) -> Bools:
    """Who is clustered: those with enough votes, and the most active up to fifteen."""
    clustered = has_enough_votes(matrix)
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
