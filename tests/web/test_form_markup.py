"""How templates write forms and tables: one way each, read from the files."""

from __future__ import annotations

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "panel_app"
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
#: What was typed when nobody could send it: the page asks for the token where it leads on to.
CARRIES_ON = "typed.html"


def found(pattern: str) -> list[str]:
    """Return where a pattern stands in the templates."""
    return [
        f"{file.relative_to(HOUSE)}: {hit.group()[:60]}"
        for file in TEMPLATES
        for hit in re.finditer(pattern, file.read_text(), re.DOTALL)
    ]


def test_a_form_that_sends_carries_its_token_in_one_way() -> None:
    assert not found(r"hidden_tag|\.csrf_token|name=\"csrf_token\"")
    silent = found(r'<form method="post"(?:(?!</form>|form_token\(|plain\().)*</form>')
    assert [line for line in silent if CARRIES_ON not in line] == []


def test_a_table_that_scrolls_is_drawn_by_the_macros() -> None:
    frames = found(r'<div class="scroll"[^>]*>\s*<table')
    assert [line.partition(":")[0] for line in frames] == ["web/templates/web/macros.html"]
