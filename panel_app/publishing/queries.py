"""What the public pages show, gathered from the features."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms
from panel_app.budgets.queries import closed_ballots
from panel_app.core import audit
from panel_app.core.db import db, found
from panel_app.core.disclosure import may_tell
from panel_app.grants.models import Programme
from panel_app.grants.queries import RoundFigures, awards_of, programmes, round_figures
from panel_app.panels.current import this_panel
from panel_app.panels.models import Panel
from panel_app.recruitment.queries import (
    DrawStory,
    Feature,
    GivenUp,
    draw_story,
    given_up,
    sitting_composition,
    standing,
)


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
    #: Lotteries that were committed to and given up before the dice.
    given_up: list[GivenUp]
    budgets: list[BudgetResult]
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
    return PublicPanel(
        panel=panel,
        story=draw_story(panel),
        given_up=given_up(panel),
        budgets=closed_budgets(panel),
        programmes=programmes(panel),
        grants=db.session.scalar(awards_of(panel).with_only_columns(func.count())) or 0,
        rounds=round_figures(panel, at_most=1),
        head=audit.head(),
    )


def composition_now(panel: Panel) -> list[Feature]:
    """Return the composition of those who sit now, or nothing where it would tell who left.

    Beside the composition as drawn it tells the features of the few who changed.
    """
    now = standing(panel)
    return sitting_composition(panel) if may_tell(now.gone) and may_tell(now.sitting) else []


def closed_budgets(panel: Panel) -> list[BudgetResult]:
    """Return what was decided on a panel's pots, newest first."""
    return [
        BudgetResult(ballot, frozen_terms.read(ballot.terms).pot, balloting.too_few(ballot))
        for ballot in closed_ballots(panel)
    ]
