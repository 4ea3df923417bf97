"""Tight pools, where every row of a program may be tight at once and an old basis misleads."""

from fractions import Fraction
from pathlib import Path

import pytest

from sortition.api import model_of
from sortition.highs import Program
from sortition.lottery_making.fairest_weights import Task, find_distribution
from sortition.pool import read_people
from sortition.progress import Watch
from sortition.sample import sample_pool
from sortition.targets import read_targets
from tests.sortition.pools import Case, tight_pool

SHAPES = ((14, 4, 3), (16, 4, 4), (20, 5, 3), (24, 6, 4))


def _assert_solved(case: Case, seed: int) -> None:
    model = model_of(case.pool, case.targets, case.size)
    found = find_distribution(Task(model, "leximin", seed, Watch(), explain=False))
    assert found.exact
    assert found.gap <= 1e-7
    assert all(found.model.is_valid(panel) for panel in found.panels)
    assert sum(found.probabilities.values()) == Fraction(case.size)
    least = min(chance for chance in found.type_chances if chance)
    assert float(least) == pytest.approx(found.min_probability)


@pytest.mark.parametrize("shape", SHAPES)
def test_generated_tight_pools_are_solved_exactly(shape: tuple[int, int, int]) -> None:
    for seed in range(60):
        _assert_solved(tight_pool(*shape, seed=seed), seed)


def _lost_point() -> Case:
    """A pool whose master program is called infeasible, by 2e-9, from the basis of before."""
    made = sample_pool(size=70, panel=12, features=8, seed=3)
    targets = read_targets(Path(__file__).with_name("lost_point_targets.csv"))
    return Case(read_people(made.people, targets), targets, 12)


@pytest.mark.parametrize("seed", [3, 6])
def test_a_program_that_loses_its_point_is_solved_from_a_new_basis(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = []
    sure = Program.sure

    def counting(program: Program) -> object:
        if program.solve() is None:
            lost.append(program)
        return sure(program)

    monkeypatch.setattr(Program, "sure", counting)
    _assert_solved(_lost_point(), seed)
    assert lost
