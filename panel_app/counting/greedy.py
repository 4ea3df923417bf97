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

    def refusal(self, index: int) -> str:
        """Say why the project cannot be bought now; nothing where it can."""
        election, rule = self.election, self.rule
        project, bought = election.projects[index], [election.projects[at] for at in self.bought]
        if election.votes[index] < rule.minimum_votes:
            return "minimum-votes"
        for group in rule.incompatible:
            if project.id in group and any(other.id in group for other in bought):
                return "incompatible"
        if project.cost > election.pot - election.cost_of(self.bought):
            return "no-room"
        spent = sum(other.cost for other in bought if other.area == project.area)
        cap = rule.area_caps.get(project.area, election.pot)
        return "cap" if project.cost > cap - spent else ""

    def buy_in_order(self, groups: Sequence[Sequence[int]]) -> None:
        """Buy what fits, in order; only the lot orders the projects inside a group."""
        for group in groups:
            fitting = [index for index in group if not self.refusal(index)]
            for index in group:
                if reason := self.refusal(index):
                    self.refused[index] = reason
                else:
                    self.bought.append(index)
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
