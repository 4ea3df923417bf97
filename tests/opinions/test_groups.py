"""Which groups are found, and that they stay put from run to run."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from panel_app.opinions import (
    AGREE,
    GroupingState,
    Reason,
    Statement,
    Vote,
    VoteMatrix,
    analyse,
    matrix_of,
)
from panel_app.opinions.choice import smallest_group
from panel_app.opinions.grouping import group_people
from panel_app.opinions.likeness import adjusted_rand
from tests.opinions.made_up import camps, matrix_from


def alike(first: dict[str, int], second: dict[str, int]) -> float:
    people = sorted(first.keys() & second.keys())
    return adjusted_rand(
        np.array([first[p] for p in people]), np.array([second[p] for p in people])
    )


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
    assert first.state is not None
    assert second.state is not None
    assert first.state.to_json() == second.state.to_json()


def test_order_of_the_input_changes_nothing() -> None:
    matrix = camps(noise=0.25)
    votes = votes_of(matrix)
    shuffled = [votes[place] for place in np.random.default_rng(3).permutation(len(votes))]
    first = analyse(matrix_of(votes, matrix.statements))
    second = analyse(matrix_of(shuffled, matrix.statements[::-1]))
    assert first.groups == second.groups
    assert first.consensus == second.consensus
    assert first.gate == second.gate


def test_one_more_vote_moves_nobody_else() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.15)
    first = analyse(matrix)
    more = votes_of(matrix)
    row, column = np.argwhere(~matrix.seen)[0].tolist()
    more.append(Vote(matrix.participants[row], matrix.statements[column].id, AGREE))
    second = analyse(matrix_of(more, matrix.statements), previous=first.state)
    changed = [p for p, group in second.groups.items() if first.groups[p] != group]
    assert set(changed) <= {matrix.participants[row]}
    assert first.state is not None
    assert second.state is not None
    for statement, axes in second.state.axes.items():
        assert axes == pytest.approx(first.state.axes[statement], abs=0.05)


def test_state_survives_json_and_a_restart() -> None:
    matrix = camps(noise=0.3)
    state = analyse(matrix).state
    assert state is not None
    revived = GroupingState.from_json(json.loads(json.dumps(state.to_json())))
    assert revived == state
    assert analyse(matrix, previous=revived).groups == analyse(matrix, previous=state).groups


def test_group_names_stay_when_rows_and_sizes_change() -> None:
    matrix = camps(sizes=[40, 30, 20])
    first = analyse(matrix)
    # most of the largest camp leave: sizes now rank differently, names must not
    rest = matrix.people(np.arange(30, 90))
    second = analyse(rest, previous=first.state)
    assert second.groups == {person: first.groups[person] for person in rest.participants}
    assert list(second.sizes.values()) != sorted(second.sizes.values(), reverse=True)


def test_new_group_gets_a_new_name_and_old_ones_keep_theirs() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.05)
    two = analyse(matrix.people(np.arange(70)))
    state = two.state
    assert state is not None
    assert two.k == 2
    three = analyse(matrix, previous=replace(state, contender=3, streak=3))
    assert three.k == 3
    assert all(three.groups[person] == group for person, group in two.groups.items())
    assert {three.groups[str(person)] for person in range(70, 90)} == {2}


def test_merged_groups_go_on_under_the_name_of_the_larger() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.05)
    three = analyse(matrix)
    two = analyse(matrix, k=2, previous=three.state)
    joined = {
        group: {three.groups[p] for p in two.groups if two.groups[p] == group}
        for group in two.sizes
    }
    assert sorted(map(len, joined.values())) == [1, 2]
    assert all(group == min(before) for group, before in joined.items())  # 0 is the largest


def test_group_of_newcomers_does_not_take_the_name_of_one_that_left() -> None:
    matrix = camps(sizes=[40, 30, 20, 20], noise=0.02)
    before = matrix.people(np.flatnonzero(np.arange(110) < 90))
    after = matrix.people(np.flatnonzero((np.arange(110) < 70) | (np.arange(110) >= 90)))
    first = analyse(before, k=3)
    second = analyse(after, k=3, previous=first.state)
    assert set(first.sizes) == {0, 1, 2}
    assert {second.groups[str(person)] for person in range(90, 110)} == {3}


@pytest.mark.parametrize("change", ["one more vote", "a new statement", "a newcomer"])
def test_small_change_flips_neither_names_nor_axes_nor_number(change: str) -> None:
    matrix = camps(sizes=[30, 25, 20], noise=0.2, density=0.7, seed=8)
    first, votes = analyse(matrix), votes_of(matrix)
    statements = list(matrix.statements)
    if change == "one more vote":
        row, column = np.argwhere(~matrix.seen)[3].tolist()
        votes.append(Vote(matrix.participants[row], matrix.statements[column].id, -1))
    elif change == "a new statement":
        statements.append(Statement("999"))
        votes += [Vote(person, "999", 1 - 2 * (int(person) % 2)) for person in list("123456789")]
    else:
        votes += [Vote("newcomer", statement.id, 1) for statement in statements]
    second = analyse(matrix_of(votes, statements), previous=first.state)
    assert second.k == first.k
    stayed = [second.groups[person] == group for person, group in first.groups.items()]
    assert np.mean(stayed) > 0.95
    assert first.state is not None
    assert second.state is not None
    for axis in (0, 1):
        shared = [(a[axis], second.state.axes[s][axis]) for s, a in first.state.axes.items()]
        assert sum(one * two for one, two in shared) > 0.8


def test_better_number_of_groups_takes_over_after_four_runs() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.05)
    state = analyse(matrix, k=2).state
    seen = []
    for _ in range(5):
        analysis = analyse(matrix, previous=state, with_stability=False)
        state = analysis.state
        seen.append(analysis.k)
    assert seen == [2, 2, 2, 3, 3]


def test_interrupted_contender_starts_again() -> None:
    matrix = camps(sizes=[40, 30, 20], noise=0.05)
    state = analyse(matrix, k=2).state
    assert state is not None
    held = analyse(matrix, previous=replace(state, contender=4, streak=3), with_stability=False)
    assert held.state is not None
    assert (held.k, held.state.contender, held.state.streak) == (2, 3, 1)


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
    grouping = group_people(matrix_from([*active, *brief]))
    assert grouping.rows.tolist() == [*range(12), 13, 14, 15]
    assert grouping.enough_votes == 12


def test_once_clustered_always_clustered() -> None:
    many = [[1, -1] * 5] * 12 + [[-1, 1] * 5] * 12
    first = group_people(matrix_from([*many, [1] * 7 + [9] * 3]))
    assert "24" in first.state.groups
    # a longer list of statements raises nothing: the person stays with six votes left
    second = group_people(matrix_from([*many, [1] * 6 + [9] * 4]), previous=first.state)
    assert "24" in second.state.groups


def test_rejecting_a_statement_keeps_its_voters_clustered() -> None:
    rows = [[1, -1] * 4] * 10 + [[-1, 1] * 4] * 10
    grouping = group_people(matrix_from(rows, moderation={0: -1, 1: -1}))
    assert len(grouping.rows) == 20


def test_meta_statements_shape_no_groups() -> None:
    matrix = camps(sizes=[30, 30], statements=12, noise=0.0, density=1.0)
    meta = tuple(replace(s, is_meta=True) for s in matrix.statements)
    assert analyse(replace(matrix, statements=meta)).k == 1
    assert Statement("1", is_meta=True).is_set_aside
