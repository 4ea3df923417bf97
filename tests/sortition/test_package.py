"""The package stays cheap to import."""

import subprocess
import sys


def test_importing_the_package_loads_no_solver_and_no_arrays() -> None:
    script = "import sys, sortition; print([m for m in ('numpy', 'highspy') if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
