"""Time the solver on public and realistic pools, beside the peer's library where it is installed.

`python -m benchmarks.sortition [--quick] [--peer PYTHON]`; benchmarks/peers_sortition.sh makes an
environment for PYTHON (or set the variable PEER). Every row runs in a process of its own, so that
peak memory is its own.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sortition import api, verify
from sortition.lottery_making.relaxation import relaxed_leximin
from sortition.pool import Pool, read_people
from sortition.sample import SamplePool, sample_pool
from sortition.targets import Targets, read_targets

POOLS = Path(__file__).parents[1] / ".." / "shared" / "data" / "pools"
PEER_SECONDS = 240
TIGHT = "tight"


@dataclass(frozen=True)
class Row:
    """One line of the table: what is asked of which pool, and the wall seconds aimed at.

    The pool "tight" is generated too, and its targets are exactly what one panel of it holds.
    """

    name: str
    question: str
    pool: str
    size: int
    features: int
    panel: int
    households: bool
    target: float


ROWS = (
    Row("example_small_20", "leximin", "example_small_20", 200, 2, 20, False, 0.1),
    Row("example_large_200", "leximin", "example_large_200", 2000, 2, 200, False, 0.3),
    Row("fixture_150_22", "leximin", "fixture_150_22", 150, 4, 22, False, 0.5),
    Row("tight 100", "leximin", TIGHT, 100, 8, 15, False, 12),
    Row("tight 300", "leximin", TIGHT, 300, 8, 25, False, 4),
    Row("tight 400", "leximin", TIGHT, 400, 8, 40, False, 4),
    Row("tight 400", "lottery", TIGHT, 400, 8, 40, False, 15),
    Row("tight 600", "leximin", TIGHT, 600, 8, 40, False, 6),
    Row("tight 600", "lottery", TIGHT, 600, 8, 40, False, 15),
    Row("realistic 1,000", "leximin", "", 1000, 6, 50, False, 0.8),
    Row("realistic 1,000, households", "leximin", "", 1000, 6, 50, True, 5),
    Row("realistic 1,000, households", "lottery", "", 1000, 6, 50, True, 5),
    Row("realistic 10,000", "bound", "", 10_000, 8, 150, False, 2),
    Row("realistic 10,000", "leximin", "", 10_000, 8, 150, False, 5),
    Row("realistic 50,000", "bound", "", 50_000, 8, 200, True, 14),
    Row("realistic 50,000", "lottery", "", 50_000, 8, 200, True, 8),
)


def _inputs(row: Row) -> tuple[Pool, Targets]:
    if row.pool not in ("", TIGHT):
        folder = POOLS / row.pool
        targets = read_targets(
            next(p for p in _csvs(folder) if p.stem in ("features", "categories"))
        )
        people = next(p for p in _csvs(folder) if p.stem in ("candidates", "respondents"))
        return read_people(people, targets), targets
    made = sample_pool(size=row.size, panel=row.panel, features=row.features, seed=1)
    targets = read_targets(_tight(made, row.panel) if row.pool == TIGHT else made.targets)
    columns = ("address", "postcode") if row.households else ()
    return read_people(made.people, targets, address_columns=columns), targets


def _tight(made: SamplePool, panel: int) -> list[dict[str, object]]:
    drawn = random.Random(1).sample(made.people, panel)
    held = Counter((name, person[name]) for person in drawn for name in person)
    return [
        {**row, "min": count, "max": count}
        for row in made.targets
        for count in [held[row["feature"], row["value"]]]
    ]


def _csvs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _leximin(pool: Pool, targets: Targets, row: Row) -> dict[str, float]:
    found = api.solve(pool, targets, row.panel, seed=1)
    return {"min": found.min_probability, "gap": found.gap, "gini": found.spread()[0]}


def _lottery(pool: Pool, targets: Targets, row: Row) -> dict[str, float]:
    made = api.make_lottery(pool, targets, row.panel, panels=1000, seed=1)
    least = float(made.min_probability)
    return {"min": least, "gap": max(0.0, int(1000 * made.upper_bound) / 1000 - least)}


def _bound(pool: Pool, targets: Targets, row: Row) -> dict[str, float]:
    model = api.model_of(pool, targets, row.panel)
    relaxed = relaxed_leximin(model)
    assert relaxed is not None
    return {"min": float(relaxed.chances.min()), "gap": 0.0}


QUESTIONS: dict[str, Callable[[Pool, Targets, Row], dict[str, float]]] = {
    "leximin": _leximin,
    "lottery": _lottery,
    "bound": _bound,
}


def run_row(number: int) -> dict[str, float]:
    """Answer one row in this process and measure it, reading the pool not counted."""
    import highspy  # noqa: F401  (loading the solver is not what is measured)

    row = ROWS[number]
    pool, targets = _inputs(row)
    wall, processor = time.perf_counter(), time.process_time()
    answer = QUESTIONS[row.question](pool, targets, row)
    answer["wall"] = time.perf_counter() - wall
    answer["cpu"] = time.process_time() - processor
    answer["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer


def peer_row(row: Row, python: str) -> str:
    """The peer's maximin on the same files: CPU seconds and minimum, or why there is none."""
    pool, targets = _inputs(row)
    with tempfile.TemporaryDirectory() as folder:
        header = ["feature", "value", "min", "max"]
        rows = [[t.feature, t.value, t.minimum, t.maximum] for t in targets]
        Path(folder, "features.csv").write_text(verify.csv_text(header, rows))
        people = [[person.id, *person.values] for person in pool]
        text = verify.csv_text(["id", *targets.features], people)
        Path(folder, "people.csv").write_text(text)
        script = str(Path(__file__).with_name("peer_sortition.py"))
        command = [python, script, folder, str(row.panel)]
        try:
            told = subprocess.run(command, capture_output=True, text=True, timeout=PEER_SECONDS)
        except subprocess.TimeoutExpired:
            return f"> {PEER_SECONDS} s"
    return told.stdout.splitlines()[-1] if told.returncode == 0 else "failed"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sortition")
    parser.add_argument("--quick", action="store_true", help="leave out 10,000 people and more")
    parser.add_argument("--peer", default=os.environ.get("PEER"), help="the peer's Python")
    parser.add_argument("--row", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row is not None:
        print(json.dumps(run_row(options.row)))
        return
    print(f"{'pool':29}{'question':10}{'aim s':>6}{'wall s':>8}{'cpu s':>8}{'MB':>6}", end="")
    print(f"{'min':>12}{'gap':>9}  peer (maximin)")
    for number, row in enumerate(ROWS):
        if (options.quick and row.size > 2000) or (
            row.pool not in ("", TIGHT) and not POOLS.exists()
        ):
            continue
        command = [sys.executable, "-m", "benchmarks.sortition", "--row", str(number)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        asked = options.peer and row.question == "leximin" and not row.households
        peer = peer_row(row, options.peer) if asked else ""
        print(
            f"{row.name:29}{row.question:10}{row.target:6.1f}{found['wall']:8.2f}"
            f"{found['cpu']:8.2f}{found['megabytes']:6.0f}{found['min']:12.8f}"
            f"{found['gap']:9.1e}  {peer}",
            flush=True,
        )


if __name__ == "__main__":
    main()
