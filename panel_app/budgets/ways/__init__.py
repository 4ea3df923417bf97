"""The ways in which a paper can say what the money is for; a new one is a class in this list."""

from __future__ import annotations

from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.ways.points import Points
from panel_app.budgets.ways.ranking import Ranking
from panel_app.budgets.ways.ticks import Approval, Knapsack
from panel_app.budgets.ways.way import Way

#: The first is what a ballot has where nobody chose.
WAYS: tuple[Way, ...] = (Knapsack(), Approval(), Points(), Ranking())
_BY_NAME = {way.name: way for way in WAYS}


def named(name: str) -> Way:
    """Return the way called `name`."""
    return _BY_NAME[name]


def limit_of(put: Terms) -> int:
    """Return how many may be ticked or listed, or points given; 0 for no limit."""
    return put.rules.limit or named(put.rules.way).usual or 0
