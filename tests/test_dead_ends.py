"""Nothing of an engine is reached by tests and benchmarks alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Engines whose every public function, class and method must be used by
#: the program itself.
ENGINES = ("sortition", "panel_app/opinions", "panel_app/counting")
#: Public names without a caller, and why they stay.
EXCEPTIONS: dict[str, str] = {}
SOURCES = [
    *ROOT.glob("sortition/**/*.py"),
    *ROOT.glob("panel_app/**/*.py"),
]


def _defined(engine: str) -> Iterator[tuple[Path, str]]:
    """Every public function, class, method and property, with its file."""
    for file in sorted(ROOT.glob(f"{engine}/**/*.py")):
        tree = ast.parse(file.read_text())
        bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield file, node.name


def _used() -> set[str]:
    """Every name that code reads or calls; what the command line names in words."""
    used = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                used |= {name.name for name in node.names if name.asname not in (None, name.name)}
            elif isinstance(node, ast.Constant) and file.parent == ROOT / "sortition" / "cli":
                used.add(str(node.value))
    return used


@pytest.mark.parametrize("engine", ENGINES)
def test_every_public_name_is_used_by_the_program(engine: str) -> None:
    used = _used()
    idle = {name: str(file) for file, name in _defined(engine) if name not in used}
    assert not {name: file for name, file in idle.items() if name not in EXCEPTIONS}


def test_every_exception_is_there() -> None:
    assert set(EXCEPTIONS) <= {name for engine in ENGINES for _, name in _defined(engine)}
