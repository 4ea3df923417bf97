"""Whether answers to different statements hang together more than chance alone would have it.

Groups can be found in anything, and among few people they may even be steady. If nobody's
answer to one statement says anything of their answer to another, each statement's answers could
as well be dealt out anew among those who answered it: so they are, and the two are compared.
"""

import numpy as np

from panel_app.opinions.votes import Bools, Floats, Ints, VoteMatrix

#: Times that every statement's answers are shuffled.
SHUFFLES = 99
#: The test takes time by people times statements: of a larger crowd, so many cells are heard.
#: Where statements are few, weak groups show only among many people; where they are many, a
#: hundred people tell.
CELLS_HEARD, FEWEST_HEARD = 50_000, 100
#: Answers shuffled in one go, so that they fit the memory.
AT_ONCE = 1_000_000
#: Smaller differences are rounding.
NOISE = 1e-9


def beyond_chance(matrix: VoteMatrix, rows: Ints, *, seed: int = 0) -> float:
    """How much more answers hang together than shuffled ones do, in standard deviations.

    A permutation test (Fisher 1935) over the people in `rows`; who answered what stays as it
    is, and so do each statement's totals. 0 where a shuffle does as well: being the best of a
    hundred is needed, and by how much says what a hundred shuffles can't.
    """
    rng = np.random.default_rng(seed)
    heard = max(CELLS_HEARD // max(len(matrix.statements), 1), FEWEST_HEARD)
    if len(rows) > heard:
        rows = np.sort(rng.choice(rows, heard, replace=False))
    values, seen = _centred(matrix.people(rows))
    observed = _strongest_axis(values[None])[0]
    at_once = max(AT_ONCE // max(values.size, 1), 1)
    chance = np.concatenate(
        [
            _strongest_axis(_shuffled(values, seen, min(at_once, SHUFFLES - start), rng))
            for start in range(0, SHUFFLES, at_once)
        ]
    )
    if observed <= chance.max():
        return 0.0
    return float((observed - chance.mean()) / max(chance.std(), NOISE))


def _centred(matrix: VoteMatrix) -> tuple[Floats, Bools]:
    """Answers less their statement's mean, 0 where unseen; statements set aside left out."""
    kept = ~matrix.set_aside
    values, seen = matrix.values[:, kept].astype(np.float32), matrix.seen[:, kept]
    means = values.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    return np.where(seen, values - means, 0).astype(np.float32), seen


def _shuffled(values: Floats, seen: Bools, runs: int, rng: np.random.Generator) -> Floats:
    """Deal each statement's answers out anew: (runs, people, statements)."""
    column, row = np.nonzero(seen.T)
    dealt = np.argsort(column + rng.random((runs, len(column))), axis=1)
    shuffled = np.zeros((runs, *values.shape), dtype=np.float32)
    shuffled[:, row, column] = values[row, column][dealt]
    return shuffled


def _strongest_axis(runs: Floats) -> Floats:
    """Each run's share of all differences that its strongest axes carry, from 0 to 1.

    The eighth root of the sum of the shares' eighth powers: nearly the largest share, and the
    trace of a power of the Gram matrix, which takes no eigenvectors.
    """
    turned = runs.swapaxes(1, 2)
    gram = turned @ runs if runs.shape[1] > runs.shape[2] else runs @ turned
    gram /= max(float(gram[0].trace()), NOISE)
    squared = gram @ gram
    fourth = squared @ squared
    shares: Floats = np.square(fourth, dtype=float).sum(axis=(1, 2)) ** (1 / 8)
    return shares
