"""The demo's ideas for next year's money: sent, wanted, some costed, three joined in a project."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from panel_app.budgets.ideas import costing, joining, services
from panel_app.budgets.ideas.costing import Cost
from panel_app.budgets.ideas.demo import texts
from panel_app.budgets.ideas.models import Idea, IdeaCall, KnownBy
from panel_app.budgets.services import add_project, create_pot
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.panels.models import Panel
from panel_app.places.models import Place

AMOUNT = 10_000_000


class Ideas(list[Idea]):
    """The demo's ideas, in the order in which they came."""


def asked(story: Story) -> None:
    """Ask what residents would change, and let them say it."""
    pot = create_pot(panel=story.the(Panel), name=texts.POT, amount=AMOUNT, actor=ACTOR)
    today = clock.now().date()
    terms = services.Terms(
        closes_on=today + timedelta(days=40), costed_by=today + timedelta(days=60)
    )
    call = services.ask_for_ideas(pot=pot, terms=terms, actor=ACTOR)
    blocks = list(db.session.scalars(select(Place).where(Place.kind == "block").order_by(Place.id)))
    story.keep(Ideas(_said(call, blocks, number) for number in range(len(texts.IDEAS))))


def costed(story: Story) -> None:
    """Have an officer cost some, and make a project of those that are alike."""
    ideas = story.the(Ideas)
    for number, verdict, pence, yearly, basis, reason in texts.COSTS:
        said = Cost(verdict=verdict, reason=reason, pence=pence, yearly=yearly, basis=basis)
        costing.cost(idea=ideas[number], cost=said, actor=ACTOR)
    project = add_project(
        pot=ideas[0].call.pot,
        title=texts.BENCHES,
        summary=texts.BENCHES_SUMMARY,
        goal=texts.BENCHES_GOAL,
        cost=340_000,
        actor=ACTOR,
    )
    joining.join(ideas=ideas[:3], project=project, actor=ACTOR)


def _said(call: IdeaCall, blocks: list[Place], number: int) -> Idea:
    language, title, why, block, origin, wanted, contact = texts.IDEAS[number]
    said = services.Said(
        title=title,
        why=why,
        language=language,
        place=None if block is None else blocks[block],
        contact=contact,
    )
    known: KnownBy = "place" if origin == "phone" else "staff"
    idea = services.add_idea(call=call, said=said, known_by=known, origin=origin)
    for neighbour in range(wanted):
        services.want_too(idea=idea, who=f"browser:demo-{neighbour}")
    return idea


PARTS = (
    Part(ago=timedelta(days=12), play=asked),
    Part(ago=timedelta(days=4), play=costed),
)
