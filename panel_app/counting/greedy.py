"""Buy projects by most votes, points, or either for each pound, within every limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from panel_app.counting.election import Election
from panel_app.counting.rule import Order, Rule
from panel_app.counting.ties import BrokenTie, TieBreak


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a project was passed over, and how much room it found (minor units)."""

    reason: str
    room: int


@dataclass
class Shopping:
    """Money and limits while projects are bought one after another."""

    election: Election
    rule: Rule
    bought: list[int] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        costs = self.election.costs
        self.room = self.election.pot - sum(costs[index] for index in self.bought)
        self.room_by_category = dict(self.rule.category_caps)
        self.room_by_area = dict(self.rule.area_caps)
        for index in self.bought:
            self._use_caps(index)

    def _use_caps(self, index: int) -> None:
        project = self.election.projects[index]
        for name in project.categories:
            if name in self.room_by_category:
                self.room_by_category[name] -= project.cost
        if project.area in self.room_by_area:
            self.room_by_area[project.area] -= project.cost

    def refusal(self, index: int) -> Refusal | None:
        """Say why the project cannot be bought now, or None."""
        if self.election.votes[index] < self.rule.minimum_votes:
            return Refusal("minimum-votes", self.room)
        return self.misfit(index)

    def misfit(self, index: int) -> Refusal | None:
        """Say which limit of money or company the project breaks now, or None."""
        project = self.election.projects[index]
        names = {self.election.projects[other].id for other in self.bought}
        for group in self.rule.incompatible:
            if project.id in group and names.intersection(group):
                return Refusal("incompatible", self.room)
        capped = [self.room_by_category.get(name, self.room) for name in project.categories]
        capped.append(self.room_by_area.get(project.area, self.room))
        room = min(self.room, *capped)
        if project.cost > room:
            return Refusal("no-room" if project.cost > self.room else "cap", room)
        return None

    def buy(self, index: int) -> None:
        self.bought.append(index)
        self.room -= self.election.costs[index]
        self._use_caps(index)


def merit(election: Election, order: Order) -> list[Fraction | float]:
    """For each project what it is ordered by; free projects are worth more than any by pound."""
    totals = election.points if order.startswith("points") else election.votes
    if not order.endswith("per-pound"):
        return [Fraction(total) for total in totals]
    return [
        Fraction(total, cost) if cost else float("inf" if total > 0 else "-inf")
        for total, cost in zip(totals, election.costs, strict=True)
    ]


def shopping_list(
    election: Election, order: Order, ties: TieBreak, but: Collection[int] = ()
) -> list[int]:
    """Order the supported projects by merit, ties by the rule, leaving out those in `but`."""
    worth = merit(election, order)
    wanted = [i for i, votes in enumerate(election.votes) if votes and i not in but]
    wanted.sort(key=ties.keys.__getitem__)
    return sorted(wanted, key=worth.__getitem__, reverse=True)


def ties_in(
    election: Election, order: Order, ties: TieBreak, listed: Sequence[int], stage: str
) -> list[BrokenTie]:
    """Name the ties of merit in a shopping list."""
    worth = merit(election, order)
    groups = (list(group) for _, group in groupby(listed, key=worth.__getitem__))
    return [ties.first(group, stage) for group in groups if len(group) > 1]


def buy_in_order(shopping: Shopping, listed: Sequence[int]) -> list[int]:
    """Buy what fits, in order, and return it; at a misfit skip or stop as the rule says."""
    bought: list[int] = []
    for place, index in enumerate(listed):
        refusal = shopping.refusal(index)
        if refusal is None:
            shopping.buy(index)
            bought.append(index)
            continue
        shopping.refused[index] = refusal
        if shopping.rule.misfit == "stop" and refusal.reason in ("no-room", "cap"):
            stopped = Refusal("stopped", shopping.room)
            shopping.refused.update(dict.fromkeys(listed[place + 1 :], stopped))
            break
    return bought
