"""k-means for points on a plane: many starts at once, the best one kept.

A fit by scikit-learn costs a third of a millisecond a start before its first step; a panel's
map needs some hundred starts (every k, every subsample), so all starts run as one array.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from panel_app.deliberation.opinions.votes import Floats, Ints

MOST_STEPS = 100
#: Starts are cheap for few people and dear for many: about this many people-starts in all.
PEOPLE_STARTS = 20_000
FEWEST_STARTS, MOST_STARTS = 10, 48
#: With more people than this the starts are tried on a sample, and the best few of them
#: are carried through with everybody.
MOST_TRIED_IN_FULL = 2_000
SAMPLE = 800
FINALISTS = 3


@dataclass(frozen=True, eq=False)
class Clusters:
    """Centres of shape (k, 2) and the cluster of each point."""

    centres: Floats
    labels: Ints

    @property
    def sizes(self) -> Ints:
        import numpy as np

        return np.bincount(self.labels, minlength=len(self.centres))


def find_clusters(
    points: Floats, k: int, rng: np.random.Generator, warm: Floats | None = None
) -> Clusters:
    """Cluster points (n, 2), n >= k, from k-means++ starts and from the `warm` centres.

    Keeps the lowest sum of squared distances (Arthur & Vassilvitskii 2007 for the starts).
    """
    import numpy as np

    finalists = _finalists(points, k, rng)
    if warm is not None and warm.shape == (k, 2):
        finalists = np.concatenate([finalists, _refine(points, warm[None])])
    centres = finalists[np.argmax(_fits(points, finalists))]
    return Clusters(centres, nearest(points, centres))


def nearest(points: Floats, centres: Floats) -> Ints:
    """The closest centre of each point; of equally close ones the first."""
    labels: Ints = _closest(_homogeneous(points), centres[None])[0][0]
    return labels


def _finalists(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Centres (starts, k, 2) that came to rest with everybody taken into account."""
    import numpy as np

    if len(points) <= MOST_TRIED_IN_FULL:
        return _refine(points, _spread_starts(points, k, rng))
    sample = points[rng.choice(len(points), SAMPLE, replace=False)]
    tried = _refine(sample, _spread_starts(sample, k, rng))
    best = np.argsort(-_fits(sample, tried), kind="stable")[:FINALISTS]
    return _refine(points, tried[best])


def _spread_starts(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """k-means++: each next centre is drawn with odds by squared distance to those drawn."""
    import numpy as np

    starts = min(max(PEOPLE_STARTS // len(points), FEWEST_STARTS), MOST_STARTS)
    chosen = [points[rng.integers(len(points), size=starts)]]
    distance = np.full((starts, len(points)), np.inf)
    for _ in range(k - 1):
        across, along = (
            axis - last[:, None] for axis, last in zip(points.T, chosen[-1].T, strict=True)
        )
        distance = np.minimum(distance, across * across + along * along)
        reach = np.cumsum(distance, axis=1)
        targets = rng.random((starts, 1)) * reach[:, -1:]
        picks = np.minimum(np.count_nonzero(reach <= targets, axis=1), len(points) - 1)
        chosen.append(points[picks])
    return np.stack(chosen, axis=1)


def _homogeneous(points: Floats) -> Floats:
    """Rows x, y, 1: what a centre's nearness is one matrix product of."""
    import numpy as np

    return np.stack([points[:, 0], points[:, 1], np.ones(len(points))])


def _closest(rows: Floats, starts: Floats) -> tuple[Ints, Floats]:
    """Closest centre and its nearness, p.c - c.c/2, of shape (starts, points)."""
    import numpy as np

    halves = (starts * starts).sum(axis=2, keepdims=True) / -2
    weights = np.concatenate([starts, halves], axis=2).transpose(1, 0, 2)
    nearness = weights[0] @ rows
    labels = np.zeros(nearness.shape, dtype=np.intp)
    for centre in range(1, len(weights)):
        rival = weights[centre] @ rows
        np.maximum(labels, (rival > nearness) * centre, out=labels)
        np.maximum(nearness, rival, out=nearness)
    return labels, nearness


def _fits(points: Floats, starts: Floats) -> Floats:
    """How well each set of centres fits: higher the lower its sum of squared distances."""
    fits: Floats = _closest(_homogeneous(points), starts)[1].sum(axis=1)
    return fits


def _refine(points: Floats, starts: Floats) -> Floats:
    """Move the centres of every start (starts, k, 2) to the mean of their points, to rest."""
    import numpy as np

    rows = _homogeneous(points)
    repeated = np.tile(rows[:2], len(starts))
    centres = starts.copy()
    moving = np.arange(len(starts))
    for _ in range(MOST_STEPS):
        moved = _step(rows, repeated[:, : len(moving) * len(points)], centres[moving])
        moves = (moved != centres[moving]).any(axis=(1, 2))
        centres[moving] = moved
        moving = moving[moves]
        if not len(moving):
            break
    return centres


def _step(rows: Floats, repeated: Floats, starts: Floats) -> Floats:
    """One step of Lloyd; a centre that lost all its points stays where it is."""
    import numpy as np

    runs, k, _ = starts.shape
    labels, _ = _closest(rows, starts)
    labels += np.arange(0, runs * k, k)[:, None]
    flat = labels.ravel()
    sizes = np.bincount(flat, minlength=runs * k)
    sums = [np.bincount(flat, weights=row, minlength=runs * k) for row in repeated]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    means = np.where(sizes[:, None] > 0, means, starts.reshape(-1, 2))
    return means.reshape(starts.shape)
