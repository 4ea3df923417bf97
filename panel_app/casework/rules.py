"""Who may take part in deciding a case, and what their votes say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TOP_SCORE = 5
#: Levels of a conflict of interest that keep a member out of the case.
EXCLUDING = frozenset({"close", "direct"})

Verdict = Literal["clear", "tie", "below_quorum"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the votes on a case say; without a clear majority of one outcome it is deferred."""

    verdict: Verdict
    outcome: str
    eligible: int
    voted: int
    quorum: int
    #: How many were taken out since the vote opened, for a connection declared late.
    taken_out: int
    #: How many chose each outcome.
    votes: Mapping[str, int]


def excluded(level: str | None) -> bool:
    """Whether a declared level keeps the member from reading, scoring and deciding."""
    return level in EXCLUDING


def may_read(level: str | None) -> bool:
    """Whether a member may read the case: only after declaring, and not with a close interest."""
    return level is not None and not excluded(level)


def may_change(old: str | None, new: str) -> bool:
    """Whether a member may declare `new` after `old`: nobody lets themselves back in."""
    return not excluded(old) or excluded(new)


def standing(
    votes: Mapping[str, int], *, eligible: int, quorum: int, taken_out: int = 0
) -> Standing:
    """Return what `votes` (outcome to number) say of members without a conflict.

    The outcome with most votes stands once `quorum` members voted. A tie for the first
    place, or too few votes, defers the case: nothing is decided by chance or in silence.
    """
    voted = sum(votes.values())
    most = max(votes.values(), default=0)
    first = [outcome for outcome, number in votes.items() if number == most]
    verdict: Verdict = "clear" if len(first) == 1 else "tie"
    if voted < quorum or not most:
        verdict = "below_quorum"
    outcome = first[0] if verdict == "clear" else "defer"
    return Standing(verdict, outcome, eligible, voted, quorum, taken_out, dict(votes))


@dataclass(frozen=True, slots=True)
class Spread:
    """How members scored one criterion: how many gave each score, best first, and the middle."""

    counts: tuple[tuple[int, int], ...]
    lowest: int
    highest: int
    mean: float
    number: int


def spread(points: list[int]) -> Spread:
    """Return the spread of at least one score."""
    counts = tuple((score, points.count(score)) for score in range(TOP_SCORE, -1, -1))
    return Spread(counts, min(points), max(points), sum(points) / len(points), len(points))
