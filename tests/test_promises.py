"""Every promise of docs/promises.md stands on a page, word for word, and has the test it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "promises.md"


def promises() -> Iterator[tuple[str, str]]:
    """Yield what is promised, and a test that is said to prove it."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and "`" in cells[1]:
            yield from ((cells[0], test) for test in re.findall(r"`([^`]+)`", cells[1]))


PROMISES = list(promises())
SAID = "\n".join(
    file.read_text()
    for kind in ("html", "py")
    for file in sorted((ROOT / "panel_app").rglob(f"*.{kind}"))
)


@pytest.mark.parametrize("promise", sorted({promise for promise, _test in PROMISES}))
def test_promise_stands_on_a_page(promise: str) -> None:
    assert promise in SAID


@pytest.mark.parametrize("named", sorted({test for _promise, test in PROMISES}))
def test_proof_is_there(named: str) -> None:
    file, _, function = named.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text())
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert function in names if function else any(name.startswith("test_") for name in names)


def test_list_is_not_empty() -> None:
    assert len(PROMISES) > 40
