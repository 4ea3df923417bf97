"""The rules of a budget ballot, agreed before it opens: how people vote, how papers are counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from panel_app.core.text import _

#: Ways of counting: each name, and what it does.
EQUAL_SHARES, MOST_VOTES = "equal-shares", "most-votes"
COUNTS: dict[str, tuple[Any, Any]] = {
    EQUAL_SHARES: (
        _("Equal shares"),
        _(
            "Everyone gets an equal share of the pot; a project is funded when the people who chose"
            " it can pay for it together. A group of residents decides on as much of the money as"
            " it is large."
        ),
    ),
    MOST_VOTES: (
        _("Most votes"),
        _(
            "Projects are bought in the order of their votes (or points), each that the money left"
            " can still pay for. The larger group may decide on all of it."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is agreed for one ballot. Projects and lines by public identifier, money in pence."""

    way: str = "knapsack"
    #: Projects that may be ticked or listed, or points to give; None for none, or the usual.
    limit: int | None = None
    count: str = EQUAL_SHARES
    #: How many must choose a project for it to be funded at all.
    minimum_votes: int = 0
    #: Groups of projects of which only one can be built.
    incompatible: tuple[tuple[str, ...], ...] = ()
    #: The most that a line's projects may cost together.
    caps: Mapping[str, int] = field(default_factory=dict)
    #: Who agreed to these rules, in words.
    agreed_by: str = ""

    def written(self) -> dict[str, Any]:
        """Return the rules as JSON values."""
        return {**asdict(self), "incompatible": [list(group) for group in self.incompatible]}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Rules:
        """Read what `written` returned; what isn't there is as it always was."""
        groups = tuple(tuple(group) for group in written.get("incompatible", ()))
        return cls(**{**written, "incompatible": groups})

    def among(self, projects: Collection[str]) -> Rules:
        """Return the rules that say something about these projects."""
        groups = (tuple(p for p in group if p in projects) for group in self.incompatible)
        return replace(self, incompatible=tuple(group for group in groups if len(group) > 1))
