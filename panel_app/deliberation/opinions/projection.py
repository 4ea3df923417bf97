"""Placing people on two axes of opinion: imputation, components, sparsity scaling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from panel_app.deliberation.opinions.tallies import Tally, tally_everyone

if TYPE_CHECKING:
    from panel_app.deliberation.opinions.votes import Floats, VoteMatrix

Axes = Mapping[str, tuple[float, float]]

#: A component that explains less than this share of the variance is rounding noise.
NOISE = 1e-10


@dataclass(frozen=True, eq=False)
class Projection:
    """`means` and `axes` by statement (axes are unit columns), `points` by person."""

    means: Floats
    axes: Floats
    points: Floats

    @property
    def extremity(self) -> Floats:
        """How far out agreeing with one statement alone would put a person."""
        import numpy as np

        lengths: Floats = np.linalg.norm(self.axes, axis=1)
        extremity: Floats = np.sqrt(len(self.means)) * (1 - self.means) * lengths
        return extremity


def project(
    matrix: VoteMatrix, *, previous: Axes | None = None, tally: Tally | None = None
) -> Projection:
    """Find the two main components of all votes and place everybody on them.

    Unseen votes take the statement's mean. Rejected statements and those about the person
    count as a pass from everybody (Polis; Small et al. 2021, section 2). Points are scaled
    by the square root of statements over votes, so that few votes don't mean the middle.
    `previous` keeps the axes pointing the way they did.
    """
    means = _means(matrix, tally or tally_everyone(matrix))
    axes = _components(matrix, means)
    axes = _match(axes, matrix, previous) if previous else _point_the_same_way(axes)
    return Projection(means, axes, _points(matrix, means, axes))


def _means(matrix: VoteMatrix, tally: Tally) -> Floats:
    import numpy as np

    net = (tally.agree - tally.disagree)[0]
    return np.where(matrix.set_aside, 0.0, net / np.maximum(tally.votes[0], 1))


def _components(matrix: VoteMatrix, means: Floats) -> Floats:
    """The top two eigenvectors, from the smaller of the two Gram matrices."""
    import numpy as np

    people, statements = matrix.values.shape
    axes = np.zeros((statements, 2))
    if not people or not statements:
        return axes
    if statements <= people:
        vectors, kept = _top_two(_gram(matrix, means))
        axes[:, : len(kept)] = vectors
        return axes
    centred = _centred_all(matrix, means)
    vectors, kept = _top_two(centred @ centred.T)
    axes[:, : len(kept)] = centred.T @ vectors / np.sqrt(kept)
    return axes


def _gram(matrix: VoteMatrix, means: Floats) -> Floats:
    import numpy as np

    gram = np.zeros((len(means), len(means)))
    kept = (~matrix.set_aside).astype(float)
    for _, values, seen in matrix.blocks():
        centred = _centre(values, seen, means, kept)
        gram += centred.T @ centred
    return gram


def _centred_all(matrix: VoteMatrix, means: Floats) -> Floats:
    import numpy as np

    kept = (~matrix.set_aside).astype(float)
    blocks = [_centre(values, seen, means, kept) for _, values, seen in matrix.blocks()]
    return np.concatenate(blocks).astype(float)


def _centre(values: Floats, seen: Floats, means: Floats, kept: Floats) -> Floats:
    """Votes less their mean: exactly 0 where unseen or set aside. Reuses its arguments."""
    seen *= means.astype(seen.dtype)
    values -= seen
    if not kept.all():
        values *= kept.astype(values.dtype)
    return values


def _top_two(gram: Floats) -> tuple[Floats, Floats]:
    """Eigenvectors and eigenvalues, largest first; none that is only noise."""
    from scipy.linalg import eigh

    size = len(gram)
    values, vectors = eigh(gram, subset_by_index=[max(size - 2, 0), size - 1])
    values, vectors = values[::-1], vectors[:, ::-1]
    solid = values > NOISE * max(float(gram.trace()), 1e-300)
    return vectors[:, solid], values[solid]


def _points(matrix: VoteMatrix, means: Floats, axes: Floats) -> Floats:
    import numpy as np

    kept = ~matrix.set_aside
    loadings = axes * kept[:, None]
    offsets = means[:, None] * loadings
    points = np.zeros((len(matrix.participants), 2))
    voted = np.zeros(len(matrix.participants))
    for rows, values, seen in matrix.blocks():
        points[rows] = values @ loadings.astype(values.dtype) - seen @ offsets.astype(seen.dtype)
        voted[rows] = seen @ kept.astype(seen.dtype)
    voted += np.count_nonzero(~kept)
    scale: Floats = np.sqrt(len(means) / np.maximum(voted, 1))
    return points * scale[:, None]


def _point_the_same_way(axes: Floats) -> Floats:
    """Let the weightier loadings of each axis be positive: a sign that every run agrees on."""
    import numpy as np

    return axes * np.where((axes**3).sum(axis=0) < 0, -1.0, 1.0)


def _match(axes: Floats, matrix: VoteMatrix, previous: Axes) -> Floats:
    """Swap and flip the axes so that they lie closest to those of the last run."""
    import numpy as np

    last = np.array([previous.get(statement.id, (0.0, 0.0)) for statement in matrix.statements])
    likeness = last.reshape(-1, 2).T @ axes
    straight, crossed = np.abs(likeness).trace(), np.abs(likeness[:, ::-1]).trace()
    if crossed > straight:
        axes, likeness = axes[:, ::-1], likeness[:, ::-1]
    return axes * np.where(np.diag(likeness) < 0, -1.0, 1.0)
