"""How to count: the rule, its utilities, completion, ties and limits, as one value."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from panel_app.counting.election import CountError

RuleName = Literal["greedy", "equal-shares", "phragmen"]
Utility = Literal["cost", "cardinality", "points"]
Completion = Literal["none", "add1", "add1u", "greedy"]
Add1 = Literal["until-overspend", "first-exhaustive"]
Order = Literal["votes", "points", "votes-per-pound", "points-per-pound"]
Misfit = Literal["skip", "stop"]
Preference = Literal["satisfaction", "exclusion"]

_TIE = re.compile(r"cost|votes|seed:[0-9]+")

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "name": get_args(RuleName),
    "completion": get_args(Completion),
    "add1": get_args(Add1),
    "misfit": get_args(Misfit),
    "preference": get_args(Preference),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of counting.

    `utility` None means cost for approval ballots, points for the others; `order` None means
    votes for approval ballots, points for the others. `ties` are tried in turn: "cost" (lowest),
    "votes" (most), "seed:N" (the smallest SHA-256 of "N:project id"). `add1` names the published
    convention (see docs/counting.md). Caps are minor units by category or area. `comparison`
    lets plain most-votes replace Equal Shares when strictly more voters prefer it.
    """

    name: RuleName = "equal-shares"
    utility: Utility | None = None
    completion: Completion = "add1u"
    add1: Add1 = "until-overspend"
    ties: tuple[str, ...] = ("cost", "votes", "seed:0")
    order: Order | None = None
    misfit: Misfit = "skip"
    minimum_votes: int = 0
    incompatible: tuple[tuple[str, ...], ...] = ()
    category_caps: Mapping[str, int] = field(default_factory=dict)
    area_caps: Mapping[str, int] = field(default_factory=dict)
    comparison: bool = False
    preference: Preference = "satisfaction"

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {getattr(self, name)!r}, not one of {', '.join(choices)}"
            for name, choices in _CHOICES.items()
            if getattr(self, name) not in choices
        ]
        if self.utility not in (None, *get_args(Utility)):
            faults.append(f"utility is {self.utility!r}, not one of {', '.join(get_args(Utility))}")
        if self.order not in (None, *get_args(Order)):
            faults.append(f"order is {self.order!r}, not one of {', '.join(get_args(Order))}")
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

    def to_dict(self) -> dict[str, Any]:
        """Give the rule as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Rule":
        """Read what `to_dict` gave, before or after JSON."""
        return cls(
            **{
                **values,
                "ties": tuple(values["ties"]),
                "incompatible": tuple(map(tuple, values["incompatible"])),
            }
        )
