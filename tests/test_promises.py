"""Every promise of docs/promises.md stands on a page, word for word, and has the test it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "promises.md"


def promises() -> Iterator[tuple[str, str]]:
    """Yield what is promised, and a test that is said to prove it."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and "`" in cells[1]:
            yield from ((cells[0], test) for test in re.findall(r"`([^`]+)`", cells[1]))


PROMISES = list(promises())
LISTED = {promise for promise, _test in PROMISES}
#: Words by which a sentence promises something.
PROMISING = re.compile(
    r"\b(never|destroy(s|ed)|encrypted|erased|we (send|keep) |(is|are) (sent|deleted)\b"
    r"|at most once|by (itself|themselves))",
    re.IGNORECASE,
)
#: What sounds like a promise and is none.
NONE_PROMISED = {
    "Nothing is sent yet.",
    "It was never opened, so nobody has voted.",
    "It never began.",
    "Closes by itself at (leave empty to close it by hand)",
    "erased",
}


def _texts() -> Iterator[str]:
    """Yield every text that pages and letters say, in English."""
    for file in sorted((ROOT / "translations" / "bn" / "LC_MESSAGES").glob("*.po")):
        for message in read_po(file.open("rb")):
            for text in [message.id] if isinstance(message.id, str) else message.id:
                yield " ".join(text.split())


TEXTS = list(_texts())
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
SAID = "\n".join(TEXTS + [" ".join(page.read_text().split()) for page in DOCUMENTS if page != PAGE])


@pytest.mark.parametrize("promise", sorted(LISTED))
def test_promise_stands_on_a_page(promise: str) -> None:
    assert promise in SAID


@pytest.mark.parametrize("named", sorted({test for _promise, test in PROMISES}))
def test_proof_is_there(named: str) -> None:
    file, _, function = named.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text())
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert function in names if function else any(name.startswith("test_") for name in names)


def test_whatever_promises_is_listed() -> None:
    sentences = {part for text in TEXTS for part in re.split(r"(?<=[.:!?]) ", text)}
    promising = {part for part in sentences if PROMISING.search(part)} - NONE_PROMISED
    listed = "\n".join(LISTED)
    assert not sorted(part for part in promising if part not in listed)


def test_list_is_not_empty() -> None:
    assert len(PROMISES) > 150
