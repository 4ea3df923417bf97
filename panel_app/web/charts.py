"""Charts: figures ready to draw, so that templates need no arithmetic.

`web/charts.html` draws them as SVG whose viewBox counts people or pence; the words beside each
carry the figures. A bar has the range that was wanted, a stack has parts in one line (answers, or
what a pot was spent on), columns are how answers lie on a scale, several charts are drawn to one
scale, and a timeline is what happened when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any, Literal

from panel_app.core.text import _

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


def answers(agree: int, passes: int, disagree: int) -> Stack:
    """Return the bar of the answers to a statement."""
    return stack(
        _("Answers"),
        [
            (_("Agree"), agree, "agree"),
            (_("Pass, or not sure"), passes, "pass"),
            (_("Disagree"), disagree, "disagree"),
        ],
    )


def split(
    label: Any,
    parts: Iterable[tuple[Any, int]],
    *,
    whole: int | None = None,
    money: bool = False,
) -> Stack:
    """Return a stacked bar of the parts of one whole, in two shades by turns."""
    shades: list[Shade] = ["one", "other"]
    return stack(
        label,
        [(name, number, shades[i % 2]) for i, (name, number) in enumerate(parts)],
        whole=whole,
        money=money,
    )


#: As many people as are drawn with a block each; more are one bar.
MOST_HEADS = 60


def heads(done: int, expected: int) -> Stack:
    """Return a bar with a block for each person who has done something, and room for the others."""
    blocks = [1] * done if expected <= MOST_HEADS else [done]
    return stack("", [("", block, "one") for block in blocks], whole=expected)


@dataclass(frozen=True, slots=True)
class Column:
    """One step of a scale: how many chose it, and how high its column stands, in per cent."""

    #: The step as it stands under its column, and in full for whoever can't see it.
    short: Any
    label: Any
    #: None where it may not be told; such a column isn't drawn.
    number: int | None
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """How answers lie on a scale: a column a step; `whole` is how many answered."""

    label: Any
    columns: list[Column]
    whole: int
    #: What the first and the last step mean.
    ends: Sequence[Any] = ()

    @property
    def highest(self) -> float:
        """Return the share of the highest column, from 0 to 1."""
        return max((column.number or 0 for column in self.columns), default=0) / (self.whole or 1)


def distribution(
    label: Any,
    steps: Iterable[tuple[Any, Any, int | None]],
    *,
    whole: int,
    ends: Sequence[Any] = (),
) -> Columns:
    """Return columns for the steps of a scale, each its short name, its label and its number."""
    columns = [Column(short, name, number, 0.0) for short, name, number in steps]
    return on_one_scale([Columns(label, columns, whole, ends)])[0]


def on_one_scale(several: Sequence[Columns]) -> list[Columns]:
    """Return charts drawn to one scale, so that they can be compared: small multiples.

    The highest column of all fills its height; each stands for its share of those who answered.
    """
    top = max((each.highest for each in several), default=0.0)
    return [replace(each, columns=_drawn(each, top)) for each in several]


def _drawn(chart: Columns, top: float) -> list[Column]:
    fills = top * chart.whole
    return [replace(each, height=percent(each.number or 0, fills)) for each in chart.columns]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, with where more of it is told."""

    at: datetime
    label: Any
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a timeline of 100: where its mark starts."""

    moment: Moment
    start: float


#: How broad a mark of a timeline is, of 100.
MARK = 2


def timeline(moments: Iterable[Moment]) -> list[Mark]:
    """Return moments from the first to the last, each where its time lies between them."""
    told = sorted(moments, key=lambda moment: moment.at)
    if not told:
        return []
    first, seconds = told[0].at, (told[-1].at - told[0].at).total_seconds()
    return [
        Mark(one, percent((one.at - first).total_seconds(), seconds) * (100 - MARK) / 100)
        for one in told
    ]
