"""How to count: the rule, its utilities, completion, ties and limits, as one value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from panel_app.counting.election import CountError

RuleName = Literal["greedy", "equal-shares"]
Utility = Literal["cost", "cardinality", "points"]
Completion = Literal["none", "add1", "add1u", "greedy"]

_TIE = re.compile(r"cost|votes|seed:[0-9]+")

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "name": get_args(RuleName),
    "completion": get_args(Completion),
    "utility": get_args(Utility),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of counting.

    `utility` None means cost for approval ballots, points for the others. `ties` are tried in
    turn: "cost" (lowest), "votes" (most), "seed:N" (the smallest SHA-256 of "N:project id"). Caps
    are minor units by area.
    """

    name: RuleName = "equal-shares"
    utility: Utility | None = None
    completion: Completion = "add1u"
    ties: tuple[str, ...] = ("cost", "votes", "seed:0")
    minimum_votes: int = 0
    incompatible: tuple[tuple[str, ...], ...] = ()
    area_caps: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {getattr(self, name)!r}, not one of {', '.join(choices)}"
            for name, choices in _CHOICES.items()
            if getattr(self, name) not in choices
            and (name, getattr(self, name)) != ("utility", None)
        ]
        faults += [
            f"ties has {tie!r}, not one of cost, votes, seed:N"
            for tie in self.ties
            if not _TIE.fullmatch(tie)
        ]
        if faults:
            raise CountError(faults)

    @property
    def seed(self) -> str:
        """The number of the lot, or nothing where no lot is drawn."""
        seeds = (tie.removeprefix("seed:") for tie in self.ties if tie.startswith("seed:"))
        return next(seeds, "")
