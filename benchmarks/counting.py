"""Count the real elections beside pabutools and the largest made-up ones: `make bench-counting`.

Every measurement is processor time in a process of its own, so a busy machine blurs no ratio.
`--plain` also times pabutools with one object a voter, for at most a minute a file.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.counting_oracles import DATA, HERE, make_environment

LIMIT = 60

MADE = [
    ("a ward: 2,000 voters, 8 projects, whole count", "ward", "<= 0.010 s"),
    ("the same ward, by how much its losers missed", "ward_margins", "<= 2 s"),
    ("closing a ballot, both rules, ten made-up ones", "closing", "< 200 ms"),
    ("a city: 90,000 voters, 160 projects, read + a pass", "city", "<= 1.5 s, <= 150 MB"),
    ("the same city, read + add1", "city_add1", "<= 3 s"),
    ("hardest ward: 13,000 voters, 10 of 98, add1", "hard_ward", "<= 3 s"),
    ("Independent Markets: 10,000 ballots, 10 lines", "sliders", "<= 0.1 s"),
]


def run(command: list[str], limit: int | None = None, **variables: str) -> dict[str, Any] | None:
    """Run a measurement in a process of its own; None where it passed the limit (seconds)."""
    environment = {**os.environ, **variables}
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=limit, env=environment
        )
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout or "{}")


def ours(path: Path) -> dict[str, Any]:
    module = [sys.executable, "-m", "benchmarks.counting_ours"]
    return run([*module, str(path)]) or {}


def peer(python: Path, path: Path, *options: str) -> dict[str, Any] | None:
    script = [str(python), str(HERE / "counting_peer.py"), str(path), *options]
    return run(script, LIMIT if options else None, PYTHONPATH=str(HERE))


def compare(python: Path, plain: bool) -> None:
    """Print time and memory side by side for every real election, then medians and totals."""
    print("MES + add1 until overspend, processor seconds; pabutools 1.2.3, equal ballots merged")
    print(f"{'election':34} voters proj. papers {'ours':>9} {'explained':>9} {'peer':>9}", end="")
    print(f" {'ratio':>7} {'MB':>4} {'peer':>5}" + (f" {'plain ratio':>11}" if plain else ""))
    rows = []
    for path in sorted(DATA.glob("*.pb")):
        mine, theirs = ours(path), peer(python, path)
        if theirs is None or mine["winners"] != theirs["winners"]:
            raise SystemExit(f"{path.stem}: the winners differ")
        row = {"mine": mine, "ratio": theirs["seconds"] / mine["seconds"], "theirs": theirs}
        name = path.stem.split("_", 1)[1][:34]
        print(
            f"{name:34} {mine['voters']:6} {mine['projects']:5} {mine['classes']:6}"
            f" {mine['seconds']:9.4f} {mine['explained']:9.4f} {theirs['seconds']:9.4f}"
            f" {row['ratio']:7.1f} {mine['megabytes']:4.0f} {theirs['megabytes']:5.0f}",
            end="",
        )
        if plain:
            slow = peer(python, path, "--plain")
            row["plain"] = (slow["seconds"] if slow else LIMIT) / mine["seconds"]
            print(f" {'' if slow else '>='}{row['plain']:11.1f}", end="")
        print(flush=True)
        rows.append(row)
    summary(rows, plain)


def summary(rows: list[dict[str, Any]], plain: bool) -> None:
    total = sum(row["theirs"]["seconds"] for row in rows)
    counted = sum(row["mine"]["seconds"] for row in rows)
    explained = sum(row["mine"]["explained"] for row in rows)
    print(f"{len(rows)} elections, same winners in the same order in all")
    print(f"ratio, merged: median {statistics.median(row['ratio'] for row in rows):.1f}x", end="")
    print(f", of the totals {total / counted:.1f}x ({total:.1f} s to {counted:.2f} s); >= 20x")
    print(f"with all explanations: of the totals {total / explained:.1f}x")
    if plain:
        median = statistics.median(row["plain"] for row in rows)
        print(f"ratio, one object a voter: median {median:.1f}x; >= 100x")


def made() -> None:
    """Print the made-up elections beside their targets."""
    module = [sys.executable, "-m", "benchmarks.counting_made"]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "city.pb")
        run([*module, "write_city", path])
        for title, case, target in MADE:
            arguments = [path] if case.startswith("city") else []
            found = run([*module, case, *arguments]) or {}
            told = ", ".join(f"{name} {value}" for name, value in found.items())
            print(f"{title:52} {told} (target {target})", flush=True)


def main() -> None:
    made()
    if not DATA.is_dir():
        raise SystemExit("the real elections lie outside the project; only made-up ones counted")
    python = make_environment(Path(tempfile.gettempdir()) / "panel-app-oracles")
    compare(python, "--plain" in sys.argv)


if __name__ == "__main__":
    main()
