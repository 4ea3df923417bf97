"""Statements that nearly say what is there already."""

from __future__ import annotations

import pytest

from panel_app.opinions.tokens import nearest


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("repairs come first", 1),
        ("Repairs come FIRST!!", 1),
        ("First come repairs, please", 1),
        ("More benches", None),
        ("", None),
        ("...", None),
    ],
)
def test_near_repetition_is_noticed(text: str, number: int | None) -> None:
    assert nearest(text, {1: "Repairs come first.", 2: "Plant trees."}) == number


def test_words_of_other_scripts_are_compared_whole() -> None:
    others = {1: "আরও গাছ লাগান", 2: "المزيد من المقاعد"}
    assert nearest("আরও গাছ লাগান!", others) == 1
    assert nearest("مَزيد من المقاعد", others) is None
