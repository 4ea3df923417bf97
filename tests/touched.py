"""The tests that a change at hand touches, for `make test-fast`.

Prints the paths of tests: those changed themselves, the tests of each package that changed, and the
rules of the house, which every change could break. Tests that drive a browser or take long are left
to `make test`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What every change could break, in seconds.
HOUSE = ["tests/test_imports.py", "tests/test_routes.py", "tests/test_readme.py"]


def changed(base: str) -> list[str]:
    """Return the files that differ from `base`, or are new, as paths from the root."""
    tracked = _git("diff", "--name-only", base)
    return sorted({*tracked, *_git("ls-files", "--others", "--exclude-standard")})


def covering(file: str) -> Path | None:
    """Return where the tests of a file lie: the folder, or the test itself; None where nowhere."""
    parts = Path(file).parts
    if parts[0] == "tests":
        is_test = Path(file).name.startswith("test_")
        found = Path(file) if is_test else Path(*parts[:2]) if len(parts) > 2 else None
    elif parts[0] == "panel_app" and len(parts) > 2:
        found = Path("tests", parts[1])
    elif parts[0] == "sortition":
        found = Path("tests/sortition")
    else:
        found = None
    return found if found and (ROOT / found).exists() else None


def touched(files: list[str]) -> list[str]:
    """Return the tests to run for changed files, folders before what lies in them."""
    found = {str(tests) for tests in map(covering, files) if tests}
    inside = {path for path in found if any(path.startswith(f"{other}/") for other in found)}
    return sorted(found - inside) + HOUSE


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


if __name__ == "__main__":
    sys.stdout.write(" ".join(touched(changed(*sys.argv[1:2] or ["HEAD"]))) + "\n")
