"""The tests that a change at hand touches, for `make test-fast`.

Prints the paths of tests: those changed themselves, the tests of each package that changed, and the
rules of the house, which every change could break. A module of core is used by all: the tests of
core that name it stand for them. Tests that drive a browser or take long are left to `make test`.
"""

from __future__ import annotations

import re
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


def covering(file: str) -> list[Path]:
    """Return where the tests of a file lie: folders, or the tests themselves."""
    match Path(file).parts:
        case ("tests", *_, name) if name.startswith("test_"):
            found = [Path(file)]
        case ("tests", package, _, *_) | ("panel_app", package, _, *_):
            found = _naming(Path(file).stem) if package == "core" else [Path("tests", package)]
        case ("panel_app", name):
            found = [Path("tests", f"test_{name}")]
        case ("sortition", *_):
            found = [Path("tests/sortition")]
        case ("translations", *_):
            found = [Path("tests/core/test_catalogues.py"), Path("tests/web/test_languages.py")]
        case _:
            found = []
    return [path for path in found if (ROOT / path).exists()]


def _naming(module: str) -> list[Path]:
    """Return core's test of a module, else those that import it; all where there is none."""
    own = Path("tests", "core", f"test_{module}.py")
    if (ROOT / own).exists():
        return [own]
    named = re.compile(rf"^ *(from|import) .*\b{module}\b", re.MULTILINE)
    tests = sorted(ROOT.glob("tests/core/test_*.py"))
    found = [test.relative_to(ROOT) for test in tests if named.search(test.read_text())]
    return found or [Path("tests/core")]


def touched(files: list[str]) -> list[str]:
    """Return the tests to run for changed files, folders before what lies in them."""
    found = {str(tests) for file in files for tests in covering(file)}
    inside = {path for path in found if any(path.startswith(f"{other}/") for other in found)}
    return sorted(found - inside) + HOUSE


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


if __name__ == "__main__":
    sys.stdout.write(" ".join(touched(changed(*sys.argv[1:2] or ["HEAD"]))) + "\n")
