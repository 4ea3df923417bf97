"""Single values of a .pb file, and the papers that break limits which the file itself states.

Cities have counted such papers as they stood, so they are told of, not refused.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import inf

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


Limit = Fraction | float

#: What the limits min_..., max_... are about, and in words.
_MEASURES = {
    "length": "the number of projects",
    "sum_cost": "the cost of the projects",
    "points": "the points for a project",
    "sum_points": "the sum of points",
}


def limit_faults(document: PbFile) -> list[str]:
    """Name the stated limits that are no number, and those that no paper could keep."""
    faults = [
        meta_fault(document, key, "is not a number, or an unclear one")
        for key in (f"{edge}_{measure}" for edge, measure in product(("min", "max"), _MEASURES))
        if document.meta.get(key, "").strip() and _stated(document, key) is None
    ]
    for measure, (low, high) in _limits(document).items():
        if low > high:
            faults.append(meta_fault(document, f"min_{measure}", f"is above max_{measure}"))
    return faults


def remarks(document: PbFile) -> list[str]:
    """Name every paper beyond a limit, with the line of the first like it; blank ones keep all."""
    limits = _limits(document)
    if not limits:
        return []
    costs = {
        row["project_id"].strip(): money_in(row.get("cost", "")) or Fraction(0)
        for row in document.projects
    }
    return [
        document.says(paper, broken)
        for paper in document.papers
        for broken in _broken(paper, costs, limits)
    ]


def _limits(document: PbFile) -> dict[str, tuple[Limit, Limit]]:
    """The least and the most of each measure that the file limits at all."""
    found = {}
    for measure in _MEASURES:
        low, high = _stated(document, f"min_{measure}"), _stated(document, f"max_{measure}")
        if measure == "length" and document.meta.get("vote_type", "").strip() == "choose-1":
            high = Fraction(1)
        if low is not None or high is not None:
            found[measure] = (-inf if low is None else low, inf if high is None else high)
    return found


def _stated(document: PbFile, key: str) -> Fraction | None:
    text = document.meta.get(key, "")
    return money_in(text) if key.endswith("sum_cost") else limit_in(text)


def _broken(
    paper: tuple[str, str],
    costs: Mapping[str, Fraction],
    limits: Mapping[str, tuple[Limit, Limit]],
) -> Iterator[str]:
    chosen = [name for name in split(paper[0]) if name in costs]
    points = [number for number in map(number_in, split(paper[1])) if number is not None]
    found = {
        "length": [Fraction(len(chosen))],
        "sum_cost": [sum((costs[name] for name in chosen), Fraction(0))],
        "points": points,
        "sum_points": [sum(points, Fraction(0))] if points else [],
    }
    for measure, (low, high) in limits.items():
        values = found[measure] if chosen else []
        if values and min(values) < low:
            yield f"{_MEASURES[measure]} is below min_{measure}"
        if values and max(values) > high:
            yield f"{_MEASURES[measure]} is above max_{measure}"
