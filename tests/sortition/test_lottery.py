"""The uniform lottery reaches its bound, and a bundle shows every tampering."""

import json
import random
import subprocess
import sys
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import verify
from sortition.api import make_lottery, solve
from sortition.bundle import Bundle, draw_with_beacon, draw_with_dice, seal
from sortition.lotteries import Lottery
from sortition.pool import read_people
from sortition.sample import sample_pool
from sortition.targets import read_targets
from tests.sortition.brute_force import most_seats_for_everyone, valid_panels
from tests.sortition.pools import case_of, sample_case, slack_case, tight_case, tight_pool

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lottery() -> Lottery:
    case = sample_case(150, 15, 4)
    return make_lottery(case.pool, case.targets, case.size, panels=100, seed=2)


@pytest.fixture(scope="module")
def bundle(lottery: Lottery) -> Bundle:
    return seal(lottery, salt="a test's salt", randomness="two ten-sided dice")


def test_the_smallest_chance_is_the_best_a_uniform_lottery_can_give(lottery: Lottery) -> None:
    case = sample_case(150, 15, 4)
    best = solve(case.pool, case.targets, case.size).min_probability
    assert lottery.min_probability == Fraction(floor(100 * best + 1e-6), 100)
    assert lottery.max_type_deviation <= 1 / 100 + 1e-9


def test_every_panel_is_valid_and_every_person_counted(lottery: Lottery) -> None:
    case = sample_case(150, 15, 4)
    for panel in lottery.panels:
        people = [case.pool.by_id[identity] for identity in panel]
        homes = [person.address for person in people]
        assert len(set(panel)) == case.size == len(set(homes))
        for target in case.targets:
            at = case.targets.features.index(target.feature)
            held = sum(person.values[at] == target.value for person in people)
            assert target.minimum <= held <= target.maximum
    assert set(lottery.appearances) <= lottery.ids


@pytest.mark.parametrize("seed", [32, 42, 200, 449])
@pytest.mark.parametrize("households", [False, True])
def test_a_lottery_reaches_its_bound_where_the_relaxation_is_out_of_reach(
    seed: int, households: bool
) -> None:
    case = slack_case(seed, households=households)
    made = make_lottery(case.pool, case.targets, case.size, panels=100)
    best = solve(case.pool, case.targets, case.size).min_probability
    assert made.min_probability == Fraction(floor(100 * best + 1e-6), 100)
    assert not [check for check in verify.verify_files(seal(made).files) if not check.ok]


@pytest.mark.parametrize("panels", [100, 1000])
def test_a_lottery_reaches_its_bound_where_its_seats_cannot_be_split(panels: int) -> None:
    """Rounding left this pool's smallest chance a panel short of the bound in a hundred."""
    made = sample_pool(size=150, panel=20, features=6, seed=3)
    targets = read_targets(made.targets)
    lottery = make_lottery(read_people(made.people, targets), targets, 20, panels=panels, seed=3)
    assert lottery.min_probability == lottery.most_possible
    assert lottery.min_probability >= Fraction(6, 100)


@pytest.mark.parametrize("seed", range(3))
def test_every_type_of_a_tight_pool_has_its_share_to_within_a_seat(seed: int) -> None:
    case = tight_pool(60, 10, 5, seed=seed)
    made = make_lottery(case.pool, case.targets, case.size, panels=1000, seed=seed)
    best = solve(case.pool, case.targets, case.size, seed=seed)
    for kind, chance in zip(best.model.types, best.type_chances, strict=True):
        seats = sum(made.appearances[identity] for identity in kind.members)
        assert abs(seats - 1000 * len(kind.members) * chance) < 1


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6), households=st.booleans(), panels=st.sampled_from([2, 5, 7, 13, 100])
)
def test_no_uniform_lottery_gives_everyone_more(seed: int, households: bool, panels: int) -> None:
    """An integer program over every valid panel finds no better smallest number of seats."""
    for make in (slack_case, tight_case):
        case = make(seed, households=households)
        valid = valid_panels(case.pool, case.targets, case.size)
        if valid:
            made = make_lottery(case.pool, case.targets, case.size, panels=panels, seed=seed)
            most = most_seats_for_everyone(valid, len(case.pool), panels)
            assert made.min_probability == Fraction(most, panels)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_seats_inside_a_type_are_even_to_within_one(seed: int) -> None:
    """In households too, where a panel's seats of a class go to different addresses."""
    chance = random.Random(seed)
    homes = chance.randint(2, 6)
    people = [(value,) for _ in range(homes) for value in "aab"]
    addresses = [str(at // 3) for at in range(len(people))]
    size = chance.randint(1, homes)
    case = case_of(people, [("f0", v, 0, size) for v in "ab"], size, addresses)
    made = make_lottery(case.pool, case.targets, size, panels=chance.randint(1, 40))
    for kind in made.model.types:
        seats = [made.appearances[identity] for identity in kind.members]
        assert max(seats) - min(seats) <= 1


def test_seats_inside_a_type_are_dealt_in_turn() -> None:
    people = [("a",)] * 5 + [("b",)] * 3
    case = case_of(people, [("f0", "a", 1, 2), ("f0", "b", 1, 2)], 3, list("uvwxyuvw"))
    made = make_lottery(case.pool, case.targets, case.size, panels=60)
    for kind in made.model.types:
        seats = [made.appearances[identity] for identity in kind.members]
        assert max(seats) - min(seats) <= 1


def test_an_untouched_bundle_passes_and_proves_its_bound(bundle: Bundle) -> None:
    checks = verify.verify_files(bundle.files, bundle.commitment)
    assert all(check.ok for check in checks)
    bounds = verify.certificate_bounds(bundle.files)
    least = Fraction(json.loads(bundle.files["certificate.json"])["min_probability"])
    assert least == Fraction(floor(100 * bounds[0]), 100)


@pytest.mark.parametrize("method", ["nash", "legacy"])
def test_a_bundle_made_by_a_method_that_is_gone_still_passes(method: str) -> None:
    """Sealed and drawn by the release before, which knew these methods."""
    folder = Path(__file__).with_name("older_bundles") / method
    assert json.loads((folder / "settings.json").read_text())["algorithm"] == method
    checks = verify.verify_directory(folder)
    assert [check.message for check in checks if not check.ok] == []
    assert {"certificate", "chances", "draw.json", "selected.csv"} <= {c.name for c in checks}


def test_another_bundle_than_the_published_one_is_refused(bundle: Bundle) -> None:
    failed = [c.name for c in verify.verify_files(bundle.files, "0" * 64) if not c.ok]
    assert failed == ["published"]


def _drawn(bundle: Bundle) -> dict[str, str]:
    return {**bundle.files, **draw_with_dice(bundle.files, "4,7", bundle.key).files}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_tampering_with_any_byte_is_found_and_named(bundle: Bundle, data: st.DataObject) -> None:
    files = _drawn(bundle)
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name].encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = (content[at] + data.draw(st.integers(1, 255))) % 256
    folder = {**{other: text.encode() for other, text in files.items()}, name: bytes(content)}
    checks = verify.verify_bytes(folder)
    assert name in [check.name for check in checks if not check.ok]


def test_a_missing_or_foreign_file_is_named(bundle: Bundle) -> None:
    without = {name: text for name, text in bundle.files.items() if name != "pool.csv"}
    assert [c.name for c in verify.verify_files(without)] == ["pool.csv"]
    more = {**bundle.files, "notes.txt": "x"}
    assert [c.name for c in verify.verify_files(more) if not c.ok] == ["notes.txt"]


def test_a_panel_that_breaks_a_target_is_named_even_if_committed_to(bundle: Bundle) -> None:
    header, first, *rest = bundle.files["portfolio.csv"].splitlines(keepends=True)
    cells = first.strip().split(",")
    cells[2] = cells[1]
    files = {**bundle.files, "portfolio.csv": "".join([header, ",".join(cells) + "\n", *rest])}
    files[verify.COMMITMENT] = verify.canonical_json(verify.commitment_of(files))
    failed = [check for check in verify.verify_files(files) if not check.ok]
    assert [check.name for check in failed] == ["panels"]
    assert "Panel 0 is not valid" in failed[0].message


def test_the_verifier_runs_without_packages(bundle: Bundle, tmp_path: Path) -> None:
    bundle.write(tmp_path / "draw")
    for script in ("sortition/verify.py", "sortition verify"):
        path, *arguments = script.split()
        command = [sys.executable, "-S", "-I", str(ROOT / path), *arguments]
        told = subprocess.run([*command, str(tmp_path / "draw")], capture_output=True, check=False)
        assert told.returncode == 0, told.stderr
    (tmp_path / "draw" / "targets.csv").write_text("feature,value,min,max\n")
    told = subprocess.run([*command, str(tmp_path / "draw")], capture_output=True, check=False)
    assert told.returncode == 1
    assert b"FAILED targets.csv" in told.stdout


def test_the_key_stays_beside_the_bundle(bundle: Bundle, tmp_path: Path) -> None:
    bundle.write(tmp_path / "draw")
    assert sorted(path.name for path in (tmp_path / "draw").iterdir()) == sorted(bundle.files)
    assert (tmp_path / "draw.private.json").stat().st_mode & 0o077 == 0
    assert not any(bundle.salt in text for text in bundle.files.values())


def test_dice_name_the_panel_with_their_number(lottery: Lottery, bundle: Bundle) -> None:
    drawn = draw_with_dice(bundle.files, "0,7", bundle.key)
    assert drawn.index == 7
    assert set(drawn.selected) == set(lottery.panels[7])


@pytest.mark.parametrize("dice", ["7", "4,0,7", "", "a,b", "٤٧"])
def test_dice_that_name_no_panel_are_refused(bundle: Bundle, dice: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        draw_with_dice(bundle.files, dice, bundle.key)


def test_a_beacon_draws_a_panel_that_depends_on_everything(bundle: Bundle) -> None:
    values = [draw_with_beacon(bundle.files, "drand", str(n), bundle.key).index for n in range(300)]
    assert all(0 <= index < 100 for index in values)
    assert len(set(values)) > 60
    assert verify.index_from_beacon("c", "a", "v", 7) != verify.index_from_beacon("c", "b", "w", 7)


def test_the_same_seed_and_salt_give_the_same_bytes(lottery: Lottery, bundle: Bundle) -> None:
    case = sample_case(150, 15, 4)
    again = make_lottery(case.pool, case.targets, case.size, panels=100, seed=2)
    assert again.panels == lottery.panels
    assert seal(again, salt="a test's salt", randomness="two ten-sided dice").files == bundle.files


def test_members_already_selected_keep_their_seats_and_addresses() -> None:
    case = sample_case(150, 15, 4)
    staying = [
        case.pool.by_id[identity]
        for identity in make_lottery(case.pool, case.targets, case.size, panels=1).panels[0]
    ][:5]
    made = make_lottery(case.pool, case.targets, 15, panels=20, already_selected=staying)
    taken = {person.address for person in staying}
    for panel in made.panels:
        assert len(panel) == 10
        assert not taken & {case.pool.by_id[identity].address for identity in panel}


@pytest.mark.parametrize(
    ("seed", "households"), [(308, False), (449, False), (566, False), (174, True), (194, True)]
)
def test_the_certificate_proves_what_the_relaxation_cannot(seed: int, households: bool) -> None:
    case = slack_case(seed, households=households)
    made = make_lottery(case.pool, case.targets, case.size, panels=100)
    files = dict(seal(made).files)
    best = solve(case.pool, case.targets, case.size).min_probability
    proven = next(bound for bound in verify.certificate_bounds(files) if bound > 0)
    assert float(proven) == pytest.approx(best, abs=1e-7)
    assert all(check.ok for check in verify.verify_files(files))


def test_a_proof_with_a_branch_left_out_proves_less() -> None:
    case = slack_case(308, households=False)
    files = dict(seal(make_lottery(case.pool, case.targets, case.size, panels=100)).files)
    certificate = json.loads(files["certificate.json"])
    level = certificate["levels"][0]
    assert {"type", "most", "below", "above"} == set(level["proof"])
    before = verify.certificate_bounds(files)[0]
    level["proof"] = level["proof"]["below"]
    files["certificate.json"] = verify.canonical_json(certificate)
    files[verify.COMMITMENT] = verify.canonical_json(verify.commitment_of(files))
    assert verify.certificate_bounds(files)[0] > before
    assert [c.name for c in verify.verify_files(files) if not c.ok] == ["certificate"]
