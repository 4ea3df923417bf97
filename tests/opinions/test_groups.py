"""Which groups are found, the same from the same votes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from panel_app.opinions import Reason
from panel_app.opinions.api import Statement, Vote, VoteMatrix, analyse, matrix_of, read_votes
from panel_app.opinions.grouping import group_people, has_enough_votes
from panel_app.opinions.may_show import smallest_group
from tests.opinions.made_up import camps, matrix_from


def votes_of(matrix: VoteMatrix) -> list[Vote]:
    rows, columns = np.nonzero(matrix.seen)
    return [
        Vote(matrix.participants[r], matrix.statements[c].id, int(matrix.values[r, c]))
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def test_camps_are_found_and_shown() -> None:
    analysis = analyse(camps(sizes=[40, 30, 20]))
    assert sorted(analysis.sizes.values(), reverse=True) == [40, 30, 20]
    assert analysis.k == 3
    assert analysis.gate.reason is Reason.SHOWN
    assert analysis.gate.stability == pytest.approx(1.0)


def test_same_input_and_seed_give_the_same_groups() -> None:
    matrix = camps(noise=0.3)
    first, second = analyse(matrix, seed=4), analyse(matrix, seed=4)
    assert first.groups == second.groups
    assert first.gate == second.gate
    assert read_votes(first) == read_votes(second)


def test_order_of_the_input_changes_nothing() -> None:
    matrix = camps(noise=0.25)
    votes = votes_of(matrix)
    shuffled = [votes[place] for place in np.random.default_rng(3).permutation(len(votes))]
    first = analyse(matrix_of(votes, matrix.statements))
    second = analyse(matrix_of(shuffled, matrix.statements[::-1]))
    assert first.groups == second.groups
    assert first.consensus == second.consensus
    assert first.gate == second.gate


def test_number_of_groups_can_be_pinned() -> None:
    analysis = analyse(camps(sizes=[40, 30, 20]), k=2)
    assert analysis.k == 2


def test_more_groups_than_there_can_be_are_none() -> None:
    """Groups hold one in twenty at least, so a hundred thousand aren't even tried."""
    assert analyse(camps(), k=21).k == analyse(camps(), k=100_000).k == 1


def test_lonely_outlier_is_set_aside_and_joins_the_nearest_group() -> None:
    odd_one = np.array([[-1, 1] * 15])
    matrix = camps(sizes=[30, 30], statements=30, noise=0.02, density=1.0)
    values = np.concatenate([matrix.values, odd_one]).astype(np.int8)
    analysis = analyse(matrix_from(values))
    assert analysis.k == 2
    assert min(analysis.sizes.values()) >= smallest_group(61)
    assert set(analysis.groups) == {str(person) for person in range(61)}


@pytest.mark.parametrize(("people", "least"), [(3, 3), (60, 3), (61, 4), (100, 5), (1000, 50)])
def test_smallest_group_is_three_or_one_in_twenty(people: int, least: int) -> None:
    assert smallest_group(people) == least


def test_seven_votes_or_all_statements_put_a_person_on_the_map() -> None:
    many = [[1, -1] * 5] * 10 + [[-1, 1] * 5] * 10
    brief = [[1] * 7 + [9] * 3, [1] * 6 + [9] * 4]
    grouping = group_people(matrix_from([*many, *brief]))
    assert grouping.rows.tolist() == list(range(21))
    few = group_people(matrix_from([[1, -1, 1]] * 9 + [[-1, 1, 1]] * 9 + [[1, 1, 9]]))
    assert few.rows.tolist() == list(range(18))


def test_fewer_than_fifteen_are_filled_up_with_the_most_active() -> None:
    active = [[1, -1] * 5] * 6 + [[-1, 1] * 5] * 6
    brief = [[1] + [9] * 9, [1, 1] + [9] * 8, [1, 1, 1] + [9] * 7, [1, 1, 1, 1] + [9] * 6]
    matrix = matrix_from([*active, *brief])
    assert group_people(matrix).rows.tolist() == [*range(12), 13, 14, 15]
    assert has_enough_votes(matrix).sum() == 12


def test_rejecting_a_statement_keeps_its_voters_clustered() -> None:
    rows = [[1, -1] * 4] * 10 + [[-1, 1] * 4] * 10
    grouping = group_people(matrix_from(rows, moderation={0: -1, 1: -1}))
    assert len(grouping.rows) == 20


def test_meta_statements_shape_no_groups() -> None:
    matrix = camps(sizes=[30, 30], statements=12, noise=0.0, density=1.0)
    meta = tuple(replace(s, is_meta=True) for s in matrix.statements)
    assert analyse(replace(matrix, statements=meta)).k == 1
    assert Statement("1", is_meta=True).is_set_aside
