"""Buy projects by most votes, points, or either for each pound, within every limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from panel_app.counting.election import Election
from panel_app.counting.rule import Order, Rule
from panel_app.counting.ties import BrokenTie, TieBreak


@dataclass
class Shopping:
    """Money and limits while projects are bought one after another.

    `refused` says why a project was passed over; `lots` names, for each that the lot alone kept
    from being bought, the one that went first.
    """

    election: Election
    rule: Rule
    bought: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    lots: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        costs = self.election.costs
        self.stopped = False
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

    def refusal(self, index: int) -> str:
        """Say why the project cannot be bought now; nothing where it can."""
        if self.election.votes[index] < self.rule.minimum_votes:
            return "minimum-votes"
        project = self.election.projects[index]
        names = {self.election.projects[other].id for other in self.bought}
        for group in self.rule.incompatible:
            if project.id in group and names.intersection(group):
                return "incompatible"
        if project.cost > self.room:
            return "no-room"
        capped = [self.room_by_category.get(name, self.room) for name in project.categories]
        capped.append(self.room_by_area.get(project.area, self.room))
        return "cap" if project.cost > min(capped) else ""

    def buy(self, index: int) -> None:
        self.bought.append(index)
        self.room -= self.election.costs[index]
        self._use_caps(index)

    def buy_in_order(self, groups: Sequence[Sequence[int]]) -> None:
        """Buy what fits, in order; only the lot orders the projects inside a group."""
        for group in groups:
            fitting = [index for index in group if not self.refusal(index)]
            for index in group:
                self._try(index)
            first = next((index for index in group if index in self.bought), None)
            if first is not None:
                lost = (index for index in fitting if index not in self.bought)
                self.lots.update(dict.fromkeys(lost, first))

    def _try(self, index: int) -> None:
        """Buy the project if it fits; after a misfit go on or refuse all that follow."""
        reason = "stopped" if self.stopped else self.refusal(index)
        if not reason:
            self.buy(index)
            return
        self.refused[index] = reason
        self.stopped = self.rule.misfit == "stop" and reason not in (
            "minimum-votes",
            "incompatible",
        )


def merit(election: Election, order: Order) -> list[Fraction | float]:
    """For each project what it is ordered by; free projects are worth more than any by pound."""
    totals = election.points if order.startswith("points") else election.votes
    if not order.endswith("per-pound"):
        return [Fraction(total) for total in totals]
    return [
        Fraction(total, cost) if cost else float("inf" if total > 0 else "-inf")
        for total, cost in zip(totals, election.costs, strict=True)
    ]


def shop(
    election: Election,
    rule: Rule,
    order: Order,
    ties: TieBreak,
    before: Collection[int] = (),
    stage: str = "votes",
) -> tuple[Shopping, list[BrokenTie]]:
    """Buy by merit from what the projects `before` left over; names the ties of merit too."""
    worth = merit(election, order)
    listed = [index for index, votes in enumerate(election.votes) if votes and index not in before]
    listed.sort(key=ties.keys.__getitem__)
    listed.sort(key=worth.__getitem__, reverse=True)
    alike = [list(group) for _, group in groupby(listed, key=worth.__getitem__)]
    by_lot = [
        list(group)
        for level in alike
        for _, group in groupby(level, key=ties.before_the_lot.__getitem__)
    ]
    shopping = Shopping(election, rule, list(before))
    shopping.buy_in_order(by_lot)
    return shopping, [ties.first(level, stage) for level in alike if len(level) > 1]
