"""Amounts are read as people in any language type them, and nothing else is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from panel_app.core.errors import Refused
from panel_app.core.money import LARGEST, pence

READ = {
    "1250": 125_000,
    "£1,250": 125_000,
    "1250.5": 125_050,
    " £ 1,250.05 ": 125_005,
    "1,234,567": 123_456_700,
    "12,34,567": 123_456_700,
    "১,২৫০": 125_000,
    "١٬٢٥٠٫٥": 125_050,
    "\u200f1250\u00a0": 125_000,
    "0": 0,
}
REFUSED = ["", "-5", "NaN", "1e9", "1e309", "inf", "12,5", "1.234", "1,2,3", "£", "five", "0x10",
           "1_000", "--1", "1;DROP", "9" * 5_000, "1250\x00", ".5", "1..5", "½"]  # fmt: skip


@pytest.mark.parametrize("typed", READ)
def test_amount_is_read(typed: str) -> None:
    assert pence(typed) == READ[typed]


@pytest.mark.parametrize("typed", REFUSED)
def test_anything_else_is_refused(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        pence(typed)


def test_too_large_is_refused() -> None:
    assert pence("1000000000") == LARGEST
    with pytest.raises(Refused):
        pence("1000000000.01")


@given(st.integers(0, LARGEST))
def test_what_we_write_can_be_typed_back(amount: int) -> None:
    assert pence(f"£{amount // 100:,}.{amount % 100:02}") == amount


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(Refused):
        assert 0 <= pence(typed) <= LARGEST
