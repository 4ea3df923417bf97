"""The command line: names, JSON keys and exit codes that other programs rely on."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sortition.cli.main import main

SOLVE_KEYS = {
    "algorithm", "exact", "size", "pool", "types", "levels", "min_probability", "upper_bound",
    "gap", "gini", "geometric_mean", "panels", "uncoverable", "seconds",
    "gini_of_reachable", "geometric_mean_of_reachable", "without_chance",
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    arguments = ["--size", "80", "--panel", "10", "--features", "3", "--seed", "1"]
    assert main(["sample-pool", *arguments, "--out", str(tmp_path / "in")]) == 0
    capsys.readouterr()
    folder = tmp_path / "in"
    given = ["--targets", str(folder / "targets.csv"), "--people", str(folder / "people.csv")]
    return [*given, "--size", "10", "--address-columns", "address,postcode"]


def _json(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> dict[str, object]:
    assert main([*arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_check_says_that_panels_exist(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _json(capsys, ["check", *files])["feasible"] is True


def test_solve_prints_and_saves(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _json(capsys, ["solve", *files, "--out", str(tmp_path / "out")])
    assert set(found) >= SOLVE_KEYS
    assert found["exact"] is True
    rows = _rows(tmp_path / "out" / "probabilities.csv")
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(10)
    assert min(float(row["probability"]) for row in rows) == pytest.approx(found["min_probability"])
    saved = json.loads((tmp_path / "out" / "distribution.json").read_text())
    assert sum(panel["weight"] for panel in saved["panels"]) == saved["total_weight"]


def test_a_bundle_is_made_drawn_once_and_verified(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(tmp_path / "bundle")
    made = _json(capsys, ["lottery", *files, "--panels", "100", "--out", bundle])
    assert {"min_probability", "max_type_deviation", "commitment"} <= set(made)
    assert made["min_probability"] == made["most_possible"] <= made["upper_bound"] + 1e-12
    assert main(["draw", bundle, "--dice", "4"]) == 2
    drawn = _json(capsys, ["draw", bundle, "--dice", "4,7"])
    assert drawn["index"] == 47
    ids = {row["id"] for row in _rows(tmp_path / "in" / "people.csv")}
    assert set(drawn["selected"]) <= ids
    assert len(_rows(tmp_path / "bundle" / "selected.csv")) == 10
    assert main(["draw", bundle, "--dice", "4,8"]) == 2
    assert main(["verify", bundle, "--commitment", str(made["commitment"])]) == 0
    (tmp_path / "bundle" / "selected.csv").write_text("id\n")
    assert main(["verify", bundle]) == 1
    assert "FAILED selected.csv" in capsys.readouterr().out


def test_a_beacon_needs_a_name_and_a_value(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(tmp_path / "bundle")
    _json(capsys, ["lottery", *files, "--panels", "7", "--out", bundle])
    assert main(["draw", bundle, "--beacon", "drand"]) == 2
    assert main(["draw", bundle, "--beacon", "drand round 9:00ff"]) == 0
    assert main(["verify", bundle]) == 0


def test_replace_and_reserves_take_the_panel(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(tmp_path / "bundle")
    _json(capsys, ["lottery", *files, "--panels", "10", "--salt", "x", "--out", bundle])
    members = _json(capsys, ["draw", bundle, "--dice", "3"])["selected"]
    assert isinstance(members, list)
    panel, gone = tmp_path / "panel.csv", tmp_path / "gone.csv"
    panel.write_text("id\n" + "\n".join(members) + "\n")
    gone.write_text("id\n" + "\n".join(sorted(members)[:2]) + "\n")
    given = [*files, "--already-selected", str(panel)]
    drawn = _json(capsys, ["replace", *given, "--dropped", str(gone)])
    assert len(drawn["selected"]) == 2
    assert not set(drawn["selected"]) & set(members)
    assert drawn["fewest"] <= 2 <= drawn["most"]
    chosen = _json(capsys, ["reserves", *given, "--count", "3", "--dropout-by", "age:16-24=0.4"])
    assert len(chosen["selected"]) == 3
    assert chosen["expected_shortfall"] <= chosen["expected_shortfall_without"]


def test_invite_and_seat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    homes = tmp_path / "homes.csv"
    homes.write_text("id,area\n" + "".join(f"h{n},{'NS'[n % 2]}\n" for n in range(60)))
    rates = tmp_path / "rates.csv"
    rates.write_text("area,rate\nN,0.1\nS,0.2\n")
    arguments = ["--size", "30", "--area-column", "area", "--rates", str(rates)]
    drawn = _json(capsys, ["invite", "--people", str(homes), *arguments])
    assert [area["invited"] for area in drawn["areas"]] == [20, 10]
    guests = tmp_path / "guests.csv"
    guests.write_text("id,age\n" + "".join(f"g{n},{'abc'[n % 3]}\n" for n in range(24)))
    rules = ["--together", "g1,g2", "--apart", "g1,g3", "--fixed", "g0=2", "--needs", "age:b=1,2"]
    plan = _json(capsys, ["seat", "--people", str(guests), "--rounds", "2", *rules])
    for tables in plan["rounds"]:
        (own,) = [table for table in tables if "g1" in table]
        assert "g2" in own
        assert "g3" not in own
        assert "g0" in tables[1]
        assert not {f"g{n}" for n in range(1, 24, 3)} & set(tables[2])


def test_bad_input_exits_2_with_every_fault(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "in" / "people.csv"
    people.write_text(people.read_text().replace("Female", "", 1).replace("Male", "Man", 1))
    assert main(["solve", *files]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 2
    assert all("row" in line and "column gender" in line for line in told)


@pytest.mark.parametrize("size", ["0", "-3", "81", "1000000"])
def test_impossible_sizes_exit_2(
    files: list[str], size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", *files, "--size", size]) == 2
    assert size in capsys.readouterr().err


def test_a_missing_file_exits_2(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *files, "--people", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_infeasible_targets_exit_3_with_the_relaxation(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(
        "feature,value,min,max\ngender,Female,0,0\ngender,Male,0,10\ngender,Other,9,9\n"
    )
    for command in (["check"], ["solve"], ["lottery", "--out", str(tmp_path / "no")]):
        assert main([*command, *files, "--targets", str(targets)]) == 3
        assert "the minimum of gender Other from 9" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_out_of_time_exits_4(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", *files, "--time-limit", "0"]) == 4
    assert "time is up" in capsys.readouterr().err


def test_an_interrupted_run_exits_4_with_the_best_result_saved(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    made = ["--size", "6000", "--panel", "120", "--features", "8", "--seed", "1"]
    assert main(["sample-pool", *made, "--out", str(folder)]) == 0
    files = ["--targets", str(folder / "targets.csv"), "--people", str(folder / "people.csv")]
    options = ["--size", "120", "--time-limit", "1", "--out", str(tmp_path / "out"), "--json"]
    told = subprocess.run(
        [sys.executable, "-m", "sortition", "solve", *files, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert told.returncode == 4, told.stderr
    found = json.loads(told.stdout)
    assert not found["exact"]
    assert found["panels"] > 0
    assert found["min_probability"] + found["gap"] == pytest.approx(found["upper_bound"])
    assert (tmp_path / "out" / "distribution.json").exists()


@pytest.mark.parametrize(
    "options", [["--seed", "-1"], ["--seed", "x"], ["--time-limit", "nan"], ["--time-limit", "-1"]]
)
def test_options_out_of_range_exit_2(files: list[str], options: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(["solve", *files, *options])
    assert refusal.value.code == 2


def test_people_already_selected_whom_nobody_knows_are_named(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    selected = tmp_path / "selected.csv"
    selected.write_text("id\nstranger\n")
    assert main(["replace", *files, "--already-selected", str(selected)]) == 2
    assert "already-selected: There is nobody with the id stranger." in capsys.readouterr().err


@pytest.mark.parametrize("key", ["{", "[]", '{"ids": {"a": "b"}}'])
def test_a_bundle_is_not_drawn_with_a_broken_or_foreign_key(
    files: list[str], tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle"
    _json(capsys, ["lottery", *files, "--panels", "10", "--out", str(bundle)])
    (tmp_path / "bundle.private.json").write_text(key)
    assert main(["draw", str(bundle), "--dice", "3"]) == 2
    assert "key" in capsys.readouterr().err
    assert not (bundle / "draw.json").exists()


def test_a_drawn_bundle_is_never_written_over(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(tmp_path / "bundle")
    for _ in range(2):
        made = _json(capsys, ["lottery", *files, "--panels", "10", "--out", bundle])
    assert main(["draw", bundle, "--dice", "3"]) == 0
    assert main(["lottery", *files, "--panels", "10", "--out", bundle]) == 2
    assert main(["verify", bundle, "--commitment", str(made["commitment"])]) == 0


def test_results_do_not_depend_on_the_order_of_hashes(files: list[str], tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [
                sys.executable,
                "-m",
                "sortition",
                "lottery",
                *files,
                "--panels",
                "50",
                "--salt",
                "a test's",
                "--out",
                str(folder),
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
        )
        written.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--table-size", "0"], "0 seats"),
        (["--needs", "age:ancient=1"], "age ancient"),
        (["--needs", "age:ancient"], "age:ancient"),
        (["--fixed", "p0=99"], "no table 99"),
        (["--features", "shoes"], "shoes"),
    ],
)
def test_seating_options_that_make_no_sense_exit_2(
    files: list[str], options: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seat", "--people", files[3], *options]) == 2
    assert named in capsys.readouterr().err
