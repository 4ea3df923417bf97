"""Regenerate the golden counts: an environment of its own, one oracle process a file.

Run as `python -m benchmarks.counting_oracles [FOLDER [GOLDEN.json]]`; the real elections take about
ten minutes on two cores, `tests/budgets/golden tests/budgets/golden/exports.json` seconds.
"""

import json
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent / ".." / "shared" / "data" / "pabulib"
GOLDEN = HERE.parent / "tests" / "counting" / "golden" / "elections.json"
ORACLES = ("pabutools==1.2.3", "pabulib-checker==1.0.8", "gmpy2==2.3.2")


def make_environment(folder: Path) -> Path:
    """Install the oracles into a virtual environment and return its interpreter."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *ORACLES], check=True)
    return python


def counted(python: Path, path: Path) -> tuple[str, object]:
    """Run the oracles on one file."""
    command = [str(python), str(HERE / "counting_oracle_run.py"), str(path)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    print(path.stem, file=sys.stderr, flush=True)
    return path.stem, json.loads(run.stdout)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    golden_file = Path(sys.argv[2]) if len(sys.argv) > 2 else GOLDEN
    python = make_environment(Path(tempfile.gettempdir()) / "panel-app-oracles")
    with ThreadPoolExecutor(max_workers=2) as pool:
        elections = dict(pool.map(lambda path: counted(python, path), sorted(folder.glob("*.pb"))))
    golden = {
        "made_by": "python -m benchmarks.counting_oracles",
        "oracles": ORACLES,
        "ties": "cost,votes,seed:0",
        "elections": elections,
    }
    golden_file.parent.mkdir(parents=True, exist_ok=True)
    golden_file.write_text(json.dumps(golden, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
