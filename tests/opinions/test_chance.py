"""Groups are not seen in coin flips, and two camps are seen among twenty people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from panel_app.opinions import Gate, Reason
from panel_app.opinions.api import VoteMatrix, analyse, read_polis
from panel_app.opinions.chance import beyond_chance
from panel_app.opinions.may_show import STANDING_OUT
from tests.opinions.made_up import POLIS, camps, matrix_from, needs_real_conversations

CASES = Path(__file__).parent / "coins"


def coins(people: int, statements: int, seed: int) -> VoteMatrix:
    """Everybody agrees (two in four), disagrees or passes by chance alone."""
    rng = np.random.default_rng(seed)
    return matrix_from(rng.choice([1, 1, -1, 0], size=(people, statements)))


def two_camps(statements: int, noise: float, seed: int, people: int = 20) -> VoteMatrix:
    """Two camps that answer against each other, a tenth of the answers passed."""
    rng = np.random.default_rng(seed)
    side = np.where(np.arange(people) < people // 2, 1, -1)[:, None]
    values = side * rng.choice([-1, 1], size=statements)
    values = values * np.where(rng.random(values.shape) < noise, -1, 1)
    return matrix_from(np.where(rng.random(values.shape) < 0.1, 0, values))


def shuffled(matrix: VoteMatrix, people: int, seed: int) -> VoteMatrix:
    """Some of the people, each statement's column dealt out anew among them."""
    rng = np.random.default_rng(seed)
    some = matrix.people(rng.choice(len(matrix.participants), people, replace=False))
    order = rng.permuted(np.tile(np.arange(people)[:, None], len(matrix.statements)), axis=0)
    columns = np.arange(len(matrix.statements))
    return matrix_from(np.where(some.seen, some.values, 9)[order, columns])


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_recorded_coin_flips_are_no_groups(case: Path) -> None:
    assert analyse(read_polis(case).matrix).gate.reason is Reason.CHANCE


@pytest.mark.parametrize(("people", "statements"), [(20, 6), (22, 12), (30, 6), (40, 6), (40, 20)])
def test_coin_flips_are_no_groups(people: int, statements: int) -> None:
    verdicts = [analyse(coins(people, statements, seed)).gate for seed in range(40)]
    assert not [gate for gate in verdicts if gate.shown]


@needs_real_conversations
@pytest.mark.parametrize("people", [20, 30, 40])
def test_shuffled_conversations_are_no_groups(people: int) -> None:
    shown: list[Gate] = []
    for folder in sorted(POLIS.iterdir()):
        if (folder / "comments.csv").is_file():
            matrix = read_polis(folder).matrix
            most = min(people, len(matrix.participants))
            shown += [analyse(shuffled(matrix, most, seed)).gate for seed in range(4)]
    assert shown
    assert not [gate for gate in shown if gate.shown]


@pytest.mark.parametrize("statements", [6, 10, 20])
@pytest.mark.parametrize("noise", [0.05, 0.1])
def test_two_planted_camps_of_ten_are_shown(statements: int, noise: float) -> None:
    verdicts = [analyse(two_camps(statements, noise, seed)).gate for seed in range(12)]
    assert [gate.reason for gate in verdicts] == [Reason.SHOWN] * 12


def test_shuffling_keeps_who_answered_what() -> None:
    """Habits of answering much or little are no opinions, and never count beyond chance."""
    rng = np.random.default_rng(3)
    eager = np.arange(40) < 20
    values = rng.choice([1, 1, 1, -1], size=(40, 16))
    seen = rng.random(values.shape) < np.where(eager, 1.0, 0.5)[:, None]
    matrix = matrix_from(np.where(seen, values, 9))
    assert beyond_chance(matrix, np.arange(40)) < STANDING_OUT


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_weak_but_steady_groups_of_a_crowd_are_heard(seed: int) -> None:
    """A hundred of these four hundred hardly tell; a crowd with few statements is heard whole."""
    assert analyse(camps(sizes=[200, 200], noise=0.3, seed=seed)).gate.reason is Reason.SHOWN


def test_same_people_and_seed_give_the_same_measure() -> None:
    matrix = camps(sizes=[600, 600], statements=80, noise=0.3)
    rows = np.arange(1_200)
    assert beyond_chance(matrix, rows, seed=2) == beyond_chance(matrix, rows, seed=2)


def test_statements_set_aside_say_nothing_of_chance() -> None:
    matrix = two_camps(6, 0.0, 1)
    rejected = matrix_from(matrix.values, moderation=dict.fromkeys(range(6), -1))
    assert beyond_chance(rejected, np.arange(20)) == 0.0
