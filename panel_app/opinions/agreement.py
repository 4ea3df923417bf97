"""How well a grouping fits its points, and how alike two groupings are."""

import numpy as np

from panel_app.opinions.votes import Floats, Ints

#: Above this many points the silhouette is that of a sample.
SILHOUETTE_SAMPLE = 2_000


def distance_sample(points: Floats, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Pick the rows a silhouette is taken over, and all distances between them."""
    rows = np.arange(len(points))
    if len(points) > SILHOUETTE_SAMPLE:
        rows = np.sort(rng.choice(len(points), SILHOUETTE_SAMPLE, replace=False))
    return rows, distances(points[None, rows])[0]


def distances(crowds: Floats) -> Floats:
    """All distances within each crowd of points (crowds, people, 2)."""
    points = crowds.astype(np.float32)
    across = points[:, :, 0, None] - points[:, None, :, 0]
    along = points[:, :, 1, None] - points[:, None, :, 1]
    across *= across
    along *= along
    across += along
    apart: Floats = np.sqrt(across, out=across)
    return apart


def silhouettes(distances: Floats, labels: Ints, k: int) -> Floats:
    """Mean silhouette of each crowd (Rousseeuw 1987); `labels` (crowds, people) are below k.

    The only member of a group scores 0, and so does everybody where there is one group.
    """
    own = labels[:, :, None] == np.arange(k)
    sizes = own.sum(axis=1, keepdims=True)
    sums = (distances @ own.astype(distances.dtype)).astype(float)
    inside = sums[own].reshape(labels.shape)
    mates = np.broadcast_to(sizes, own.shape)[own].reshape(labels.shape) - 1
    inside /= np.maximum(mates, 1)
    others = np.where(own | (sizes == 0), np.inf, sums / np.maximum(sizes, 1))
    outside = others.min(axis=2)
    widest = np.maximum(inside, outside)
    solid = (mates > 0) & (widest > 0) & np.isfinite(outside)
    scores = np.where(solid, outside - inside, 0.0) / np.where(solid, widest, 1.0)
    means: Floats = scores.mean(axis=1)
    return means


def adjusted_rand(first: Ints, second: Ints) -> float:
    """Agreement of two groupings of the same people: 1 the same, about 0 by chance.

    Hubert & Arabie 1985. Two groupings that are both one single group agree fully.
    """
    if not len(first):
        return 1.0
    _, rows = np.unique(first, return_inverse=True)
    _, columns = np.unique(second, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    both, by_row, by_column = (_pairs(c) for c in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = by_row * by_column / max(_pairs(np.array([len(first)])), 1.0)
    most = (by_row + by_column) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _pairs(counts: Floats | Ints) -> float:
    return float((counts * (counts - 1) / 2).sum())
