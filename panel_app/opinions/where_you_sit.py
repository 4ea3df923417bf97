"""Where one person sits among the groups, or beside most people.

What the groups lean to is kept with a round's results; who is in which group is not. So a
person's place is found from the leanings and their own answers, whenever they look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from panel_app.kept import Kept

#: Statements with a side taken that it takes to be compared with a group.
FEWEST_COMPARED = 3

#: Statement to 1 (agree) or -1 (disagree); statements without a leaning are left out.
Leaning = Mapping[str, int]


@dataclass(frozen=True)
class Leanings(Kept):
    """How everybody leans, and each group; no groups while they are not shown."""

    everyone: Leaning
    groups: Mapping[int, Leaning]
    #: Answers that it takes before a person is placed.
    needed: int

    def without(self, statement: str) -> Self:
        """The same without one statement, which was taken back."""

        def others(leaning: Leaning) -> Leaning:
            return {name: side for name, side in leaning.items() if name != statement}

        groups = {label: others(leaning) for label, leaning in self.groups.items()}
        return type(self)(others(self.everyone), groups, self.needed)


@dataclass(frozen=True)
class Match:
    """In how many of the statements that others lean on this person answered as they do."""

    alike: int
    compared: int

    @property
    def share(self) -> float:
        return self.alike / self.compared if self.compared else 0.0


@dataclass(frozen=True)
class Place:
    """Where one person sits.

    `missing` more answers are needed to say. `group` is the one whose leanings they share
    most; None where two are equally close, or groups are not shown.
    """

    missing: int
    group: int | None
    majority: Match
    groups: Mapping[int, Match]


def where_you_sit(leanings: Leanings, own: Mapping[str, int]) -> Place:
    """Compare one person's answers (statement to 1, 0 or -1) with each group and everybody."""
    groups = {label: _match(own, leaning) for label, leaning in leanings.groups.items()}
    return Place(
        missing=max(leanings.needed - len(own), 0),
        group=_closest(groups),
        majority=_match(own, leanings.everyone),
        groups=groups,
    )


def _match(own: Mapping[str, int], leaning: Leaning) -> Match:
    compared = [name for name in leaning if own.get(name)]
    return Match(sum(own[name] == leaning[name] for name in compared), len(compared))


def _closest(groups: Mapping[int, Match]) -> int | None:
    heard = [label for label, match in groups.items() if match.compared >= FEWEST_COMPARED]
    best = max((groups[label].share for label in heard), default=0.0)
    closest = [label for label in heard if groups[label].share == best]
    return closest[0] if len(closest) == 1 else None
