"""How long a run, every test of its groups included, may take in time of one core."""

from __future__ import annotations

import time

import numpy as np
import pytest

from panel_app.opinions.api import VoteMatrix, analyse
from tests.opinions.made_up import matrix_from


def crowd(people: int, statements: int, density: float) -> VoteMatrix:
    rng = np.random.default_rng(0)
    taste = rng.normal(size=(4, statements))[rng.integers(4, size=people)]
    values = np.sign(np.round(taste + rng.normal(size=taste.shape)))
    return matrix_from(np.where(rng.random(values.shape) < density, values, 9))


@pytest.mark.parametrize(
    ("people", "statements", "density", "seconds"),
    [(40, 60, 1.0, 0.1), (250, 60, 0.6, 0.15), (10_000, 500, 0.2, 0.6)],
)
def test_regrouping_keeps_to_its_time(
    people: int, statements: int, density: float, seconds: float
) -> None:
    matrix = crowd(people, statements, density)
    spent = []
    for _ in range(4):
        start = time.process_time()
        analyse(matrix)
        spent.append(time.process_time() - start)
    assert min(spent) <= seconds
