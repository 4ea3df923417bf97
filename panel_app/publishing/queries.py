"""What the public pages show, gathered from the features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms
from panel_app.budgets.commitments import queries as commitments
from panel_app.budgets.ideas.models import IdeaCall
from panel_app.budgets.ideas.queries import panels_calls
from panel_app.budgets.queries import closed_on
from panel_app.budgets.spending import queries as spending
from panel_app.core import audit
from panel_app.core.db import db, found
from panel_app.core.disclosure import may_tell
from panel_app.core.text import _
from panel_app.grants.models import Programme
from panel_app.grants.queries import RoundFigures, awards_of, round_figures, taking
from panel_app.panels.current import this_panel
from panel_app.panels.models import Panel
from panel_app.publishing.process import so_far
from panel_app.recruitment.invitations.exports import people_counts
from panel_app.recruitment.invitations.queries import public_waves
from panel_app.recruitment.queries import (
    DrawStory,
    Feature,
    GivenUp,
    draw_story,
    given_up,
    sitting_composition,
    standing,
)
from panel_app.sessions.models import Session
from panel_app.sessions.queries import held
from panel_app.web import charts

#: How many ballots and sessions a panel's page tells of; all of them are on pages of their own.
NEWEST = 5


@dataclass(frozen=True, slots=True)
class BudgetResult:
    """A closed budget ballot, the pence it was about, and whether it told too much to count."""

    ballot: Ballot
    amount: int
    uncounted: bool


@dataclass(frozen=True, slots=True)
class PublicPanel:
    """Everything on a panel's public page."""

    panel: Panel
    story: DrawStory | None
    #: How many were invited, registered, and so on, as far as there are any.
    counts: list[tuple[Any, int]]
    #: Whether homes were written to.
    invited: bool
    #: What happened so far, oldest first.
    so_far: list[charts.Mark]
    #: Lotteries that were committed to and given up before the dice.
    given_up: list[GivenUp]
    #: The newest; the others are on pages of their own.
    budgets: list[BudgetResult]
    sessions: list[Session]
    #: What residents were asked to change, the pots' ideas.
    ideas: Sequence[IdeaCall]
    #: Whether residents or partners took on something that people voted on.
    taken_on: bool
    #: Whether it is known where money goes at the panel's place.
    spending: bool
    #: Those that take applications.
    programmes: list[Programme]
    #: How many grants have been given.
    grants: int
    #: The newest round in which something was decided.
    rounds: list[RoundFigures]
    head: audit.Head


def published_panel() -> Panel:
    """Return the panel in the address. Raises NotFound where it isn't published."""
    panel = this_panel()
    return found(panel if panel.published else None)


def public_panel(panel: Panel) -> PublicPanel:
    """Gather a panel's public page."""
    story, newest = draw_story(panel), {"at_most": NEWEST}
    budgets, held_lately = closed_budgets(panel, **newest), sessions_held(panel, **newest)
    return PublicPanel(
        panel=panel,
        story=story,
        counts=counts(panel),
        invited=bool(public_waves(panel)),
        so_far=so_far(panel, story, [each.ballot for each in budgets], held_lately),
        given_up=given_up(panel),
        budgets=budgets,
        sessions=held_lately,
        ideas=panels_calls(panel.id)[:NEWEST],
        taken_on=bool(commitments.followed(panel)),
        spending=spending.known_at(panel.area),
        programmes=taking(panel),
        grants=db.session.scalar(awards_of(panel).with_only_columns(func.count())) or 0,
        rounds=round_figures(panel, at_most=1),
        head=audit.head(),
    )


def counts(panel: Panel) -> list[tuple[Any, int]]:
    """Return how many were invited, registered, drawn, sit now and came in, where there are any."""
    people = people_counts(panel)
    labels = {
        "invited": _("Homes written to"),
        "registered": _("People who said yes"),
        "drawn": _("Drawn"),
        "sitting": _("Sit now"),
        "replaced": _("Came in as replacements"),
    }
    return [(label, people[key]) for key, label in labels.items() if people[key]]


def composition_now(panel: Panel) -> list[Feature]:
    """Return the composition of those who sit now, or nothing where it would tell who left.

    Beside the composition as drawn it tells the features of the few who changed.
    """
    now = standing(panel)
    return sitting_composition(panel) if may_tell(now.gone) and may_tell(now.sitting) else []


def closed_budgets(panel: Panel, *, at_most: int) -> list[BudgetResult]:
    """Return what was decided on a panel's pots, newest first."""
    query = closed_on(panel).order_by(Ballot.closed_at.desc(), Ballot.id.desc())
    return [budget_result(ballot) for ballot in db.session.scalars(query.limit(at_most))]


def budget_result(ballot: Ballot) -> BudgetResult:
    """Return a closed ballot with what it was about."""
    pot = frozen_terms.read(ballot.terms).pot
    return BudgetResult(ballot, pot, balloting.too_few(ballot))


def sessions_held(panel: Panel, *, at_most: int) -> list[Session]:
    """Return the panel's sessions that are over, newest first."""
    query = held(panel).order_by(Session.starts_at.desc(), Session.id.desc())
    return list(db.session.scalars(query.limit(at_most)))
