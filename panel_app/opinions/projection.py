"""Placing people on two axes of opinion: imputation, components, sparsity scaling."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from panel_app.opinions.statistics import Tally, tally_everyone
from panel_app.opinions.votes import Floats, VoteMatrix

AXES = 2
#: Components that places are also kept on, to find the axes of a part of the people by.
COMPONENTS = 8
#: A component that explains less than this share of the variance is rounding noise.
NOISE = 1e-10


@dataclass(frozen=True, eq=False)
class Projection:
    """`means` and `axes` by statement (axes are unit columns), `points` by person.

    `places` are the people on up to eight components, the axes first, before the `scale`
    that makes up for votes not cast: `points` are the first two times `scale`.
    """

    means: Floats
    axes: Floats
    points: Floats
    places: Floats
    scale: Floats


def project(matrix: VoteMatrix, *, tally: Tally | None = None) -> Projection:
    """Find the two main components of all votes and place everybody on them.

    Unseen votes take the statement's mean. Rejected statements and those about the person
    count as a pass from everybody (Polis; Small et al. 2021, section 2). Points are scaled
    by the square root of statements over votes, so that few votes don't mean the middle.
    """
    means = _means(matrix, tally or tally_everyone(matrix))
    components = _components(matrix, means)
    components[:, :AXES] = axes = _point_the_same_way(components[:, :AXES])
    places, scale = _places(matrix, means, components)
    return Projection(means, axes, places[:, :AXES] * scale[:, None], places, scale)


def _means(matrix: VoteMatrix, tally: Tally) -> Floats:
    net = (tally.agree - tally.disagree)[0]
    return np.where(matrix.set_aside, 0.0, net / np.maximum(tally.votes[0], 1))


def _components(matrix: VoteMatrix, means: Floats) -> Floats:
    """The top eigenvectors, from the smaller of the two Gram matrices."""
    people, statements = matrix.values.shape
    components = np.zeros((statements, COMPONENTS))
    if not people or not statements:
        return components
    blocks = _centred(matrix, means)
    if statements <= people:
        none = np.zeros((statements, statements))
        vectors, kept = _top(sum((block.T @ block for block in blocks), none))
    else:
        centred = np.concatenate(list(blocks)).astype(float)
        vectors, kept = _top(centred @ centred.T)
        vectors = centred.T @ vectors / np.sqrt(kept)
    components[:, : len(kept)] = vectors
    return components


def _centred(matrix: VoteMatrix, means: Floats) -> Iterator[Floats]:
    """Blocks of votes less their mean: exactly 0 where unseen or set aside."""
    set_aside = matrix.set_aside
    for _, values, seen in matrix.blocks():
        seen *= means.astype(seen.dtype)
        values -= seen
        values[:, set_aside] = 0
        yield values


def _top(gram: Floats) -> tuple[Floats, Floats]:
    """Eigenvectors and eigenvalues, largest first; none that is only noise."""
    from scipy.linalg import eigh

    size = len(gram)
    values, vectors = eigh(gram, subset_by_index=[max(size - COMPONENTS, 0), size - 1])
    values, vectors = values[::-1], vectors[:, ::-1]
    solid = values > NOISE * max(float(gram.trace()), 1e-300)
    return vectors[:, solid], values[solid]


def _places(matrix: VoteMatrix, means: Floats, components: Floats) -> tuple[Floats, Floats]:
    kept = ~matrix.set_aside
    loadings = components * kept[:, None]
    offsets = means[:, None] * loadings
    places = np.zeros((len(matrix.participants), COMPONENTS))
    voted = np.zeros(len(matrix.participants))
    for rows, values, seen in matrix.blocks():
        places[rows] = values @ loadings.astype(values.dtype) - seen @ offsets.astype(seen.dtype)
        voted[rows] = seen @ kept.astype(seen.dtype)
    voted += np.count_nonzero(~kept)
    return places, np.sqrt(len(means) / np.maximum(voted, 1))


def _point_the_same_way(axes: Floats) -> Floats:
    """Let the weightier loadings of each axis be positive: a sign that every run agrees on."""
    return axes * np.where((axes**3).sum(axis=0) < 0, -1.0, 1.0)
