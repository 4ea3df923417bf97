"""The axes: centring, components, scaling, and their direction from run to run."""

from __future__ import annotations

import numpy as np
import pytest

from panel_app.opinions.projection import project
from tests.opinions.made_up import camps, matrix_from


def dense_axes(matrix):  # the textbook way, by singular values of the centred matrix
    values = np.where(matrix.seen, matrix.values, np.nan).astype(float)
    centred = np.nan_to_num(values - np.nanmean(values, axis=0))
    return centred, np.linalg.svd(centred)[2][:2].T


@pytest.mark.parametrize(("people", "statements"), [(60, 12), (12, 30)])
def test_axes_and_scaled_points_match_the_textbook(people: int, statements: int) -> None:
    matrix = camps(sizes=[people // 2, people // 2], statements=statements, density=0.7)
    projection = project(matrix)
    centred, axes = dense_axes(matrix)
    assert np.abs((projection.axes * axes).sum(axis=0)) == pytest.approx([1, 1], abs=1e-9)
    scale = np.sqrt(statements / matrix.votes_by_person())
    expected = centred @ projection.axes * scale[:, None]
    assert projection.points == pytest.approx(expected, abs=1e-9)


def test_rejected_statement_moves_nobody_but_counts_as_voted() -> None:
    rows = [[1, 1, 9], [1, -1, 1], [-1, 1, 9], [-1, -1, 9]]
    plain = project(matrix_from([row[:2] for row in rows]))
    rejected = project(matrix_from(rows, moderation={2: -1}))
    assert rejected.axes[2].tolist() == [0, 0]
    assert rejected.means[2] == 0
    # two votes of two statements: scale 1; two votes and a counted pass of three: scale 1
    assert np.abs(rejected.points) == pytest.approx(np.abs(plain.points))


def test_few_votes_do_not_mean_the_middle() -> None:
    loyal = [[1] * 8, [-1] * 8] * 5
    brief = [1, 9, 9, 9, 9, 9, 9, 9]
    points = project(matrix_from([*loyal, brief])).points
    assert abs(points[-1, 0]) > 0.3 * abs(points[0, 0])


def test_everyone_alike_sits_in_the_middle() -> None:
    assert project(matrix_from([[1, 1, -1]] * 8)).points == pytest.approx(np.zeros((8, 2)))


def test_single_precision_of_large_matrices_stays_close(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = camps(sizes=[600, 500], statements=40)
    exact = project(matrix)
    monkeypatch.setattr("panel_app.opinions.votes.DOUBLE_PRECISION_CELLS", 0)
    assert project(matrix).points == pytest.approx(exact.points, abs=1e-3)
