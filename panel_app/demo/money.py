"""The demo's pots: one counted in the summer, one open tonight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import cast_paper, close_ballot, open_ballot
from panel_app.budgets.models import Pot
from panel_app.budgets.services import add_line, add_project, create_budget_ballot, create_pot
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.demo import texts
from panel_app.panels.models import Member, Panel

ACTOR = "system"
OPEN_POT = 10_000_000
PAST_POT = 2_400_000
#: How many have voted already in the open ballot.
EARLY_VOTERS = 9


def open_pot(panel: Panel, members: Sequence[Member], random: Random) -> Ballot:
    """Put £100,000 to the vote, with a few papers cast; the ballot stays open for a week."""
    pot = create_pot(panel=panel, name=texts.POT, amount=OPEN_POT, actor=ACTOR)
    lines = [
        add_line(pot=pot, name=name, yearly=yearly, actor=ACTOR) for name, yearly in texts.LINES
    ]
    for title, summary, line, cost, council_cost in texts.PROJECTS:
        add_project(
            pot=pot,
            title=title,
            summary=summary,
            cost=cost,
            council_cost=council_cost,
            line=lines[line],
            actor=ACTOR,
        )
    ballot = create_budget_ballot(pot=pot, question=texts.QUESTION, actor=ACTOR)
    open_ballot(ballot=ballot, closes_at=clock.now() + timedelta(days=7), actor=ACTOR)
    db.session.commit()
    vote(ballot, pot, members[-EARLY_VOTERS:], random)
    return ballot


def past_pot(panel: Panel, members: Sequence[Member], random: Random) -> Ballot:
    """Put £24,000 to the vote, and count it."""
    pot = create_pot(panel=panel, name=texts.PAST_POT, amount=PAST_POT, actor=ACTOR)
    for title, cost in texts.PAST_PROJECTS:
        add_project(pot=pot, title=title, summary=texts.PAST_SUMMARY, cost=cost, actor=ACTOR)
    ballot = create_budget_ballot(pot=pot, question=texts.PAST_QUESTION, actor=ACTOR)
    open_ballot(ballot=ballot, closes_at=clock.now() + timedelta(days=1), actor=ACTOR)
    db.session.commit()
    vote(ballot, pot, members, random)
    close_ballot(ballot=ballot, actor=ACTOR)
    db.session.commit()
    return ballot


def vote(ballot: Ballot, pot: Pot, voters: Sequence[Member], random: Random) -> None:
    """Cast a paper for each voter: what they like best, as far as it fits."""
    for member in voters:
        liked = sorted(pot.projects, key=lambda p: random.random() * (p.cost**0.3))
        choice, left = [], pot.amount
        for project in liked[: random.randint(2, len(liked))]:
            if project.cost <= left:
                choice.append(project.public_id)
                left -= project.cost
        cast_paper(ballot=ballot, member=member, choice=choice, counter=1)
        db.session.commit()
