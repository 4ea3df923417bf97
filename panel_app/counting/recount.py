"""Find by how much each loser missed, by counting again with less cost or more support."""

from collections.abc import Callable
from dataclasses import replace

from panel_app.counting.counting import count, order_of
from panel_app.counting.election import CountError, Election
from panel_app.counting.result import Loser, Result

#: No more than this many losers times choices (over distinct papers): a second or two.
EFFORT = 20_000


def with_margins(election: Election, result: Result) -> Result:
    """Tell for each loser how much less cost or more support would have won, surely.

    Every number is one with which counting the whole election again buys the project, and with
    one less does not. Gives the result as it is where that many counts would take too long.
    """
    choices = sum(map(len, election.classes))
    if choices * len(result.losers) > EFFORT:
        return result
    places = {project.id: index for index, project in enumerate(election.projects)}
    losers = (_recounted(election, result, lost, places[lost.project]) for lost in result.losers)
    return replace(result, losers=tuple(losers))


def _recounted(election: Election, result: Result, lost: Loser, index: int) -> Loser:
    if not lost.votes:
        return lost

    def wins(changed: Election) -> bool:
        try:
            return lost.project in count(changed, result.rule).winners
        except CountError:  # a tie that the rule leaves open
            return False

    more = lost.more_support
    if result.rule.name != "greedy" or order_of(election, result.rule).startswith("votes"):
        more = _enough(lambda voters: wins(election.backed(index, voters)), result.papers)
    return replace(
        lost,
        cost_less=_cut(lambda cut: wins(election.costing(index, lost.cost - cut)), lost.cost - 1),
        more_support=more,
        recounted=True,
    )


def _enough(wins: Callable[[int], bool], most: int) -> int | None:
    """A number up to `most` that wins while one less does not, sought by doubling."""
    tried = 1
    while not wins(tried):
        if tried == most:
            return None
        tried = min(tried * 2, most)
    return _edge(wins, tried // 2, tried)


def _cut(wins: Callable[[int], bool], most: int) -> int | None:
    """The same, sought between nothing and `most`."""
    return _edge(wins, 0, most) if most > 0 and wins(most) else None


def _edge(wins: Callable[[int], bool], low: int, high: int) -> int:
    """Halve the way between a number that loses and one that wins until they are neighbours."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return high
