"""Read single values of a .pb file: numbers, amounts of money, lists."""

import re
from fractions import Fraction
from functools import lru_cache

from panel_app import amounts
from panel_app.counting.election import MOST
from panel_app.counting.pb_file import PbFile

#: Digits with a decimal point or comma. No exponents, which can stand for a gigabyte of digits.
_NUMBER = re.compile(r"[+-]?(\d{1,18}([.,]\d{0,18})?|[.,]\d{1,18})", re.ASCII)
#: A comma before exactly three digits. Points may have three decimals, after a point.
_MAYBE_THOUSANDS = re.compile(r"[+-]?\d{1,18},\d{3}", re.ASCII)
#: No currency is split into more minor units than this.
_FINEST = 10**6


@lru_cache(4096)
def number_in(text: str) -> Fraction | None:
    """Read a number with a decimal point or comma; None where it is none, or unclear (`1,000`)."""
    plain = text.strip()
    if _MAYBE_THOUSANDS.fullmatch(plain) or not _NUMBER.fullmatch(plain):
        return None
    return Fraction(plain.replace(",", "."))


def limit_in(text: str) -> Fraction | None:
    """Read a number that stands alone in META; None where it is none, or unclear (`1.000` too)."""
    return number_in(text.replace(".", ","))


def money_in(text: str) -> Fraction | None:
    """Read an amount of money in the file's currency; None where it is none, or unclear."""
    try:
        return amounts.number(text)
    except amounts.Unreadable:
        return None


def minor_units(text: str, unit: int) -> int:
    """Read an amount in minor units. Raises Unreadable where it is none, or finer than those."""
    amount = amounts.number(text) * unit
    if amount.denominator != 1 or amount > MOST:
        raise amounts.Unreadable
    return int(amount)


def unit_of(document: PbFile) -> int:
    """Minor units to the currency unit: a hundred, or as many as the finest amount needs."""
    texts = [document.meta.get("budget", "")]
    texts += [project.get("cost", "") for project in document.projects]
    found = [money_in(text) for text in texts]
    unit = 100
    while unit < _FINEST and any(amount and unit % amount.denominator for amount in found):
        unit *= 10
    return unit


def split(text: str) -> list[str]:
    """Read a list divided by commas, blanks left out."""
    return [part for part in map(str.strip, text.split(",")) if part]


def meta_fault(document: PbFile, key: str, problem: str) -> str:
    """Say what is wrong with a value of META, and where it stands."""
    if key not in document.meta:
        return f"META has no {key}"
    return f"line {document.meta_lines.get(key, 0)}: {key} {document.meta[key]!r} {problem}"
