"""Labelled bars: figures ready to draw, so that templates need no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass


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
