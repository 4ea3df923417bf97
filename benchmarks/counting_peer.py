"""Time pabutools' Equal Shares with add1 on one .pb file; runs in the oracles' own environment."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counting_oracle_run import load, tie_rule, until_overspend
from pabutools.election import CardinalBallot, CardinalProfile, parse_pabulib


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Median of up to five runs within two seconds of processor time, and the result."""
    seconds: list[float] = []
    while len(seconds) < 5 and sum(seconds) < 2:
        started = time.process_time()
        result = run()
        seconds.append(time.process_time() - started)
    return statistics.median(seconds), result


def unmerged(path: Path, instance: Any, merged: Any) -> Any:
    """The same ballots with one object a voter."""
    if instance.meta["vote_type"] != "ordinal":
        return parse_pabulib(str(path))[1]
    every = [CardinalBallot(b) for b in merged for _ in range(merged.multiplicity(b))]
    return CardinalProfile(every, instance=instance)


def measure(path: Path, plain: bool) -> dict[str, Any]:
    started = time.process_time()
    instance, profile, sat = load(path)
    parse = time.process_time() - started
    if plain:
        profile = unmerged(path, instance, profile)
    ties = tie_rule(profile)
    seconds, found = timed(lambda: until_overspend(instance, profile, sat, ties))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"parse": parse, "seconds": seconds, "winners": found, "megabytes": peak}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), "--plain" in sys.argv)))
