"""k-means for points on a plane: many starts of many crowds at once, the best ones kept.

A fit by scikit-learn costs a third of a millisecond a start before its first step; a panel's
groups need more than a thousand starts (every k, every subsample), so all run as one array:
`python -m benchmarks.opinions` shows both.
Shapes below: crowds of equally many people are points (crowds, people, 2), and their starts
(crowds, starts, k, 2).
"""

import numpy as np

from panel_app.opinions.votes import Bools, Floats, Ints

MOST_STEPS = 100
#: Starts are cheap for few people and dear for many: about this many people-starts in all.
PEOPLE_STARTS = 20_000
FEWEST_STARTS, MOST_STARTS = 10, 48
#: With more people than this the starts are tried on a sample, and the best few of them
#: are carried through with everybody.
MOST_TRIED_IN_FULL = 2_000
SAMPLE = 800
FINALISTS = 3


def find_centres(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """The centres (k, 2) of points (n, 2), n >= k, from k-means++ starts.

    Keeps the lowest sum of squared distances (Arthur & Vassilvitskii 2007 for the starts).
    """
    starts = min(max(PEOPLE_STARTS // len(points), FEWEST_STARTS), MOST_STARTS)
    centres: Floats = find_centres_of_each(points[None], k, rng, starts=starts)[0]
    return centres


def find_centres_of_each(
    crowds: Floats,
    k: int,
    rng: np.random.Generator,
    *,
    starts: int,
    warm: Floats | None = None,
) -> Floats:
    """The best centres (crowds, k, 2) for each crowd; `warm` holds a start for each."""
    rested = _finalists(crowds, k, rng, starts)
    if warm is not None:
        rested = np.concatenate([rested, _refine(crowds, warm[:, None])], axis=1)
    best = _fits(crowds, rested).argmax(axis=1)
    centres: Floats = rested[np.arange(len(crowds)), best]
    return centres


def nearest(crowds: Floats, centres: Floats) -> Ints:
    """The closest of its crowd's centres (crowds, k, 2) for each person; of equals the first."""
    labels: Ints = _nearness(_homogeneous(crowds), centres).argmax(axis=1)
    return labels


def _finalists(crowds: Floats, k: int, rng: np.random.Generator, starts: int) -> Floats:
    """Centres that came to rest with everybody taken into account."""
    people = crowds.shape[1]
    if people <= MOST_TRIED_IN_FULL:
        return _refine(crowds, _spread_starts(crowds, k, rng, starts))
    sample = crowds[:, rng.choice(people, SAMPLE, replace=False)]
    tried = _refine(sample, _spread_starts(sample, k, rng, starts))
    best = np.argsort(-_fits(sample, tried), axis=1, kind="stable")[:, :FINALISTS]
    return _refine(crowds, np.take_along_axis(tried, best[:, :, None, None], axis=1))


def _spread_starts(crowds: Floats, k: int, rng: np.random.Generator, starts: int) -> Floats:
    """k-means++: each next centre is drawn with odds by squared distance to those drawn."""
    number, people, _ = crowds.shape
    crowd = np.arange(number)[:, None]
    chosen = [crowds[crowd, rng.integers(people, size=(number, starts))]]
    distance = np.full((number, starts, people), np.inf)
    for _ in range(k - 1):
        across = crowds[:, None, :, 0] - chosen[-1][:, :, None, 0]
        along = crowds[:, None, :, 1] - chosen[-1][:, :, None, 1]
        distance = np.minimum(distance, across * across + along * along)
        reach = np.cumsum(distance, axis=2)
        targets = rng.random((number, starts, 1)) * reach[:, :, -1:]
        picks = np.minimum(np.count_nonzero(reach <= targets, axis=2), people - 1)
        chosen.append(crowds[crowd, picks])
    return np.stack(chosen, axis=2)


def _homogeneous(crowds: Floats) -> Floats:
    """Rows x, y, 1 of each crowd: what a centre's nearness is one matrix product of."""
    rows = np.ones((len(crowds), 3, crowds.shape[1]), dtype=crowds.dtype)
    rows[:, :2] = crowds.transpose(0, 2, 1)
    return rows


def _nearness(rows: Floats, centres: Floats) -> Floats:
    """p.c - c.c/2 of each centre and person: highest for the closest centre."""
    halves = (centres * centres).sum(axis=2, keepdims=True) / -2
    nearness: Floats = np.concatenate([centres, halves], axis=2) @ rows
    return nearness


def _members(rows: Floats, centres: Floats) -> Bools:
    """Whether a person's closest centre is this one, of shape (crowds, k, people)."""
    nearness = _nearness(rows, centres)
    members: Bools = nearness >= nearness.max(axis=1, keepdims=True)
    taken = members[:, 0].copy()
    for centre in range(1, members.shape[1]):
        members[:, centre] &= ~taken  # of equally close ones the first
        taken |= members[:, centre]
    return members


def _fits(crowds: Floats, starts: Floats) -> Floats:
    """How well each set of centres fits: higher the lower its sum of squared distances."""
    number, count, k, _ = starts.shape
    nearness = _nearness(_homogeneous(crowds), starts.reshape(number, count * k, 2))
    fits: Floats = nearness.reshape(number, count, k, -1).max(axis=2).sum(axis=2)
    return fits


def _refine(crowds: Floats, starts: Floats) -> Floats:
    """Move the centres of every start to the mean of their people, to rest."""
    number, count, k, _ = starts.shape
    centres = starts.reshape(-1, k, 2).copy()
    moving = np.arange(len(centres))
    rows = _homogeneous(crowds)
    shared = number == 1  # then numpy repeats the rows by itself
    rows = rows if shared else rows[moving // count]
    for _ in range(MOST_STEPS):
        moved = _step(rows, centres[moving])
        still = (moved != centres[moving]).any(axis=(1, 2))
        centres[moving] = moved
        if not still.any():
            break
        if still.sum() * 2 <= len(still):  # often enough to be worth the copying
            moving, rows = moving[still], rows if shared else rows[still]
    return centres.reshape(starts.shape)


def _step(rows: Floats, centres: Floats) -> Floats:
    """One step of Lloyd; a centre that lost all its people stays where it is."""
    members = _members(rows, centres).astype(rows.dtype)
    sums = members @ rows.transpose(0, 2, 1)
    sizes = sums[:, :, 2:]
    return np.where(sizes > 0, sums[:, :, :2] / np.maximum(sizes, 1), centres)
