"""Choosing how many groups there are, with tiny ones set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from panel_app.opinions.agreement import distance_sample, silhouette
from panel_app.opinions.kmeans import Clusters, find_clusters, nearest
from panel_app.opinions.may_show import smallest_group
from panel_app.opinions.votes import Bools, Floats, Ints

MOST_GROUPS = 5
PEOPLE_FOR_ANOTHER_GROUP = 12


@dataclass(frozen=True, eq=False)
class Choice:
    """Who is in which group, and how well every number of groups would fit."""

    labels: Ints
    #: Silhouette and centres of every number of groups without a tiny one.
    silhouettes: Mapping[int, float]
    centres: Mapping[int, Floats]


def choose_groups(points: Floats, rng: np.random.Generator, *, pinned: int | None = None) -> Choice:
    """Cluster points (n, 2) into the number of groups with the best silhouette.

    Only numbers whose every group is large enough are considered; ties go to the higher.
    `pinned` asks for a number whatever its silhouette. One group where no split is found.
    """
    fits = _fits_without_tiny_groups(points, _candidates(points, pinned), rng)
    if not fits:
        return Choice(np.zeros(len(points), np.intp), {}, {})
    rows, distances = distance_sample(points, rng)
    scores = {k: silhouette(distances, fit.labels[rows]) for k, fit in fits.items()}
    best = max(scores, key=lambda k: (scores[k], k))
    centres = {k: fit.centres for k, fit in fits.items()}
    return Choice(fits[best].labels, scores, centres)


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


def _fits_without_tiny_groups(
    points: Floats, candidates: Sequence[int], rng: np.random.Generator
) -> dict[int, Clusters]:
    """Fit every candidate; where all have a tiny group, set its members aside and refit.

    Those set aside join the nearest centre at the end.
    """
    least = smallest_group(len(points))
    kept = np.ones(len(points), dtype=bool)
    while candidates and kept.sum() >= 2 * least:
        fits = {k: find_clusters(points[kept], k, rng) for k in candidates if k <= kept.sum()}
        sound = {k: fit for k, fit in fits.items() if fit.sizes.min() >= least}
        if sound:
            return {k: _with_everybody(points, kept, fit) for k, fit in sound.items()}
        first = fits[min(fits)] if fits else None
        if first is None or not first.sizes.all():
            break  # fewer opinions are left than groups were asked for
        kept[kept] = first.sizes[first.labels] >= least
    return {}


def _with_everybody(points: Floats, kept: Bools, fit: Clusters) -> Clusters:
    if kept.all():
        return fit
    return Clusters(fit.centres, nearest(points, fit.centres))
