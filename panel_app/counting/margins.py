"""Find by how much each loser missed, by counting again with less cost or more support."""

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import ceil

from panel_app.counting.election import CountError, Election
from panel_app.counting.result import Loser, Result
from panel_app.counting.winners import winners


def with_margins(election: Election, result: Result, *, seconds: float = 60) -> Result:
    """Tell for each loser how much less cost or more support would have won, surely.

    Every number is one with which counting the whole election again makes the project win, and
    with one less it does not. The most wanted come first; those whose turn does not come within
    `seconds` stay as they are. Nothing a closing may wait for: it counts dozens of times.
    """
    until = time.monotonic() + seconds
    places = {project.id: index for index, project in enumerate(election.projects)}
    told = {}
    for lost in sorted(result.losers, key=lambda lost: -lost.votes):
        if lost.votes and time.monotonic() < until:
            told[lost.project] = _recounted(election, result, lost, places[lost.project])
    return replace(result, losers=tuple(told.get(lost.project, lost) for lost in result.losers))


def _recounted(election: Election, result: Result, lost: Loser, index: int) -> Loser:
    def wins(changed: Election) -> bool:
        try:
            return lost.project in winners(changed, result.rule)
        except CountError:  # a tie that the rule leaves open
            return False

    return replace(
        lost,
        cost_less=_edge(
            lambda cut: wins(election.costing(index, lost.cost - cut)),
            _likely_cut(result, lost),
            lost.cost - 1,
        ),
        more_support=_edge(
            lambda papers: wins(election.backed(index, papers)),
            _likely_support(result, lost),
            result.papers,
        ),
        recounted=True,
    )


def _likely_cut(result: Result, lost: Loser) -> int:
    """Guess the cut: down to what its supporters had left, or to the room when its turn came."""
    before = (r.cost for r in result.rounds if r.stage == "shares" or r.votes > lost.votes)
    return lost.cost - max(lost.left or 0, result.pot - sum(before))


def _likely_support(result: Result, lost: Loser) -> int:
    """Guess the papers: the whole purses that hold what was missing, or one."""
    purse = Fraction(result.purse or 0)
    return ceil((lost.cost - (lost.left or 0)) / purse) if purse else 1


def _edge(wins: Callable[[int], bool], guess: int, most: int) -> int | None:
    """Find a number from one to `most` that wins while one less loses; none at all loses.

    Halves the way between a number that loses and one that wins, from the guess on, until they
    are neighbours.
    """
    if most < 1:
        return None
    low, high = 0, min(max(guess, 1), most)
    if not wins(high):
        low, high = high, most
        if low == high or not wins(high):
            return None
    elif high > 1 and wins(high - 1):
        high -= 1
    else:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return high
