"""The demo's pots: one counted in the autumn, one open tonight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper import services as on_paper
from panel_app.balloting.on_paper.queries import numbers_of
from panel_app.balloting.services import cast_paper, close_ballot, open_ballot
from panel_app.budgets.commitments import services as commitments
from panel_app.budgets.commitments.services import Offer
from panel_app.budgets.demo import texts
from panel_app.budgets.models import Commitment, Pot
from panel_app.budgets.rules import Rules
from panel_app.budgets.services import add_line, add_project, create_budget_ballot, create_pot
from panel_app.budgets.shares import services as shares
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.panels.demo import Members
from panel_app.panels.models import Member, Panel
from panel_app.sessions.demo import PLANNED, Tonight, add

OPEN_POT = 10_000_000
PAST_POT = 2_400_000
SHARED_POT = 9_000_000
#: How many have voted already in the open ballot.
EARLY_VOTERS = 9
#: How many voted on paper in the ballot that is over.
ON_PAPER = 6
#: How long a list may be in the ballot that is over.
PLACES = 3


class Promises(list[Commitment]):
    """What residents had taken on for the pot that is spent."""


def open_pot(story: Story) -> None:
    """Put £100,000 to the vote, with a few papers cast; the ballot stays open for a week."""
    pot = create_pot(panel=story.the(Panel), name=texts.POT, amount=OPEN_POT, actor=ACTOR)
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
            plan_b="full" if council_cost else None,
            line=lines[line],
            actor=ACTOR,
        )
    for place, offer in texts.OFFERS:
        agreed(pot, place, offer)
    ballot = create_budget_ballot(pot=pot, question=texts.QUESTION, actor=ACTOR)
    open_ballot(
        ballot=ballot, closes_at=clock.now() + timedelta(days=7) + clock.how_long_ago(), actor=ACTOR
    )
    db.session.commit()
    vote(ballot, pot, story.the(Members)[-EARLY_VOTERS:], story.random)
    story.keep(ballot)


def past_pot(story: Story) -> None:
    """Put £24,000 to the vote, and count it a day later."""
    pot = create_pot(panel=story.the(Panel), name=texts.PAST_POT, amount=PAST_POT, actor=ACTOR)
    for title, cost in texts.PAST_PROJECTS:
        add_project(pot=pot, title=title, summary=texts.PAST_SUMMARY, cost=cost, actor=ACTOR)
    promises = [agreed(pot, place, offer) for place, offer in texts.PAST_OFFERS]
    rules = Rules(way="ranking", limit=PLACES, agreed_by="the residents’ meeting in September")
    ballot = create_budget_ballot(pot=pot, question=texts.PAST_QUESTION, rules=rules, actor=ACTOR)
    open_ballot(ballot=ballot, closes_at=clock.now() + timedelta(days=1), actor=ACTOR)
    db.session.commit()
    with clock.ago(clock.how_long_ago() - timedelta(hours=23)):
        vote(ballot, pot, story.the(Members), story.random, most=PLACES)
        at_a_stall(ballot, pot, story.the(Members)[:ON_PAPER])
        close_ballot(ballot=ballot, actor=ACTOR)
    story.keep(Promises(promises))
    db.session.commit()


def shared_pot(story: Story) -> None:
    """Have £90,000 shared out over the service lines, and count it a day later."""
    panel, question = story.the(Panel), texts.SHARED_QUESTION
    pot = create_pot(panel=panel, name=texts.SHARED_POT, amount=SHARED_POT, actor=ACTOR)
    lines = [
        add_line(pot=pot, name=name, yearly=yearly, actor=ACTOR) for name, yearly in texts.LINES
    ]
    ballot = shares.create_ballot(pot=pot, question=question, agreed_by="", actor=ACTOR)
    open_ballot(ballot=ballot, closes_at=clock.now() + timedelta(days=1), actor=ACTOR)
    db.session.commit()
    with clock.ago(clock.how_long_ago() - timedelta(hours=23)):
        for member in story.the(Members):
            first, second = sorted(story.random.choices(range(0, 101, 5), k=2))
            wished = (first, second - first, 100 - second)
            choice = {line.public_id: share for line, share in zip(lines, wished, strict=True)}
            cast_paper(ballot=ballot, member=member, choice=choice, counter=1)
            db.session.commit()
        close_ballot(ballot=ballot, actor=ACTOR)
    db.session.commit()


def followed(story: Story) -> None:
    """Say what became of what residents had taken on: one part done, one not."""
    for one, (state, words) in zip(story.the(Promises), texts.BECAME, strict=True):
        commitments.move(commitment=one, state=state, words=words, actor=ACTOR)


def agreed(pot: Pot, place: int, offer: Offer) -> Commitment:
    """Have somebody take a part of a project on, and agree to it."""
    made = commitments.offer(project=pot.projects[place], offer=offer, actor=ACTOR)
    commitments.move(commitment=made, state="agreed", words=texts.AGREED, actor=ACTOR)
    return made


def at_a_stall(ballot: Ballot, pot: Pot, voters: Sequence[Member]) -> None:
    """Let some vote on paper in place of their phones; two people type what they handed in."""
    run = on_paper.print_run(ballot=ballot, language="en", papers=20, actor=ACTOR)
    for member in voters:
        on_paper.hand_out(ballot=ballot, member=member, actor=ACTOR)
    stall, size = "Stall in the community room", len(voters)
    batch = on_paper.open_batch(ballot=ballot, number=1, place=stall, size=size, actor=ACTOR)
    wanted = [project.public_id for project in pot.projects]
    for who in (ACTOR, "staff:colleague"):
        for place, number in enumerate(numbers_of(ballot, run, 1)[:size]):
            said, choice = ("vote", [wanted[place % len(wanted)]]) if place else ("blank", None)
            on_paper.type_paper(batch=batch, who=who, number=number, said=said, choice=choice)
        on_paper.finish(batch=batch, who=who)
    db.session.commit()


def plan(story: Story) -> None:
    """Put the open ballot on tonight's agenda."""
    ballot = story.the(Ballot).public_id
    add(story.the(Tonight).session, texts.BALLOT_TITLE, 20, "ballot", ballot=ballot)


def vote(
    ballot: Ballot, pot: Pot, voters: Sequence[Member], random: Random, most: int | None = None
) -> None:
    """Cast a paper for each voter: what they like best, as far as it fits, or so many of it."""
    for member in voters:
        liked = sorted(pot.projects, key=lambda p: random.random() * (p.cost**0.3))
        choice, left = [], pot.amount
        for project in liked[: random.randint(2, len(liked))]:
            if project.cost <= left:
                choice.append(project.public_id)
                left -= project.cost
        cast_paper(ballot=ballot, member=member, choice=choice[:most], counter=1)
        db.session.commit()


PARTS = (
    Part(ago=timedelta(days=21), play=past_pot),
    Part(ago=timedelta(days=18), play=shared_pot),
    Part(ago=timedelta(days=6), play=followed),
    Part(ago=timedelta(days=2), play=open_pot),
    Part(ago=PLANNED, play=plan),
)
