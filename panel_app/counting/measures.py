"""Measure a set of winners: money by area and category, voters left out, who prefers which."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from panel_app.counting.election import Election
from panel_app.counting.rule import Preference


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many voters have more (or anything at all) from one outcome than from the other."""

    prefer_rule: int
    prefer_plain: int
    indifferent: int


def funded_choices(election: Election, winners: Collection[int]) -> list[int]:
    """For each class, how many projects it supports are bought."""
    chosen = [0] * len(election.classes)
    for index in winners:
        for number in election.supporters[index]:
            chosen[number] += 1
    return chosen


def nothing_funded(election: Election, winners: Collection[int]) -> int:
    """Count voters with nothing they chose bought, empty papers included."""
    chosen = funded_choices(election, winners)
    return sum(v for v, funded in zip(election.voters, chosen, strict=True) if not funded)


def compare(
    election: Election, winners: Collection[int], plain: Collection[int], by: Preference
) -> Comparison:
    """Count who prefers which: by number of chosen projects bought, or by having any at all."""
    ours, theirs = funded_choices(election, winners), funded_choices(election, plain)
    tally: Counter[int] = Counter()
    for voters, mine, other in zip(election.voters, ours, theirs, strict=True):
        if by == "exclusion":
            mine, other = min(mine, 1), min(other, 1)
        tally[(mine > other) - (mine < other)] += voters
    return Comparison(tally[1], tally[-1], tally[0])


def spent_by_area(election: Election, winners: Collection[int]) -> dict[str, int]:
    """Sum the cost of winners by area, projects without one under ""."""
    spent: Counter[str] = Counter()
    for index in winners:
        spent[election.projects[index].area] += election.costs[index]
    return dict(sorted(spent.items()))


def spent_by_category(election: Election, winners: Collection[int]) -> dict[str, int]:
    """Sum the cost of winners by category; a project in two counts in both."""
    spent: Counter[str] = Counter()
    for index in winners:
        for name in election.projects[index].categories:
            spent[name] += election.costs[index]
    return dict(sorted(spent.items()))
