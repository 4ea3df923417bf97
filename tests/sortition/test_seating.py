"""Seating meets its targets and keeps every rule."""

import random

import pytest

from sortition.faults import InputFaults
from sortition.seating import Guest, Rules, score, seat, table_sizes

FEATURES = ("gender", "age", "ethnicity", "education", "area")
SHARES = (
    (0.5, 0.48, 0.02),
    (0.13, 0.17, 0.25, 0.25, 0.2),
    (0.78, 0.12, 0.06, 0.04),
    (0.2, 0.45, 0.35),
    (0.25, 0.2, 0.2, 0.2, 0.15),
)


def _guests(count: int) -> list[Guest]:
    """A panel of five features with the reference's shares."""
    chance, columns = random.Random(0), []
    for shares in SHARES:
        held = [int(share * count) for share in shares]
        while sum(held) < count:
            held[max(range(len(held)), key=lambda at: shares[at] * count - held[at])] += 1
        column = [str(value) for value, times in enumerate(held) for _ in range(times)]
        chance.shuffle(column)
        columns.append(column)
    return [Guest(f"P{at}", values) for at, values in enumerate(zip(*columns, strict=True))]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "off_cells", "repeats"), [(40, 0.08, 0.12), (100, 0.06, 0.005), (250, 0.02, 0.0)]
)
def test_plans_meet_the_published_targets(people: int, off_cells: float, repeats: float) -> None:
    guests = _guests(people)
    plan = seat(guests, FEATURES, table_size=8, rounds=3, seed=1)
    found = score(plan, guests)
    assert found.off_cells <= off_cells
    assert found.repeats <= repeats
    assert found.thrice == 0
    for tables in plan.rounds:
        assert sorted(i for table in tables for i in table) == sorted(guest.id for guest in guests)
        assert max(map(len, tables)) - min(map(len, tables)) <= 1


def test_the_same_seed_gives_the_same_plan() -> None:
    guests = _guests(24)
    plans = [seat(guests, FEATURES, table_size=6, rounds=2, seed=4, proposals=5_000) for _ in "ab"]
    assert plans[0] == plans[1]


def test_every_rule_is_kept_in_every_round() -> None:
    guests = _guests(40)
    rules = Rules(
        together=[frozenset(["P1", "P2"]), frozenset(["P3", "P4", "P5"])],
        apart=[frozenset(["P1", "P3"]), frozenset(["P6", "P7", "P8"])],
        fixed={"P9": 2},
        allowed={"P10": frozenset([0]), "P1": frozenset([0, 1])},
        never_alone=[("ethnicity", "2"), ("ethnicity", "3")],
    )
    plan = seat(guests, FEATURES, table_size=8, rounds=3, rules=rules, seed=1, proposals=100_000)
    for tables in plan.rounds:
        at = {identity: number for number, table in enumerate(tables) for identity in table}
        assert at["P1"] == at["P2"] in (0, 1)
        assert at["P3"] == at["P4"] == at["P5"] != at["P1"]
        assert len({at["P6"], at["P7"], at["P8"]}) == 3
        assert (at["P9"], at["P10"]) == (2, 0)
    assert score(plan, guests, FEATURES, rules).lone == 0


def test_rules_that_contradict_each_other_are_refused() -> None:
    rules = Rules(together=[frozenset(["P1", "P2"])], apart=[frozenset(["P1", "P2"])])
    with pytest.raises(InputFaults, match="can't all be kept"):
        seat(_guests(16), FEATURES, table_size=8, rounds=1, rules=rules, seed=1)


def test_unknown_people_tables_and_values_are_all_named() -> None:
    rules = Rules(fixed={"nobody": 9}, never_alone=[("age", "ancient")])
    with pytest.raises(InputFaults) as refusal:
        seat(_guests(16), FEATURES, table_size=8, rounds=1, rules=rules, seed=1)
    codes = {fault.code for fault in refusal.value.faults}
    assert codes == {"unknown_id", "unknown_table", "nobody_with_value"}


@pytest.mark.parametrize("people", range(1, 60))
def test_table_sizes_differ_by_at_most_one(people: int) -> None:
    sizes = table_sizes(people, 8)
    assert sum(sizes) == people
    assert max(sizes) - min(sizes) <= 1
