"""The scripts keep to what browsers of 2016 read, and are small."""

from __future__ import annotations

import re

import pytest

from panel_app.app import SCRIPTS
from tests.checked_client import STATIC, weight

#: What all scripts may weigh as they travel, in bytes.
BUDGET = 10 * 1024
#: Syntax that came after ECMAScript 2015: a browser that doesn't know it runs nothing of the file.
NEWER = {
    "optional chaining": r"\?\.[\w\[(]",
    "nullish": r"\?\?",
    "power": r"\*\*",
    "async": r"\b(async|await)\b",
    "catch without a name": r"catch\s*\{",
    "comma behind the last argument": r",\s*\)",
    "spread or rest in an object": r"[{,]\s*\.\.\.\w+\s*[,}](?![^\[\]]*\])",
    "private member": r"\.#\w",
    "look-behind": r"\(\?<",
    "separator in a number": r"\d_\d",
    "assignment with a condition": r"(\|\||&&)=",
    "import": r"\b(import|export)\b",
}
#: Functions that the oldest browsers lack: Gecko 48 (KaiOS), iOS 12, Chrome 70.
LACKING = (
    r"\bfetch\(|AbortSignal|AbortController|URLSearchParams|structuredClone|randomUUID|Intl\b|"
    r"replaceAll|replaceChildren|\.append\(|\.prepend\(|\.before\(|\.after\(|toggleAttribute|"
    r"allSettled|\.finally\(|\.at\(|\.flat(Map)?\(|padStart|padEnd|fromEntries|"
    r"Object\.(values|entries)|\bonce: |matchAll|globalThis|queueMicrotask|isConnected|"
    r"getAttributeNames|requestSubmit|:has\(|:is\("
)


def code_of(name: str) -> str:
    """Return a script without its comments and texts."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", (STATIC / name).read_text(), flags=re.S | re.M)
    return re.sub(r'"[^"\n]*"', '""', code)


@pytest.mark.parametrize("name", SCRIPTS)
def test_oldest_browsers_can_read_every_script(name: str) -> None:
    code = code_of(name)
    assert [what for what, how in NEWER.items() if re.search(how, code)] == []
    assert re.findall(LACKING, code) == []
    assert not re.search(r"querySelectorAll\([^)]*\)\.forEach", code)


@pytest.mark.parametrize(
    "line",
    [
        "a?.b()",
        "a ?? b",
        "try { b } catch { c }",
        "f(a, )",
        "x = { ...y }",
        "async () => 1",
        "2 ** 3",
    ],
)
def test_newer_syntax_is_found(line: str) -> None:
    assert any(re.search(how, line) for how in NEWER.values())


def test_scripts_are_small() -> None:
    assert sum(weight((STATIC / name).read_bytes()) for name in SCRIPTS) <= BUDGET
