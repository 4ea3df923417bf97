"""Amounts are read as people in any language type them, and nothing else is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from panel_app import amounts
from panel_app.core.errors import Refused
from panel_app.core.money import LARGEST, as_text, pence, typed

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
    "500 pounds": 50_000,
    "GBP 500": 50_000,
    "500 gbp": 50_000,
    "500£": 50_000,
    "£500.": 50_000,
    "£1.5k": 150_000,
    "2k": 200_000,
    "£ 1 250": 125_000,
    "1 250 000.5": 125_000_050,
    "৫০০ পাউন্ড": 50_000,
    "٥٠٠ جنيه": 50_000,
}
REFUSED = ["", "-5", "NaN", "1e9", "1e309", "inf", "12,5", "1.234", "1,2,3", "£", "five", "0x10",
           "1_000", "--1", "1;DROP", "9" * 5_000, "1250\x00", ".5", "1..5", "½",
           "1.250", "1.250,50", "12,50", "£500 to £700", "10 50", "1 2 500", "1 ,250", "500 k k",
           "1.2345k", "500 euros", "0,500", "01,000", "0 500"]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_amount_is_read(text: str) -> None:
    assert pence(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(app: Flask, text: str) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        pence(text)


def test_too_large_is_refused() -> None:
    assert pence("1000000000") == LARGEST
    with pytest.raises(Refused):
        pence("1000000000.01")


@given(st.integers(0, LARGEST))
def test_what_we_write_can_be_typed_back(amount: int) -> None:
    assert pence(f"£{amount // 100:,}.{amount % 100:02}") == amount


@given(st.integers(0, LARGEST))
def test_what_pages_and_forms_show_can_be_typed_back(amount: int) -> None:
    assert pence(as_text(amount)) == pence(typed(amount)) == amount


def test_amounts_are_written_with_pence_where_there_are_any() -> None:
    shown = [as_text(amount) for amount in (0, 5, 125_000, -125_050)]
    assert shown == ["£0", "£0.05", "£1,250", "−£1,250.50"]
    assert [typed(amount) for amount in (None, 125_000, 125_050)] == ["", "1250", "1250.50"]


@given(st.from_regex(r"[0-9]{1,7}([., ][0-9]{0,4}){0,3}", fullmatch=True))
@example("1,000")
@example("12,5")
@example("1 000")
def test_files_and_pages_never_read_one_text_as_two_amounts(text: str) -> None:
    with suppress(amounts.Unreadable):
        assert amounts.pounds(text) == amounts.number(text)


@pytest.mark.parametrize("text", ["1,000", "1.000", "12.345", "0,125"])
def test_three_digits_after_a_mark_are_unclear_in_files(text: str) -> None:
    with pytest.raises(amounts.Unreadable, match="unclear"):
        amounts.number(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        assert 0 <= pence(text) <= LARGEST
