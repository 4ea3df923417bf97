"""Sequential Phragmén: voters earn at the same pace and buy what their earnings reach first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from panel_app.counting.election import Election
from panel_app.counting.passes import Purchase
from panel_app.counting.ties import BrokenTie, TieBreak


@dataclass(frozen=True, slots=True)
class Loads:
    """What was bought, each `rate` the load after it; the project that did not fit; ties."""

    purchases: list[Purchase]
    misfit: int | None
    ties: list[BrokenTie]


def phragmen(election: Election, ties: TieBreak, among: Sequence[int]) -> Loads:
    """Buy by the least load (Brill and others 2017; with costs, Los and others 2022, section 3).

    A voter's load is the one of the last project bought that they support. Projects dearer than
    the pot are left out; the first of least load that no longer fits ends the count.
    """
    loads = [Fraction(0)]
    last = [0] * len(election.classes)
    room = election.pot
    waiting = [index for index in among if election.costs[index] <= room]
    reached = dict.fromkeys(waiting, loads[0])
    found = Loads([], None, [])
    while waiting:
        first, *others = sorted(waiting, key=reached.__getitem__)
        least = reached[first] = _load(election, first, loads, last)
        for index in others:
            if reached[index] > least:  # loads only rise
                break
            reached[index] = _load(election, index, loads, last)
            least = min(least, reached[index])
        tied = [index for index in waiting if reached[index] == least]
        misfit = next((index for index in tied if election.costs[index] > room), None)
        if misfit is not None:
            return replace(found, misfit=misfit)
        if len(tied) > 1:
            found.ties.append(ties.first(tied, "phragmen"))
            tied = [found.ties[-1].tied[0]]
        chosen = tied[0]
        room -= election.costs[chosen]
        loads.append(least)
        for number in election.supporters[chosen]:
            last[number] = len(loads) - 1
        found.purchases.append(Purchase(chosen, least, election.votes[chosen]))
        waiting.remove(chosen)
    return found


def _load(
    election: Election, project: int, loads: Sequence[Fraction], last: Sequence[int]
) -> Fraction:
    """The load its supporters would share after buying the project."""
    held = [0] * len(loads)
    for number in election.supporters[project]:
        held[last[number]] += election.voters[number]
    carried = sum((load * voters for load, voters in zip(loads, held, strict=True)), Fraction(0))
    return (carried + election.costs[project]) / election.votes[project]
