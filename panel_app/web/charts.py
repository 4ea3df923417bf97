"""Charts: figures ready to draw, so that templates need no arithmetic.

`web/charts.html` draws them as SVG whose viewBox counts people or pence; the words beside each
carry the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

#: Agree, pass, disagree; two shades for the parts of a whole by turns; what is still open.
Shade = Literal["agree", "pass", "disagree", "one", "other", "open"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of `share` per cent, with an optional range that was wanted (`low` to `high`)."""

    share: float
    low: float | None = None
    breadth: float | None = None


def bar(part: float, whole: float, low: float | None = None, high: float | None = None) -> Bar:
    """Return the bar of `part` in `whole`; `low` and `high` are in the same unit as `part`."""
    if low is None or high is None:
        return Bar(percent(part, whole))
    start = percent(low, whole)
    return Bar(percent(part, whole), start, max(percent(high, whole) - start, 1.0))


def percent(part: float, whole: float) -> float:
    """Return `part` as per cent of `whole`, from 0 to 100, to one decimal."""
    return round(min(max(100 * part / whole, 0.0), 100.0), 1) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar: where it starts and how long it is, in the chart's unit."""

    label: Any
    number: int
    shade: Shade
    start: int


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of several parts in one line; `whole` is its length, in people or pence."""

    parts: list[Part]
    whole: int
    #: What the figures are, for whoever can't see the bar: "Answers to the letters".
    label: Any
    #: Whether the figures are amounts in pence.
    money: bool = False


def stack(
    label: Any,
    parts: Iterable[tuple[Any, int, Shade]],
    *,
    whole: int | None = None,
    money: bool = False,
) -> Stack:
    """Return a stacked bar of parts, each a label, a number and a shade.

    `whole` is what the bar's length stands for where that is more than its parts together.
    """
    given = list(parts)
    starts = accumulate((number for _label, number, _shade in given), initial=0)
    drawn = [Part(*part, start) for part, start in zip(given, starts, strict=False)]
    total = sum(part.number for part in drawn)
    return Stack(drawn, max(whole or 0, total, 1), label, money)


def split(label: Any, parts: Iterable[tuple[Any, int]], *, money: bool = False) -> Stack:
    """Return a stacked bar of the parts of one whole, in two shades by turns."""
    shades: list[Shade] = ["one", "other"]
    return stack(
        label,
        [(name, number, shades[i % 2]) for i, (name, number) in enumerate(parts)],
        money=money,
    )
