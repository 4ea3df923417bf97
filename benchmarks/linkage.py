"""The linkage attack at full size: 200 members, twenty ballots, every file of the server.

`python -m benchmarks.linkage` on SQLite; `--postgresql` on a server of its own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from flask_migrate import upgrade

from panel_app.app import create_app
from tests.balloting.linkage import LEAST_LIKELY, hits, hold_vote, likelihood
from tests.conftest import settings_for
from tests.factories.cluster import Cluster


def main() -> None:
    """Hold the ballots, attack each, and print the most successful attacks with their chances."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    began = time.perf_counter()
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    found: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster() if options.postgresql else nullcontext() as cluster,
    ):
        for seed in range(options.runs):
            own = Path(folder) / str(seed)
            own.mkdir()
            url = cluster.url if cluster else f"sqlite:///{own}/panel.db"
            app = create_app(settings_for(url, own))
            with app.app_context():
                upgrade()
            loot, truth = hold_vote(app, own, members=options.members, seed=seed, cluster=cluster)
            found += hits(loot, truth)
    trials = options.members * options.runs
    took = time.perf_counter() - began
    print(f"{len(found)} attacks on {trials} votes in {took:.0f} s")
    print(f"by chance about {options.runs} pairs are right")
    for attack, right in found.most_common(5):
        likely = likelihood(right, trials, options.members)
        print(f"{right:6} {'LEAK' if likely < LEAST_LIKELY else 'chance'} p={likely:.3g} {attack}")


if __name__ == "__main__":
    main()
