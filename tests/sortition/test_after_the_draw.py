"""What follows a draw: replacements, reserves, the report, and what came before it: invitations."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import pytest

from sortition.api import make_lottery, solve
from sortition.dropouts import (
    DropoutChances,
    choose_reserves,
    draw_replacements,
    mean_shortfall,
    plan_of,
    replacement_range,
)
from sortition.faults import InputFaults
from sortition.feasibility import Infeasible
from sortition.invitations import Entry, draw_invitations, read_list
from sortition.lotteries import Lottery, chances_by_value
from sortition.panel_model import value_counts
from sortition.pool import Person
from sortition.progress import Progress, Stopped
from tests.sortition.brute_force import valid_panels
from tests.sortition.pools import Case, case_of, sample_case


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case(100, 10, 3)


@pytest.fixture(scope="module")
def lottery(case: Case) -> Lottery:
    return make_lottery(case.pool, case.targets, case.size, panels=10)


def _people(case: Case, ids: Sequence[str]) -> list[Person]:
    return [case.pool.by_id[identity] for identity in ids]


def test_replacements_restore_every_target(case: Case, lottery: Lottery) -> None:
    restored = 0
    for panel in lottery.panels:
        gone, staying = panel[:3], _people(case, panel[3:])
        pool = case.pool.without_ids(gone)
        numbers = replacement_range(pool, case.targets, staying)
        if numbers.fewest is None or numbers.most is None:
            with pytest.raises(Infeasible):
                draw_replacements(pool, case.targets, case.size, staying=staying, seed=1)
            continue
        assert numbers.fewest <= 3 <= numbers.most
        drawn = draw_replacements(pool, case.targets, case.size, staying=staying, seed=1)
        assert drawn.numbers == numbers
        after = [*panel[3:], *drawn.selected]
        held = value_counts(_people(case, after), case.targets.features)
        assert all(t.minimum <= held[t.feature, t.value] <= t.maximum for t in case.targets)
        assert not set(drawn.selected) & set(panel)
        homes = [person.address for person in _people(case, after)]
        assert len(set(homes)) == case.size
        restored += 1
    assert restored >= 4


def test_the_range_of_replacements_is_that_of_brute_force() -> None:
    chance = random.Random(3)
    for _ in range(20):
        people = [(chance.choice("ab"), chance.choice("xy")) for _ in range(8)]
        targets = [(f, v, 1, 3) for f, v in (("f0", "a"), ("f0", "b"), ("f1", "x"), ("f1", "y"))]
        case = case_of(people, targets, 4)
        staying = [case.pool.people[0]]
        found = replacement_range(case.pool, case.targets, staying)
        sizes = [n - 1 for n in range(1, 9) if _holds_first(case, n)]
        expected = (min(sizes), max(sizes)) if sizes else (None, None)
        assert (found.fewest, found.most) == expected


def _holds_first(case: Case, size: int) -> bool:
    return any(0 in panel for panel in valid_panels(case.pool, case.targets, size))


def test_replacements_that_no_one_can_give_are_refused() -> None:
    case = case_of([("a",), ("b",)], [("f0", "a", 1, 1), ("f0", "b", 1, 1)], 2)
    staying, gone = [case.pool.people[0]], ["1"]
    with pytest.raises(Infeasible):
        draw_replacements(case.pool.without_ids(gone), case.targets, 2, staying=staying, seed=1)
    with pytest.raises(InputFaults):
        draw_replacements(case.pool, case.targets, 1, staying=staying, seed=1)


def test_the_best_reserves_are_found() -> None:
    """The only person of a value is likely to drop out: a reserve with that value is worth most."""
    people = [("a",), ("b",), ("b",), ("b",), ("a",)]
    case = case_of(people, [("f0", "a", 1, 1), ("f0", "b", 2, 2)], 3)
    panel = _people(case, ["0", "1", "2"])
    chances = DropoutChances(0.1, {("f0", "a"): 0.9})
    chosen = choose_reserves(case.pool, case.targets, panel, 1, chances=chances, seed=1)
    assert chosen.selected == ("4",)
    assert chosen.with_reserves < chosen.without


def test_reserves_beat_reserves_chosen_blindly(case: Case, lottery: Lottery) -> None:
    panel = _people(case, lottery.panels[0])
    chosen = choose_reserves(case.pool, case.targets, panel, 4, chances=DropoutChances(0.2), seed=1)
    homes = {person.address for person in panel}
    assert len(set(chosen.selected)) == 4
    assert not homes & {person.address for person in _people(case, chosen.selected)}
    assert chosen.with_reserves < 0.6 * chosen.without


def _least_missing(case: Case, staying: Sequence[Person], reserves: Sequence[Person]) -> int:
    """How many are missing or too many, once the best of the reserves have come in: by listing."""
    size = case.size

    def missing(people: Sequence[Person]) -> int:
        held = value_counts(people, case.targets.features)
        off = [
            max(0, t.minimum - held[t.feature, t.value], held[t.feature, t.value] - t.maximum)
            for t in case.targets
        ]
        return sum(off) + size - len(people)

    groups = (g for k in range(len(reserves) + 1) for g in combinations(reserves, k))
    return min(missing([*staying, *g]) for g in groups if len(staying) + len(g) <= size)


def _expected(case: Case, panel: Sequence[Person], ids: Sequence[str], share: float) -> float:
    """The expected shortfall with these reserves, over every group of members who may leave."""
    reserves, total = _people(case, ids), 0.0
    for gone in range(len(panel) + 1):
        weight = share**gone * (1 - share) ** (len(panel) - gone)
        for stay in combinations(panel, len(panel) - gone):
            total += weight * _least_missing(case, stay, reserves)
    return total


@pytest.mark.parametrize("seed", range(6))
def test_planned_reserves_are_nearly_the_best_of_all_by_brute_force(seed: int) -> None:
    chance = random.Random(seed)
    people = [(chance.choice("abc"), chance.choice("xy")) for _ in range(11)]
    panel_values = value_counts((Person(str(i), v) for i, v in enumerate(people[:4])), ("f0", "f1"))
    rows = [(*pair, max(0, n - 1), n) for pair, n in sorted(panel_values.items())]
    rows += [
        (f, v, 0, 1)
        for f, values in (("f0", "abc"), ("f1", "xy"))
        for v in values
        if (f, v) not in panel_values
    ]
    case = case_of(people, rows, 4)
    panel, rest = case.pool.people[:4], [one.id for one in case.pool.people[4:]]
    every = {ids: _expected(case, panel, ids, 0.3) for ids in combinations(rest, 2)}
    chosen = choose_reserves(case.pool, case.targets, panel, 2, chances=DropoutChances(0.3), seed=1)
    assert every[tuple(sorted(chosen.selected, key=rest.index))] <= min(every.values()) + 0.2
    fits, wanted = plan_of(case.pool.beside(panel), chosen.selected, case.targets)
    alike = [
        ids
        for ids in every
        if value_counts(_people(case, ids), case.targets.features)
        == value_counts(_people(case, chosen.selected), case.targets.features)
    ]
    lists = make_lottery(fits, wanted, 2, panels=50, seed=seed).panels
    assert {tuple(sorted(ids, key=rest.index)) for ids in lists} <= set(alike)
    without, with_them = mean_shortfall(
        case.pool, case.targets, panel, lists * 8, chances=DropoutChances(0.3), seed=seed
    )
    assert without == pytest.approx(_expected(case, panel, (), 0.3), abs=0.4)
    mean = sum(_expected(case, panel, ids, 0.3) for ids in lists) / len(lists)
    assert with_them == pytest.approx(mean, abs=0.4)


def test_dropout_chances_multiply_relative_to_the_default() -> None:
    chances = DropoutChances(0.1, {("f0", "a"): 0.2, ("f1", "x"): 0.3})
    features = ("f0", "f1")
    assert chances.of(Person("1", ("b", "y")), features) == pytest.approx(0.1)
    assert chances.of(Person("1", ("a", "y")), features) == pytest.approx(0.2)
    assert chances.of(Person("1", ("a", "x")), features) == pytest.approx(1 - 0.8 * 0.7 / 0.9)


def test_chances_by_value_add_up(case: Case) -> None:
    found = solve(case.pool, case.targets, case.size)
    for feature in case.targets.features:
        rows = [row for row in chances_by_value(found) if row.feature == feature]
        assert sum(row.expected_seats for row in rows) == pytest.approx(case.size)
        assert all(row.minimum - 1e-6 <= row.expected_seats <= row.maximum + 1e-6 for row in rows)
        assert min(row.smallest_chance for row in rows) == pytest.approx(found.min_probability)


def test_invitations_follow_households_over_response_rates() -> None:
    entries = [Entry(f"n{at}", "N", f"n{at}") for at in range(300)]
    entries += [Entry(f"s{at}", "S", f"s{at}") for at in range(100)]
    invited, plans = draw_invitations(entries, 100, response_rates={"N": 0.1, "S": 0.05}, seed=1)
    assert {plan.area: plan.invited for plan in plans} == {"N": 60, "S": 40}
    assert [plan.expected for plan in plans] == pytest.approx([6, 2])
    assert len(set(invited)) == 100


def test_one_invitation_a_household_and_everyone_is_as_likely() -> None:
    rows = [{"id": str(at), "home": str(at // 2), "area": "N"} for at in range(20)]
    entries = read_list(rows, id_column="id", area_column="area", household_columns=("home",))
    seen: Counter[str] = Counter()
    for seed in range(400):
        invited, _plans = draw_invitations(entries, 5, response_rates={}, seed=seed)
        assert len({int(identity) // 2 for identity in invited}) == 5
        seen.update(invited)
    assert all(60 <= seen[str(at)] <= 140 for at in range(20))


def test_an_area_that_runs_out_passes_its_invitations_on() -> None:
    entries = [Entry(f"{area}{at}", area, f"{area}{at}") for area in "AB" for at in range(10)]
    _invited, plans = draw_invitations(entries, 16, response_rates={"A": 0.9, "B": 0.01}, seed=1)
    assert {plan.area: plan.invited for plan in plans} == {"A": 6, "B": 10}


def test_a_bad_list_is_refused_with_every_fault() -> None:
    rows = [{"id": "1", "area": ""}, {"id": "1", "area": "N"}, {"id": "", "area": "N"}]
    with pytest.raises(InputFaults) as refusal:
        read_list(rows, id_column="id", area_column="area")
    assert len(refusal.value.faults) == 4
    with pytest.raises(InputFaults):
        draw_invitations([Entry("1", "", "1")], 2, response_rates={"X": 2.0}, seed=1)


def test_a_run_reports_its_progress_and_stops_when_told(case: Case) -> None:
    steps: list[Progress] = []
    solve(case.pool, case.targets, case.size, progress=steps.append)
    assert {"levels", "panels"} <= {step.stage for step in steps}
    assert all(0 <= step.done <= 1 for step in steps)
    for allowed in range(0, len(steps), max(1, len(steps) // 12)):
        calls = iter(range(allowed))
        with pytest.raises(Stopped) as stopped:
            solve(
                case.pool,
                case.targets,
                case.size,
                cancelled=lambda calls=calls: next(calls, None) is None,
            )
        assert stopped.value.reason == "cancelled"
        best = stopped.value.best
        if best is not None:
            assert not best.exact
            assert all(best.model.is_valid(panel) for panel in best.panels)
            assert best.min_probability <= best.upper_bound + 1e-9
