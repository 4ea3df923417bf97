"""Long files and functions, listed for the reader at the end of a run; they fail nothing."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


class TooLong(UserWarning):
    """A file or a function that should be split."""


def too_long(root: Path) -> list[str]:
    """Return every file and function beyond the limits, longest first."""
    found: list[tuple[int, str]] = []
    for folder in ("panel_app", "sortition", "tests"):
        for file in sorted(root.glob(f"{folder}/**/*.py")):
            source, name = file.read_text(), str(file.relative_to(root))
            lines = source.count("\n")
            if lines > LONGEST_FILE:
                found.append((lines, f"{name}: {lines} lines"))
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or node.lineno) - node.lineno + 1
                    if length > LONGEST_FUNCTION:
                        found.append((length, f"{name}: {node.name} has {length} lines"))
    return [text for _, text in sorted(found, reverse=True)]


@pytest.mark.filterwarnings("default::tests.test_sizes.TooLong")
def test_sizes_are_listed() -> None:
    for text in too_long(ROOT):
        warnings.warn(TooLong(text), stacklevel=1)


def test_long_ones_are_found(tmp_path: Path) -> None:
    (tmp_path / "panel_app").mkdir()
    body = "\n".join(f"    x{n} = {n}" for n in range(450))
    (tmp_path / "panel_app" / "long.py").write_text(f"def f():\n{body}\n")
    assert too_long(tmp_path) == [
        "panel_app/long.py: f has 451 lines",
        "panel_app/long.py: 451 lines",
    ]
