"""Which statement comes next."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest

from panel_app.opinions import analyse, next_statement
from panel_app.opinions.routing import priorities
from panel_app.opinions.tallies import Tally
from tests.opinions.made_up import camps


def test_priority_by_hand() -> None:
    # A 6, D 2, T 10, pass 2, E 0.5: importance (1 - 3/12) * 1.5 * 7/12 = 0.65625;
    # priority (0.65625 * (1 + 8 * 2^-2))^2 = 3.8759765625
    tally = Tally(np.array([[4.0], [2.0]]), np.array([[1.0], [1.0]]), np.array([[6.0], [4.0]]))
    found = priorities(tally, np.array([0.5]), np.array([False]))
    assert found[0] == pytest.approx(3.8759765625, abs=1e-9)


def test_unseen_statement_is_worth_showing() -> None:
    # nobody voted: (1 - 1/2) * 1 * 1/2 = 0.25, times 9, squared
    empty = np.zeros((1, 1))
    found = priorities(Tally(empty, empty, empty), np.array([0.0]), np.array([False]))
    assert found[0] == pytest.approx(5.0625, abs=1e-9)


def test_statements_about_the_person_have_a_fixed_priority() -> None:
    empty = np.zeros((1, 1))
    assert priorities(Tally(empty, empty, empty), np.array([0.0]), np.array([True]))[0] == 49


def test_priorities_rest_on_clustered_people_and_extremity() -> None:
    analysis = analyse(camps(), with_stability=False)
    total, column = analysis.findings.tally.total(), 7
    agree, disagree, votes = (int(x[0, column]) for x in (total.agree, total.disagree, total.votes))
    extremity = float(analysis.projection.extremity[column])
    importance = (1 - (votes - agree - disagree + 1) / (votes + 2)) * (1 + extremity)
    importance *= (agree + 1) / (votes + 2)
    expected = (importance * (1 + 8 * 2 ** (-votes / 5))) ** 2
    assert analysis.priorities["7"] == pytest.approx(expected, abs=1e-6)


def test_seeds_come_first_in_the_facilitators_order() -> None:
    chosen = next_statement(
        ["1", "2", "3"], voted={"3"}, seeds=["3", "2", "1"], weights={}, rng=Random(0)
    )
    assert chosen == "2"


def test_rejected_seed_is_never_shown() -> None:
    chosen = next_statement(["1"], voted=(), seeds=["9"], weights={}, rng=Random(0))
    assert chosen == "1"


def test_chance_follows_the_weights_with_one_for_the_unknown() -> None:
    rng = Random(1)
    drawn = Counter(
        next_statement(["a", "b", "c"], voted={"c"}, weights={"a": 3.0}, rng=rng)
        for _ in range(4_000)
    )
    assert set(drawn) == {"a", "b"}
    assert drawn["a"] / 4_000 == pytest.approx(0.75, abs=0.03)


def test_nothing_left_is_none_and_weightless_ones_are_still_shown() -> None:
    assert next_statement(["a"], voted={"a"}, weights={}, rng=Random(0)) is None
    assert next_statement(["a"], voted=(), weights={"a": 0.0}, rng=Random(0)) == "a"
