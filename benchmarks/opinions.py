"""Time the opinion engine on one core, its memory, and red-dwarf on the same votes.

Run as `python -m benchmarks.opinions [--without-red-dwarf]`. The first run makes red-dwarf an
environment of its own in the temporary folder. Every measurement is a process of its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
import venv
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

RED_DWARF = "red-dwarf==0.4.0"
#: people, statements, share of cells voted on, runs, target in seconds
SIZES = [
    (40, 30, 0.9, 11, 0.1),
    (250, 60, 0.6, 11, None),
    (2_000, 200, 0.3, 5, None),
    (10_000, 500, 0.2, 5, 0.35),
]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def made_up_votes(people: int, statements: int, density: float) -> tuple[Any, Any, Any]:
    """Rows, columns and values of people in four camps with tastes of their own."""
    import numpy as np

    rng = np.random.default_rng(0)
    taste = rng.normal(size=(4, statements))[rng.integers(4, size=people)]
    leaning = taste + rng.normal(size=taste.shape)
    values = np.where(leaning > 0.4, 1, np.where(leaning < -0.3, -1, 0)).astype(np.int8)
    rows, columns = np.nonzero(rng.random(values.shape) < density)
    return rows, columns, values[rows, columns]


def on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def peak_memory() -> float:
    """Most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def time_ours(people: int, statements: int, density: float, runs: int) -> dict[str, float]:
    """Median seconds of building the matrix, of a run without and with its tests."""
    import_module("scipy.linalg")  # loaded before the clock starts
    from panel_app.opinions.api import Statement, analyse, matrix_of_cells

    on_one_core()
    cells = made_up_votes(people, statements, density)
    names = [str(person) for person in range(people)]
    columns = [Statement(str(statement)) for statement in range(statements)]
    build = partial(matrix_of_cells, names, columns, *cells)
    matrix = build()
    first = analyse(matrix, measured=False)
    steps = {
        "build": build,
        "group": partial(analyse, matrix, measured=False),
        "gated": partial(analyse, matrix),
    }
    medians = {what: median([seconds(step) for _ in range(runs)]) for what, step in steps.items()}
    tracemalloc.start()
    steps["gated"]()
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    return {**medians, "votes": len(cells[0]), "k": first.k, "memory": memory}


def time_subsamples(people: int, statements: int, density: float) -> dict[str, float]:
    """Seconds that the stability of groups takes with our k-means, and with scikit-learn's.

    Both group every subsample into two to five groups, four starts each, and compare the best.
    """
    from panel_app.opinions.api import Statement, matrix_of_cells
    from panel_app.opinions.grouping import group_people
    from panel_app.opinions.stability import measure_stability, subsamples

    on_one_core()
    matrix = matrix_of_cells(
        [str(person) for person in range(people)],
        [Statement(str(statement)) for statement in range(statements)],
        *made_up_votes(people, statements, density),
    )
    grouping = group_people(matrix)
    runs = subsamples(people)
    measure_stability(matrix, grouping)
    return {
        "ours": median([seconds(partial(measure_stability, matrix, grouping)) for _ in range(3)]),
        "theirs": seconds(partial(_with_scikit_learn, grouping, runs)),
        "runs": runs,
    }


def _with_scikit_learn(grouping: Any, runs: int) -> float:
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    rng, found = np.random.default_rng(0), []
    points = grouping.projection.points[grouping.rows]
    for _ in range(runs):
        kept = rng.random(len(points)) >= 0.1
        fits = [KMeans(k, n_init=4, random_state=0).fit_predict(points[kept]) for k in range(2, 6)]
        scores = [
            silhouette_score(points[kept], labels, sample_size=min(300, kept.sum()), random_state=0)
            for labels in fits
        ]
        found.append(adjusted_rand_score(grouping.labels[kept], fits[int(np.argmax(scores))]))
    return float(median(found))


def seconds(step: Callable[[], Any]) -> float:
    """Seconds of one core's time: what a quiet machine's clock would say."""
    start = time.process_time()
    step()
    return time.process_time() - start


def time_red_dwarf(people: int, statements: int, density: float) -> dict[str, Any]:
    """Seconds and findings of one run on the same votes; runs in red-dwarf's environment."""
    from reddwarf.implementations.polis import run_pipeline

    on_one_core()
    rows, columns, values = (array.tolist() for array in made_up_votes(people, statements, density))
    votes = [
        {"participant_id": row, "statement_id": column, "vote": value}
        for row, column, value in zip(rows, columns, values, strict=True)
    ]
    before, results = peak_memory(), []
    spent = seconds(lambda: results.append(run_pipeline(votes=votes, random_state=0)))
    return {
        "seconds": spent,
        "memory": peak_memory() - before,
        "groups": {
            str(person): int(group)
            for person, group in results[0].participants_df["cluster_id"].dropna().items()
        },
        "consensus": {
            str(statement): float(value)
            for statement, value in results[0].group_aware_consensus["agree"].items()
        },
        "representative": {
            str(group): [[str(pick["tid"]), pick["repful-for"]] for pick in picks]
            for group, picks in results[0].repness.items()
        },
    }


def equals_red_dwarf(theirs: dict[str, Any], *size: Any) -> bool:
    """Whether our statistics of red-dwarf's groups are red-dwarf's own."""
    from panel_app.opinions.api import Statement, analyse_given_groups, matrix_of_cells

    people, statements, _ = size
    matrix = matrix_of_cells(
        [str(person) for person in range(people)],
        [Statement(str(statement)) for statement in range(statements)],
        *made_up_votes(*size),
    )
    ours = analyse_given_groups(matrix, theirs["groups"])
    picked = {
        str(group): [[pick.statement, pick.direction.value] for pick in picks]
        for group, picks in ours.representative.items()
    }
    return picked == theirs["representative"] and all(
        abs(ours.consensus[statement] - value) < 1e-9
        for statement, value in theirs["consensus"].items()
    )


def in_a_process(python: str, what: str, *arguments: float) -> dict[str, Any]:
    """Run one measurement of this module with one thread and return what it printed last."""
    command = [python, "-m", "benchmarks.opinions", what, *map(str, arguments)]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(Path(__file__).parents[1])}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return measured


def red_dwarf_python() -> str | None:
    """The interpreter of red-dwarf's environment, made on first use; None if it can't be."""
    folder = Path(tempfile.gettempdir()) / "panel-app-red-dwarf"
    python = folder / "bin" / "python"
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, RED_DWARF], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return str(python)


def report(peer: str | None) -> None:
    """Print a table row for each size."""
    print(
        "seconds of one core, medians; the target is for a whole run, tests of the groups included"
    )
    print("people x statements     votes  k   build   group  tested  memory  target")
    for people, statements, density, runs, target in SIZES:
        ours = in_a_process(sys.executable, "ours", people, statements, density, runs)
        verdict = "-" if target is None else f"{target} {_verdict(ours['gated'] <= target)}"
        print(
            f"{people:>6} x {statements:<10} {ours['votes']:>9}  {ours['k']}"
            f"  {ours['build']:.3f}   {ours['group']:.3f}"
            f"   {ours['gated']:.3f}  {ours['memory']:>3.0f} MB  {verdict}",
            flush=True,
        )
        both = in_a_process(sys.executable, "subsamples", people, statements, density)
        print(
            f"       {both['runs']:.0f} subsamples: {both['ours']:.3f} s with our k-means, "
            f"{both['theirs']:.3f} s with scikit-learn's",
            flush=True,
        )
        if peer is None:
            continue
        theirs = in_a_process(peer, "red-dwarf", people, statements, density)
        ratio = theirs["seconds"] / (ours["build"] + ours["group"])
        same = "equal" if equals_red_dwarf(theirs, people, statements, density) else "DIFFER"
        gated = theirs["seconds"] / (ours["build"] + ours["gated"])
        print(
            f"       {RED_DWARF}: {theirs['seconds']:.2f} s, {theirs['memory']:.0f} MB; "
            f"{ratio:.0f} times ours from votes to statistics, {gated:.0f} times with the gate; "
            f"statistics of its groups {same}",
            flush=True,
        )


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["ours"]:
        people, statements, density, runs = arguments[1:]
        print(json.dumps(time_ours(int(people), int(statements), float(density), int(runs))))
    elif arguments[:1] == ["subsamples"]:
        people, statements, density = arguments[1:]
        print(json.dumps(time_subsamples(int(people), int(statements), float(density))))
    elif arguments[:1] == ["red-dwarf"]:
        people, statements, density = arguments[1:]
        print(json.dumps(time_red_dwarf(int(people), int(statements), float(density))))
    else:
        peer = None if "--without-red-dwarf" in arguments else red_dwarf_python()
        if peer is None:
            print(f"without {RED_DWARF} (its environment is not wanted or can't be made)")
        report(peer)


if __name__ == "__main__":
    main(sys.argv[1:])
