"""The demo's counted pot has votes from a stall in it."""

from __future__ import annotations

from flask import Flask

from panel_app.balloting import queries
from panel_app.balloting.services import close_ballot
from panel_app.budgets.demo import story
from panel_app.budgets.rules import Rules
from panel_app.core.db import db
from tests.factories.budgets import make_open_ballot, make_pot
from tests.factories.panels import make_members, make_panel


def test_papers_of_the_stall_join_the_count(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        members = make_members(panel, 8)
        pot = make_pot(panel)
        ballot = make_open_ballot(pot, rules=Rules(way="ranking", limit=story.PLACES))
        db.session.commit()
        story.at_a_stall(ballot, pot, members[: story.ON_PAPER])
        close_ballot(ballot=ballot, actor="system")
        db.session.commit()
        assert (ballot.origins or {})["paper"] == story.ON_PAPER
        assert queries.counted_choices(ballot).count([]) == 1
