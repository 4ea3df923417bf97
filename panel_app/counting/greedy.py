"""Buy projects by most votes or points, within every limit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from panel_app.counting.election import Election
from panel_app.counting.rule import Rule
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
        self.room = self.election.pot - sum(costs[index] for index in self.bought)
        self.room_by_area = dict(self.rule.area_caps)
        for index in self.bought:
            self._use_cap(index)

    def _use_cap(self, index: int) -> None:
        project = self.election.projects[index]
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
        return "cap" if project.cost > self.room_by_area.get(project.area, self.room) else ""

    def buy(self, index: int) -> None:
        self.bought.append(index)
        self.room -= self.election.costs[index]
        self._use_cap(index)

    def buy_in_order(self, groups: Sequence[Sequence[int]]) -> None:
        """Buy what fits, in order; only the lot orders the projects inside a group."""
        for group in groups:
            fitting = [index for index in group if not self.refusal(index)]
            for index in group:
                if reason := self.refusal(index):
                    self.refused[index] = reason
                else:
                    self.buy(index)
            first = next((index for index in group if index in self.bought), None)
            if first is not None:
                lost = (index for index in fitting if index not in self.bought)
                self.lots.update(dict.fromkeys(lost, first))


def shop(
    election: Election,
    rule: Rule,
    worth: Sequence[int],
    ties: TieBreak,
    before: Collection[int] = (),
    stage: str = "votes",
) -> tuple[Shopping, list[BrokenTie]]:
    """Buy what is worth most from what the projects `before` left; names the ties of worth too."""
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
