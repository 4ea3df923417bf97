"""What closing a ballot holds the database's write lock for: one count, whatever the ballot."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.budgets import counts
from panel_app.budgets.models import Count
from panel_app.core.db import db
from tests.factories.balloting import close, the_ballot
from tests.factories.holds import Holds, closing, make_full_vote

#: How many statements one transaction of a closing may send to the database.
MOST_STATEMENTS = 60


@pytest.fixture(autouse=True)
def short_margins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work out no more margins than show who waits for them."""
    monkeypatch.setattr(counts, "SECONDS", 0.3)


@pytest.mark.parametrize("seed", range(8))
def test_closing_holds_the_database_for_one_count_only(app: Flask, seed: int) -> None:
    """Another writer comes every tenth of a second; nobody waits for the margins."""
    vote = make_full_vote(app, seed)
    holds = closing(app, vote, close)
    with app.app_context():
        assert not counts.margins_awaited(the_ballot(vote))
        rules = set(db.session.scalars(select(Count.rule)))
    assert rules == {"equal-shares", "most-votes"}
    assert sorted(rule for hold in holds.held for rule in hold.counted) == [
        "equal-shares",
        "greedy",
    ]
    assert max(len(hold.counted) for hold in holds.held) == len(rules)
    assert max(hold.statements for hold in holds.held) <= MOST_STATEMENTS
    # It gets in between the closing, its cleaning and the margins, however slow the machine.
    assert holds.waits
    assert max(holds.waited_for) <= 3


def test_a_fuller_ballot_asks_the_database_no_more_often(app: Flask) -> None:
    small, full = (
        closing(app, make_full_vote(app, 1, voters=voters), close) for voters in (10, 80)
    )
    assert statements(small) == statements(full)


def statements(holds: Holds) -> int:
    """Return how many statements the busiest transaction sent."""
    return max(hold.statements for hold in holds.held)
