"""Made-up elections as large as the hardest seen, and the measurements taken of them."""

import contextlib
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.counting_ours import kept_pass
from panel_app.counting import (
    Project,
    Rule,
    approval_election,
    count,
    count_shares,
    with_margins,
)
from panel_app.counting.election import Election
from panel_app.counting.pb_election import document_of, election_of
from panel_app.counting.pb_file import format_pb, read_pb

SEED = 2026


def drawn(voters: int, projects: int, chosen: int, *, pot: int, mean_cost: int) -> Election:
    """Draw an election: costs spread log-normally, a few projects loved by many."""
    rng = random.Random(SEED)
    names = [f"p{number}" for number in range(projects)]
    costs = [int(mean_cost * rng.lognormvariate(0, 0.8)) * 100 for _ in names]
    love = [rng.lognormvariate(0, 0.9) for _ in names]
    papers = []
    for _ in range(voters):
        paper: set[str] = set()
        while len(paper) < chosen:
            paper.update(rng.choices(names, love, k=chosen - len(paper)))
        papers.append(paper)
    listed = [Project(name, cost) for name, cost in zip(names, costs, strict=True)]
    return approval_election(listed, papers, pot=pot * 100)


def ward() -> dict[str, Any]:
    """A ward of 2,000 people and 8 projects, counted whole; the time to load numpy apart."""
    election = drawn(2_000, 8, 3, pot=100_000, mean_cost=25_000)
    kept_pass(election, Rule(completion="none"))
    return timed(lambda: count(election))


def ward_margins() -> dict[str, Any]:
    """By how much each loser of that ward missed."""
    election = drawn(2_000, 8, 3, pot=100_000, mean_cost=25_000)
    result = count(election)
    return timed(lambda: with_margins(election, result))


def knapsack(seed: int, papers: int, projects: int) -> Election:
    """A ballot of ours: everybody fills £100,000 with projects of £500 to £40,000."""
    rng = random.Random(seed)
    offered = [Project(f"p{n}", rng.randrange(500, 40_000) * 100) for n in range(projects)]
    chosen = []
    for _ in range(papers):
        left, paper = 10_000_000, []
        for project in rng.sample(offered, projects):
            if project.cost <= left and rng.random() < 0.6:
                paper.append(project.id)
                left -= project.cost
        chosen.append(paper)
    return approval_election(offered, chosen, pot=10_000_000)


def closing() -> dict[str, Any]:
    """Count a closing ballot by both rules, as it is done under the write lock."""
    kept_pass(knapsack(0, 5, 3), Rule(completion="none"))
    sizes = {"60 x 15": (60, 15), "500 x 60": (500, 60)}
    found = {}
    for name, size in sizes.items():
        elections = [knapsack(seed, *size) for seed in range(10)]
        times = [timed(lambda e=e: (count(e), count(e, Rule(name="greedy")))) for e in elections]
        found[name] = [round(1000 * run(t["seconds"] for t in times)) for run in (median, max)]
    return {"median and worst milliseconds": found}


def city(path: Path) -> dict[str, Any]:
    """90,000 voters, 160 projects: read the file and run one pass."""
    return timed(lambda: kept_pass(election_of(read_pb(path)), Rule(completion="none")))


def city_add1(path: Path) -> dict[str, Any]:
    """The same city: read the file, then add1 to its end."""
    return timed(lambda: kept_pass(election_of(read_pb(path)), Rule(completion="add1")))


def hard_ward() -> dict[str, Any]:
    """13,000 voters with 10 approvals each of 98 projects, hardly two papers alike, add1."""
    election = drawn(13_000, 98, 10, pot=20_000_000, mean_cost=700_000)
    found = timed(lambda: kept_pass(election, Rule(completion="add1")))
    steps = found.pop("result").purse / election.unit - Fraction(
        election.pot, election.paper_count * election.unit
    )
    return {**found, "purse steps": int(steps)}


def sliders() -> dict[str, Any]:
    """Independent Markets over 10 lines with 10,000 ballots."""
    rng = random.Random(SEED)
    papers = []
    for _ in range(10_000):
        cuts = sorted(rng.choices(range(101), k=9))
        papers.append([high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)])
    lines = [f"line {number}" for number in range(10)]
    return timed(lambda: count_shares(lines, papers, pot=10_000_000))


def timed(run: Callable[[], Any]) -> dict[str, Any]:
    """Processor seconds of one run, and the peak memory of the process after it."""
    started = time.process_time()
    result = run()
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 4), "megabytes": round(peak), "result": result}


def write_city(path: Path) -> None:
    """Write the city's file, for a process that only reads it."""
    election = drawn(90_000, 160, 8, pot=20_000_000, mean_cost=300_000)
    path.write_text(format_pb(document_of(election, meta={"rule": "equalshares"})))


if __name__ == "__main__":
    case, *paths = sys.argv[1:]
    measured = {name: value for name, value in globals().items() if callable(value)}
    found = measured[case](*map(Path, paths)) or {}
    with contextlib.suppress(KeyError):
        del found["result"]
    print(json.dumps(found))
