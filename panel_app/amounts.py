"""Amounts of money as people and files write them: one reading for all, exact or none."""

import re
import unicodedata
from fractions import Fraction

#: Nobody writes an amount in more characters.
LONGEST = 60
_SEPARATORS = str.maketrans({"\u066c": ",", "\u066b": ".", "\u2009": " ", "\u202f": " "})
#: Three digits after a single comma or point: thousands to some, a fraction to others.
_UNCLEAR = re.compile(r"\d+[.,]\d{3}")
#: Commas where English (1,234,567) or Bengali (12,34,567) puts them, or spaces before each three.
_WHOLE = r"[1-9]\d{0,2}(?:,\d{2,3}){0,4},\d{3}|[1-9]\d{0,2}(?: \d{3}){1,5}|\d{1,18}"
_NUMBER = re.compile(rf"({_WHOLE})(?:\.(\d{{0,18}}))?")
#: Nobody writes thousands of pounds to more than two places, as in `1.25k`.
_OVERLONG = re.compile(r"\.\d{3}")
_DECIMAL_COMMA = re.compile(r"(\d{1,18}),(\d{0,18})")
_CURRENCY = r"£|gbp|pounds?|পাউন্ড|جنيه(?: إسترليني)?"
_POUNDS = re.compile(rf"(?:{_CURRENCY})? ?([\d.,][\d., ]*?) ?(k)? ?(?:{_CURRENCY})?", re.IGNORECASE)


class Unreadable(ValueError):
    """Text that is no amount; where `unclear`, it may be two."""

    def __init__(self, *, unclear: bool = False) -> None:
        problem = "is unclear: the last three digits may be thousands or a fraction"
        super().__init__(problem if unclear else "is not an amount")
        self.unclear = unclear


def pounds(typed: str) -> Fraction:
    """Read pounds as people type them: `1250`, `£1,250.50`, `500 pounds`, `GBP 500`, `1.5k`.

    A comma parts thousands, a point pence. Digits and separators of other scripts are read as
    well, and a space only before three digits. Raises Unreadable.
    """
    found = _POUNDS.fullmatch(_western(typed)) if len(typed) <= LONGEST else None
    if not found or (found[2] and _OVERLONG.search(found[1])):
        raise Unreadable
    return _read(found[1]) * (1000 if found[2] else 1)


def number(text: str) -> Fraction:
    """Read an amount of a file, where a comma may stand for the decimal point.

    Nothing is read as another amount than by `pounds`. Raises Unreadable, also for `1,000`.
    """
    plain = text.strip() if text.isascii() and len(text) <= LONGEST else ""
    if _UNCLEAR.fullmatch(plain):
        raise Unreadable(unclear=True)
    if found := _DECIMAL_COMMA.fullmatch(plain):
        return _decimal(found[1], found[2])
    return _read(plain)


def _read(western: str) -> Fraction:
    if _UNCLEAR.fullmatch(western) and "." in western:
        raise Unreadable(unclear=True)
    found = _NUMBER.fullmatch(western)
    if not found:
        raise Unreadable
    return _decimal(re.sub("[, ]", "", found[1]), found[2])


def _decimal(whole: str, fraction: str | None) -> Fraction:
    return Fraction(int(whole)) + Fraction(int(fraction or 0), 10 ** len(fraction or ""))


def _western(text: str) -> str:
    """Return the text with western digits, separators and spaces, without invisible marks."""
    visible = (c for c in text.translate(_SEPARATORS) if unicodedata.category(c) != "Cf")
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in visible)
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in digits).strip()
