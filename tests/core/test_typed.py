"""What is kept of typed text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel_app.core.typed import cleaned, one_line

RLO = "\u202e"


def test_control_characters_and_overrides_are_left_out() -> None:
    assert cleaned(f"a\0b{RLO}c\x1b[0m\r\nd") == "abc[0m\nd"


def test_arabic_marks_stay() -> None:
    assert cleaned("\u200fنعم\u200e") == "\u200fنعم\u200e"


@pytest.mark.parametrize("typed", ["\u200b\ufeff", "\u200d \u2060", "\n\u200e\n", "\u00ad"])
def test_what_shows_nothing_is_empty(typed: str) -> None:
    assert cleaned(typed) == ""


def test_joined_letters_and_emoji_stay() -> None:
    family = "👩\u200d👩\u200d👧 ক\u200dষ"
    assert cleaned(family) == family


def test_a_line_has_no_breaks() -> None:
    assert one_line(" a\n\tb  c ") == "a b c"


@given(st.text())
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert "\0" not in cleaned(text)
