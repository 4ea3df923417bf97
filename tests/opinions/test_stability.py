"""The cheap measure of stability against the plain one, and that chance hardly moves it."""

from __future__ import annotations

import numpy as np
import pytest

from panel_app.opinions.agreement import adjusted_rand
from panel_app.opinions.analysis import _on_one_core
from panel_app.opinions.api import VoteMatrix, analyse
from panel_app.opinions.grouping import Grouping, group_people
from panel_app.opinions.stability import _left_out, measure_stability
from tests.opinions.made_up import camps


def plain_stability(matrix: VoteMatrix, grouping: Grouping, runs: int = 60) -> float:
    """The whole way from votes to groups again for each nine tenths of the people."""
    rng, found, people = np.random.default_rng(5), [], len(matrix.participants)
    for run in range(runs):
        rows = np.sort(rng.choice(people, round(people * 0.9), replace=False))
        again = group_people(matrix.people(rows), seed=run)
        _, here, there = np.intersect1d(grouping.rows, rows[again.rows], return_indices=True)
        found.append(adjusted_rand(grouping.labels[here], again.labels[there]))
    return float(np.median(found))


@pytest.mark.parametrize(
    ("sizes", "noise"),
    [([12, 12], 0.15), ([60, 60], 0.2), ([40, 40, 40], 0.3), ([83, 83, 83], 0.3)],
)
def test_measure_is_that_of_grouping_all_over_again(sizes: list[int], noise: float) -> None:
    matrix = camps(sizes=sizes, noise=noise, density=0.7, seed=sum(sizes))
    with _on_one_core():
        grouping = group_people(matrix)
        expected = plain_stability(matrix, grouping)
        assert measure_stability(matrix, grouping) == pytest.approx(expected, abs=0.1)


def test_more_people_than_a_silhouette_takes_are_measured_alike() -> None:
    matrix = camps(sizes=[400, 400, 400], noise=0.35, density=0.6)
    with _on_one_core():
        grouping = group_people(matrix)
        expected = plain_stability(matrix, grouping, runs=11)
        assert measure_stability(matrix, grouping) == pytest.approx(expected, abs=0.05)


def test_chance_hardly_moves_the_measure() -> None:
    matrix = camps(sizes=[83, 83, 83], noise=0.3, density=0.7, seed=250)
    grouping = group_people(matrix)
    found = [measure_stability(matrix, grouping, seed=seed) for seed in range(12)]
    assert np.std(found) <= 0.03


def stayed_away(matrix: VoteMatrix, seed: int = 0) -> list[set[str]]:
    left_out = _left_out(matrix, group_people(matrix), 9, seed)
    return [{matrix.participants[row] for row in np.flatnonzero(run)} for run in left_out]


def test_who_stays_away_follows_from_the_person_and_the_seed() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.3)
    away = stayed_away(matrix)
    assert {len(people) for people in away} == {9}
    assert away == stayed_away(matrix.people(np.arange(90)[::-1]))
    assert away == stayed_away(camps(sizes=[40, 30, 20], noise=0.1))
    assert away != stayed_away(matrix, seed=1)
    assert len(set().union(*away)) > 40


def test_newcomer_leaves_the_measure_nearly_as_it_was() -> None:
    matrix = camps(sizes=[40, 40, 40], noise=0.3, density=0.7, seed=120)
    without = matrix.people(np.arange(119))
    one, all_of_them = analyse(without).gate.stability, analyse(matrix).gate.stability
    assert one == pytest.approx(all_of_them, abs=0.08)
