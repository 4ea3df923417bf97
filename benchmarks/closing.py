"""Closing full budget ballots while somebody else writes: how long the write lock is held.

60 residents, 15 projects, £100,000, one ballot a seed, margins worked out to their end; another
writer comes every tenth of a second. A worker as it runs: what counts is loaded. Milliseconds by
the clock. Target: under 200 ms.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
from pathlib import Path
from statistics import median

from flask_migrate import upgrade

from panel_app.app import create_app
from panel_app.core import catalogues
from panel_app.server import COUNTING
from tests.conftest import settings_for
from tests.factories.balloting import close
from tests.factories.holds import closing, make_full_vote

#: Milliseconds that one transaction of a closing may hold the lock.
TARGET = 200


def main() -> None:
    """Close one ballot a seed and print the longest hold and the longest wait of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--voters", type=int, default=60)
    options = parser.parse_args()
    catalogues.compile_all()
    importlib.import_module(COUNTING)
    found = [_closed(seed, options.voters) for seed in range(options.seeds)]
    print(f"{options.seeds} ballots of {options.voters} papers on 15 projects, milliseconds")
    for seed, (held, waited) in enumerate(found):
        mark = "    " if held <= TARGET else "MISS"
        print(f"{mark} seed {seed}: lock held for {held:6.1f} at most, waited for {waited:6.1f}")
    print(f"median of the longest holds {median(held for held, _wait in found):.1f} ms")


def _closed(seed: int, voters: int) -> tuple[float, float]:
    """Return the longest hold and the longest wait of one closing, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{Path(folder) / 'panel.db'}", Path(folder)))
        with app.app_context():
            upgrade()
        holds = closing(app, make_full_vote(app, seed, voters=voters), close)
        return 1000 * holds.longest, 1000 * max(holds.waits, default=0.0)


if __name__ == "__main__":
    main()
