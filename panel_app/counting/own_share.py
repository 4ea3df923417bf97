"""Work out one voter's own share from the published result and their paper alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from panel_app.counting.election import Points
from panel_app.counting.result import Result


@dataclass(frozen=True, slots=True)
class OwnShare:
    """What one paper paid for. Money in minor units, rounded down; purse and left too.

    `paid` pairs each project bought by shares with what this voter gave; `also` are chosen
    projects bought otherwise (nobody's purse); `missed` are chosen projects not bought.
    """

    purse: int
    paid: tuple[tuple[str, int], ...]
    left: int
    also: tuple[str, ...]
    missed: tuple[str, ...]


def own_share(result: Result, paper: Iterable[str] | Mapping[str, Points]) -> OwnShare:
    """Follow one paper through the rounds of a result. Nothing else is read or kept.

    `paper` is the ids chosen, the ids in order for a ranking, or id to points.
    """
    points = _points(result, paper)
    purse = left = Fraction(result.purse or 0)
    paid, also = [], []
    for bought in result.rounds:
        if points.get(bought.project, 0) <= 0:
            continue
        if bought.stage != "shares":
            also.append(bought.project)
            continue
        asked = Fraction(bought.rate or 0) * _utility(result, bought.cost, points[bought.project])
        given = min(left, asked)
        left -= given
        paid.append((bought.project, int(given)))
    missed = tuple(name for name in points if name not in result.winners)
    return OwnShare(int(purse), tuple(paid), int(left), tuple(also), missed)


def _points(result: Result, paper: Iterable[str] | Mapping[str, Points]) -> dict[str, Points]:
    if isinstance(paper, Mapping):
        return {name: points for name, points in paper.items() if points > 0}
    if result.ballot == "ranking":
        return {n: p for n, p in zip(paper, result.table, strict=False) if p > 0}
    return dict.fromkeys(paper, 1)


def _utility(result: Result, cost: int, points: Points) -> Points:
    if result.utility == "cost":
        return cost
    return points * result.scale if result.utility == "points" else 1
