"""Latecomers and leavers fit in with few moves; no plan repeats fewer meetings than is proven."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition.faults import InputFaults
from sortition.seating import Guest, Plan, Rules, seat
from sortition.seating_changes import fewest_again, meetings_again, reseat


def _guests(count: int) -> list[Guest]:
    return [Guest(f"P{at}", ("ab"[at % 2], "xyz"[at % 3])) for at in range(count)]


def _plan(people: int, size: int, rounds: int, rules: Rules | None = None) -> Plan:
    return seat(
        _guests(people),
        ("one", "two"),
        table_size=size,
        rounds=rounds,
        seed=1,
        proposals=2_000,
        rules=rules,
    )


def _seated(tables: tuple[tuple[str, ...], ...]) -> list[str]:
    return sorted(identity for table in tables for identity in table)


def test_an_even_hall_repeats_exactly_the_proven_minimum() -> None:
    plan = seat(_guests(48), ("one", "two"), table_size=8, rounds=4, seed=1)
    assert meetings_again(plan) == fewest_again(plan) == 72


def test_no_plan_of_a_small_hall_beats_the_proven_minimum() -> None:
    first = (("a", "b", "c"), ("d", "e", "f"))
    plans = [
        Plan((first, (tuple(order[:3]), tuple(order[3:])))) for order in permutations("abcdef")
    ]
    assert min(map(meetings_again, plans)) == fewest_again(plans[0]) == 2


@given(
    people=st.integers(4, 30),
    size=st.integers(2, 9),
    rounds=st.integers(1, 4),
    gone=st.integers(0, 8),
    come=st.integers(0, 8),
    since=st.integers(0, 4),
)
def test_changes_leave_past_rounds_alone_and_seat_everybody_once(
    people: int, size: int, rounds: int, gone: int, come: int, since: int
) -> None:
    everybody = {guest.id: guest for guest in _guests(people + come)}
    left = {f"P{at}" for at in range(min(gone, people - 1))}
    late = [f"P{at}" for at in range(people, people + come)]
    before = _plan(people, size, rounds)
    after = reseat(before, everybody, since=since, gone=left, come=late)
    assert after.rounds[:since] == before.rounds[:since]
    assert meetings_again(after) >= fewest_again(after)
    for tables in after.rounds[since:]:
        assert _seated(tables) == sorted(set(everybody) - left)
        assert max(map(len, tables)) - min(map(len, tables)) <= 1


def test_a_change_moves_nobody_who_need_not_move() -> None:
    before = _plan(48, 8, 4)
    everybody = {guest.id: guest for guest in _guests(51)}
    left, late = {"P1", "P2", "P3", "P4", "P5"}, ["P48", "P49", "P50"]
    after = reseat(before, everybody, since=2, gone=left, come=late)
    for old, new in zip(before.rounds[2:], after.rounds[2:], strict=True):
        at = {i: number for number, table in enumerate(new) for i in table}
        moved = [i for n, table in enumerate(old) for i in table if i not in left and at[i] != n]
        empty = sum(max(0, len(left.intersection(table)) - 1) for table in old)
        assert len(moved) <= max(0, empty - len(late))
        assert sum(map(len, new)) == 46


def test_rules_hold_for_those_who_come() -> None:
    everybody = {guest.id: guest for guest in _guests(20)}
    rules = Rules(
        together=[frozenset({"P0", "P18"})],
        apart=[frozenset({"P1", "P19"})],
        allowed={"P19": frozenset({0, 1})},
    )
    settled = Rules()
    before = _plan(18, 6, 2, settled)
    after = reseat(before, everybody, since=0, come=["P18", "P19"], rules=rules)
    for tables in after.rounds:
        at = {i: number for number, table in enumerate(tables) for i in table}
        assert at["P0"] == at["P18"]
        assert at["P1"] != at["P19"]
        assert at["P19"] in {0, 1}


def test_someone_who_can_sit_nowhere_is_refused() -> None:
    everybody = {guest.id: guest for guest in _guests(7)}
    apart = Rules(apart=[frozenset({f"P{at}" for at in range(7)})])
    with pytest.raises(InputFaults):
        reseat(_plan(6, 3, 1), everybody, since=0, come=["P6"], rules=apart)


def test_whoever_met_before_sits_apart_where_there_is_room() -> None:
    everybody = {guest.id: guest for guest in _guests(9)}
    before = Plan((tuple(tuple(f"P{4 * t + at}" for at in range(4)) for t in range(2)),) * 2)
    moved = reseat(before, everybody, since=1, come=["P8"])
    assert moved.rounds[0] == before.rounds[0]
    pairs = [frozenset(p) for table in moved.rounds[1] for p in combinations(table, 2)]
    assert len(pairs) == len(set(pairs))
