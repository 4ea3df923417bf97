"""Whether groups would come out the same had a tenth of the people stayed away.

Finding groups again from the votes for every subsample would take longer than all else. The
axes of a part of the people lie, but for a trace, in the span of everybody's main components,
so a subsample's axes come from eight numbers a person, and all subsamples are clustered at once.
"""

from collections.abc import Callable, Sequence
from statistics import median
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from panel_app.opinions.agreement import adjusted_rand, distances, silhouettes
from panel_app.opinions.grouping import Grouping, choose_groups, group_numbers
from panel_app.opinions.kmeans import find_centres_of_each, nearest
from panel_app.opinions.may_show import smallest_group
from panel_app.opinions.projection import AXES
from panel_app.opinions.votes import Bools, Floats, Ints, VoteMatrix

SHARE_LEFT_OUT = 0.1
#: Few people need many subsamples for a verdict that chance doesn't turn, and are cheap;
#: about this many people in all subsamples together.
PEOPLE_SUBSAMPLED = 5_000
FEWEST_SUBSAMPLES, MOST_SUBSAMPLES = 11, 101
#: Of a larger subsample, which takes its axes from all its people, so many are grouped.
MOST_GROUPED = 2_000
#: Subsamples clustered in one go: more don't fit the cache.
PEOPLE_AT_ONCE = 12_000
STARTS = 4
#: With more people the silhouette of a subsample is that of this many.
SAMPLE = 300


def measure_stability(
    matrix: VoteMatrix, grouping: Grouping, *, seed: int = 0, k: int | None = None
) -> float:
    """Median adjusted Rand index of runs on nine tenths of the people with this one.

    Each run finds its own axes and chooses its own number of groups, unless `k` pins it. Who is
    left out follows from the person and the seed alone.
    """
    people = len(grouping.rows)
    runs = subsamples(people)
    left_out = _left_out(matrix, grouping, runs, seed)
    axes = _axes(grouping.projection.places, left_out)
    rng = np.random.default_rng(seed)
    at_once = max(PEOPLE_AT_ONCE // min(people, MOST_GROUPED), 1)
    return median(
        score
        for start in range(0, runs, at_once)
        for score in _likenesses(
            grouping, left_out[start : start + at_once], axes[start : start + at_once], rng, k
        )
    )


def subsamples(people: int) -> int:
    """How many nine tenths of so many people are grouped."""
    return min(max(PEOPLE_SUBSAMPLED // people, FEWEST_SUBSAMPLES), MOST_SUBSAMPLES)


def _left_out(matrix: VoteMatrix, grouping: Grouping, runs: int, seed: int) -> Bools:
    """Who stays away (runs, people): a tenth of those clustered, and of all others."""
    people = len(matrix.participants)
    chances = _chances(matrix.participants, runs, seed)
    left_out = np.zeros((runs, people), dtype=bool)
    clustered = np.zeros(people, dtype=bool)
    clustered[grouping.rows] = True
    for part in (np.flatnonzero(clustered), np.flatnonzero(~clustered)):
        number = round(SHARE_LEFT_OUT * len(part))
        if number:
            unlucky = np.argpartition(chances[:, part], number, axis=1)[:, :number]
            np.put_along_axis(left_out, part[unlucky], True, axis=1)
    return left_out


def _chances(names: Sequence[str], runs: int, seed: int) -> NDArray[np.uint64]:
    """A number for each run and person that looks random (finisher of SplitMix64)."""
    people = np.array([crc32(name.encode()) for name in names], dtype=np.uint64)
    run = np.arange(1, runs + 1, dtype=np.uint64)[:, None] + np.uint64(runs * (seed % 2**32))
    mixed = people * np.uint64(0x9E3779B97F4A7C15) + run * np.uint64(0xD1B54A32D192ED03)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    chances: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return chances


def _axes(places: Floats, left_out: Bools) -> Floats:
    """Each run's two axes (runs, components, 2) in the space of everybody's components."""
    missing = places[np.nonzero(left_out)[1]].reshape(len(left_out), -1, places.shape[1])
    gram = places.T @ places - missing.transpose(0, 2, 1) @ missing
    axes: Floats = np.linalg.eigh(gram)[1][:, :, : -AXES - 1 : -1]
    return axes


def _likenesses(
    grouping: Grouping, left_out: Bools, axes: Floats, rng: np.random.Generator, k: int | None
) -> list[float]:
    """How alike the groups of some runs are to those of all people, run by run."""
    runs = len(left_out)
    kept = np.nonzero(~left_out[:, grouping.rows])[1].reshape(runs, -1)
    if kept.shape[1] > MOST_GROUPED:
        kept = kept[:, rng.choice(kept.shape[1], MOST_GROUPED, replace=False)]
    rows, projection = grouping.rows[kept], grouping.projection
    crowds = projection.places[rows] @ axes * projection.scale[rows][:, :, None]
    found = _group_each(crowds.astype(np.float32), projection.points[rows], axes, grouping, rng, k)
    return [
        adjusted_rand(grouping.labels[stayed], labels)
        for stayed, labels in zip(kept, found, strict=True)
    ]


def _group_each(
    crowds: Floats,
    before: Floats,
    axes: Floats,
    grouping: Grouping,
    rng: np.random.Generator,
    pinned: int | None,
) -> Ints:
    """Group each crowd as `choose_groups` would; `before` are the same people on the map."""
    people = crowds.shape[1]
    best = np.full(len(crowds), -np.inf)
    found = np.zeros(crowds.shape[:2], dtype=np.intp)
    rate = _rating(crowds, before, grouping, rng)
    for k in group_numbers(people, pinned):
        known = grouping.centres.get(k)
        warm = None if known is None else (known @ axes[:, :AXES]).astype(crowds.dtype)
        centres = find_centres_of_each(crowds, k, rng, starts=STARTS, warm=warm)
        labels = nearest(crowds, centres)
        sizes = (labels[:, :, None] == np.arange(k)).sum(axis=1)
        scores = rate(labels, k)
        better = (sizes.min(axis=1) >= smallest_group(people)) & (scores >= best)
        best[better], found[better] = scores[better], labels[better]
    for run in np.flatnonzero(np.isinf(best)):  # a tiny group at every number
        found[run], *_ = choose_groups(crowds[run], rng, pinned=pinned)
    return found


def _rating(
    crowds: Floats, before: Floats, grouping: Grouping, rng: np.random.Generator
) -> Callable[[Ints, int], Floats]:
    """A function of labels and k: the silhouettes of the crowds.

    Those of a sample would wobble more than the numbers of groups differ, so they only say
    by how much a run differs from what the same people scored on the map of everybody.
    """

    people = crowds.shape[1]
    if people <= SAMPLE:
        apart = distances(crowds)
        return lambda labels, k: silhouettes(apart, labels, k)
    heard = rng.choice(people, SAMPLE, replace=False)
    apart, apart_before = distances(crowds[:, heard]), distances(before[:, heard])

    def rate(labels: Ints, k: int) -> Floats:
        scores = silhouettes(apart, labels[:, heard], k)
        if k not in grouping.silhouettes:
            return scores
        known = grouping.centres[k][None].repeat(len(crowds), axis=0)
        same = nearest(before[:, heard], known)
        return scores + grouping.silhouettes[k] - silhouettes(apart_before, same, k)

    return rate
