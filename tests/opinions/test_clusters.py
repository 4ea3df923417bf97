"""k-means, silhouette and the Rand index against plain oracles."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from panel_app.opinions.agreement import adjusted_rand, distance_sample, silhouettes
from panel_app.opinions.kmeans import find_centres, nearest


def blobs(people: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = np.array([(0, 0), (3, 1), (0, 3)])
    return middles[rng.integers(3, size=people)] + rng.normal(size=(people, 2))


def inertia(points: np.ndarray, centres: np.ndarray) -> float:
    return float(((points - centres[nearest(points[None], centres[None])[0]]) ** 2).sum())


@pytest.mark.parametrize("k", [2, 3, 4, 5])
@pytest.mark.parametrize("people", [60, 400, 3_000])
def test_fit_is_as_good_as_that_of_scikit_learn(people: int, k: int) -> None:
    points = blobs(people)
    ours = find_centres(points, k, np.random.default_rng(0))
    theirs = KMeans(k, n_init=10, random_state=0).fit(points)
    assert inertia(points, ours) <= theirs.inertia_ * 1.005


def test_every_point_goes_to_its_closest_centre() -> None:
    points = blobs(200)
    fit = find_centres(points, 3, np.random.default_rng(0))
    distances = np.linalg.norm(points[:, None] - fit, axis=2)
    assert (nearest(points[None], fit[None]) == distances.argmin(axis=1)).all()


def test_silhouette_is_that_of_scikit_learn() -> None:
    points, labels = blobs(150), np.random.default_rng(1).integers(3, size=150)
    _, distances = distance_sample(points, np.random.default_rng(0))
    assert silhouettes(distances[None], labels[None], 3)[0] == pytest.approx(
        silhouette_score(points, labels), abs=1e-5
    )


def test_only_member_of_a_group_scores_nothing() -> None:
    points = np.array([(0.0, 0.0), (0.0, 1.0), (9.0, 9.0)])
    _, distances = distance_sample(points, np.random.default_rng(0))
    near, far = 1.0, np.hypot(9, 9)
    own = (far - near) / far, (np.hypot(9, 8) - near) / np.hypot(9, 8)
    assert silhouettes(distances[None], np.array([[0, 0, 1]]), 2)[0] == pytest.approx(
        sum(own) / 3, abs=1e-6
    )


@pytest.mark.parametrize("seed", range(5))
def test_rand_index_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(4, size=50), rng.integers(3, size=50)
    assert adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second))
    assert adjusted_rand(first, first) == 1.0
    assert adjusted_rand(np.zeros(9), np.zeros(9)) == 1.0
