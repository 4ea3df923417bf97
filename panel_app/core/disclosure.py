"""What of a figure may be told: one rule for residents, staff, observers, exports and logs alike.

No count from one to four is told, nor given away by a total. And whoever has seen figures never
sees them again after they moved: the difference would be one person's answer (an agenda item
whose figures were seen by anybody stays closed: sessions/activities.py).

Statements are told by the first half alone: of five or more who answered one, how many agreed,
disagreed and passed (docs/decisions.md 11 says why).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panel_app.opinions.may_show import FEWEST_TOLD

#: Figures of fewer people than this are not told: with four, each knows much of the other three.
FEWEST = FEWEST_TOLD


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it may be told: exactly (`low` is `high`), or only between which numbers it is."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether the count itself is told."""
        return self.low == self.high


def may_tell(people: int) -> bool:
    """Whether figures of this many people hide who answered what."""
    return people >= FEWEST


def told(people: int | None) -> int | None:
    """Return how many people it was where that may be told, else None."""
    return people if people is not None and may_tell(people) else None


def in_steps(people: int) -> int:
    """Return how many at least, in steps of five: for a figure that moves while people look."""
    return people // FEWEST * FEWEST


def tell(counts: Sequence[int]) -> list[Told]:
    """Return counts, whose total is known, as they may be told.

    A zero is told: it is nobody's answer. Where small counts would follow from the total and
    the others, the next of the others is withheld too; it is told as "so many or more" where
    that says no more than the total does. Where all would be withheld, nothing is told.
    """
    small = {place for place, count in enumerate(counts) if 0 < count < FEWEST}
    away = small | _given_away_with(counts, small)
    hidden, total = sum(counts[place] for place in away), sum(counts)
    least = hidden - len(small) * (FEWEST - 1)
    if len(away) > len(small) and least >= FEWEST:
        few, many = Told(1, FEWEST - 1), Told(least, hidden - len(small))
    elif hidden == total:
        return [Told(0, total)] * len(counts)
    else:
        few = many = Told(1, hidden - len(away) + 1)
    ranges = {place: few if place in small else many for place in away}
    return [ranges.get(place, Told(count, count)) for place, count in enumerate(counts)]


def _given_away_with(counts: Sequence[int], small: set[int]) -> set[int]:
    """Return the place that has to go with the small ones, if the total would give them away."""
    hidden = sum(counts[place] for place in small)
    several_ways = len(small) < hidden < len(small) * (FEWEST - 1)
    if not small or (len(small) > 1 and hidden >= FEWEST and several_ways):
        return set()
    # Not the smallest of the others: that it is the smallest would tell what it can be.
    after = [(min(small) + step) % len(counts) for step in range(len(counts))]
    return set([place for place in after if counts[place] >= FEWEST][:1])
