"""Infeasible targets never return a panel, and the smallest relaxation makes one possible."""

from dataclasses import replace

import pytest

from sortition.api import check, make_lottery, solve
from sortition.feasibility import Infeasible, TargetChange
from sortition.targets import Targets
from tests.sortition.brute_force import valid_panels
from tests.sortition.pools import Case, case_of, tight_case

PEOPLE = [("a", "x"), ("a", "x"), ("b", "y"), ("b", "y")]
CROSSED = [("f0", "a", 1, 1), ("f0", "b", 1, 1), ("f1", "x", 2, 2), ("f1", "y", 0, 0)]


def _relaxed(targets: Targets, changes: tuple[TargetChange, ...]) -> Targets:
    rows = list(targets.rows)
    for change in changes:
        at = next(
            i
            for i, row in enumerate(rows)
            if (row.feature, row.value) == (change.feature, change.value)
        )
        field = "minimum" if change.bound == "min" else "maximum"
        assert getattr(rows[at], field) == change.old
        rows[at] = replace(rows[at], **{field: change.new})
    return replace(targets, rows=tuple(rows))


def _cost(changes: tuple[TargetChange, ...]) -> float:
    return sum(
        (change.old - change.new) * (1 + 2 / change.old)
        if change.bound == "min"
        else change.new - change.old
        for change in changes
    )


def test_the_relaxation_is_the_cheapest_and_in_words() -> None:
    case = case_of(PEOPLE, CROSSED, 2)
    found = check(case.pool, case.targets, 2)
    assert found is not None
    assert _cost(found.changes) == 3.0
    assert "lower the minimum of f1 x from 2 to 1" in str(found).lower()
    relaxed = _relaxed(case.targets, found.changes)
    assert valid_panels(case.pool, relaxed, 2)


def test_flex_is_honoured_and_said_when_it_stands_in_the_way() -> None:
    case = case_of(PEOPLE, CROSSED, 2)
    stiff = replace(
        case.targets,
        rows=tuple(
            replace(row, flex_minimum=row.minimum, flex_maximum=row.maximum) for row in case.targets
        ),
    )
    found = check(case.pool, stiff, 2)
    assert found is not None
    assert not found.within_flex
    assert found.changes
    half = replace(
        stiff,
        rows=tuple(
            replace(row, flex_minimum=0, flex_maximum=2) if row.feature == "f0" else row
            for row in stiff
        ),
    )
    found = check(case.pool, half, 2)
    assert found is not None
    assert {change.feature for change in found.changes} == {"f0"}


def test_a_relaxation_speaks_of_the_whole_panel_beside_people_already_selected() -> None:
    case = case_of([("a",), ("a",), ("b",)], [("f0", "a", 1, 1), ("f0", "b", 1, 2)], 2)
    rest = case.pool.without_ids(["2"])
    with pytest.raises(Infeasible) as refusal:
        solve(rest, case.targets, 2, already_selected=[case.pool.people[0]])
    assert refusal.value.changes == (
        TargetChange("f0", "a", "max", 1, 2),
        TargetChange("f0", "b", "min", 1, 0),
    )


def test_too_few_addresses_are_named_where_no_target_helps() -> None:
    case = case_of([("a",), ("a",)], [("f0", "a", 0, 2)], 2, homes=["same", "same"])
    found = check(case.pool, case.targets, 2)
    assert found is not None
    assert not found.changes
    assert "addresses" in str(found)


@pytest.mark.parametrize("seed", range(60))
def test_infeasible_targets_never_return_a_panel(seed: int) -> None:
    case: Case = tight_case(seed, households=True)
    if valid_panels(case.pool, case.targets, case.size):
        assert check(case.pool, case.targets, case.size) is None
        return
    for attempt in (solve, make_lottery):
        with pytest.raises(Infeasible) as refusal:
            attempt(case.pool, case.targets, case.size)
        if refusal.value.changes:
            relaxed = _relaxed(case.targets, refusal.value.changes)
            assert valid_panels(case.pool, relaxed, case.size)
