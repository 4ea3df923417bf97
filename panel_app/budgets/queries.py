"""Pots for their desk, and results of budget ballots ready for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, frozen_terms, taken_on, wording
from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.models import BudgetBallot, Line, Pot, Project
from panel_app.budgets.rules import COUNTS, EQUAL_SHARES
from panel_app.budgets.taken_on import Taken
from panel_app.core.db import db, one
from panel_app.core.text import gettext, ngettext
from panel_app.core.translated import Translated
from panel_app.counting import Result, explain
from panel_app.panels.models import Panel
from panel_app.web import charts, i18n


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """What became of one project."""

    title: Translated
    #: In pence.
    cost: int
    funded: bool
    residents_take_part: bool
    taken: list[Taken]
    #: What plan B is, or does where the residents' part was not done.
    plan_b: str
    votes: int
    #: The points that all papers gave it; None where papers give none.
    points: int | None
    bar: charts.Bar
    words: str
    #: With how much less it would have been funded, in pence; None where nobody knows.
    short: int | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one way of counting funds."""

    name: Any
    winners: list[Translated]
    #: In pence.
    spent: int
    nothing_funded: int


@dataclass(frozen=True, slots=True)
class BallotResult:
    """A counted budget ballot. Money in pence."""

    question: Translated
    closed_at: datetime
    papers: int
    pot: int
    spent: int
    left: int
    #: How the votes were counted, in sentences.
    told_rules: list[str]
    #: Whether everyone had an equal share of the pot to spend.
    by_shares: bool
    #: Everyone's share at first, and where the rule raised it so that more could be funded.
    share: int
    raised_share: int | None
    projects: list[ProjectResult]
    comparison: list[str]
    #: A sentence for each funded project that only the lot put before another.
    lots: list[str]
    #: The whole count in sentences, in order.
    lines: list[str]
    rules: list[RuleResult]
    #: Whether there are papers enough to tell the result; otherwise nothing below is filled.
    published: bool
    #: Whether the papers still have the fingerprint that the counts were made from.
    holds: bool

    @property
    def spending(self) -> charts.Stack:
        """Return what each funded project takes of the pot, in the order in which it was bought."""
        bought = [(i18n.said(one.title), one.cost) for one in self.projects if one.funded]
        return charts.split(gettext("What the pot pays for"), bought, whole=self.pot, money=True)


def pot_of(panel: Panel, public_id: str) -> Pot:
    """Return a pot of this panel. Raises NotFound for any other."""
    return one(select(Pot).where(Pot.panel_id == panel.id, Pot.public_id == public_id))


def project_of(pot: Pot, public_id: str) -> Project:
    """Return a project of this pot. Raises NotFound for any other."""
    return one(select(Project).where(Project.pot_id == pot.id, Project.public_id == public_id))


def line_of(pot: Pot, public_id: str) -> Line | None:
    """Return a line of this pot, or None for an empty identifier."""
    if not public_id:
        return None
    return one(select(Line).where(Line.pot_id == pot.id, Line.public_id == public_id))


def draft_on(pot: Pot, public_id: str) -> BudgetBallot:
    """Return a ballot on this pot that isn't open yet. Raises NotFound for any other."""
    drafts = select(BudgetBallot).join(Ballot).where(BudgetBallot.pot_id == pot.id)
    return one(drafts.where(Ballot.public_id == public_id, Ballot.state == "draft"))


def pots_of(panel: Panel) -> Sequence[Pot]:
    """Return the panel's pots, the newest first."""
    query = select(Pot).where(Pot.panel_id == panel.id).order_by(Pot.created_at.desc(), Pot.id)
    return db.session.scalars(query).all()


def ballots_on(pot: Pot) -> Sequence[Ballot]:
    """Return the ballots on a pot, the newest first."""
    query = select(Ballot).join(BudgetBallot).where(BudgetBallot.pot_id == pot.id)
    return db.session.scalars(query.order_by(Ballot.created_at.desc())).all()


def budget_ballots_of(panel: Panel) -> Sequence[Ballot]:
    """Return the panel's budget ballots, the newest first."""
    query = select(Ballot).join(BudgetBallot).where(Ballot.panel_id == panel.id)
    return db.session.scalars(query.order_by(Ballot.created_at.desc())).all()


def opened_on(pot: Pot) -> list[tuple[Ballot, Terms]]:
    """Return the pot's ballots that have opened with what each put to the vote, oldest first."""
    query = select(Ballot).join(BudgetBallot).where(BudgetBallot.pot_id == pot.id)
    opened = db.session.scalars(query.where(Ballot.state != "draft").order_by(Ballot.id))
    return [(ballot, frozen_terms.read(ballot.terms)) for ballot in opened]


def voted(project: Project) -> bool:
    """Whether a ballot with this project has opened."""
    return any(project.public_id in put.by_id for _ballot, put in opened_on(project.pot))


def closed_ballots(panel: Panel) -> list[Ballot]:
    """Return a panel's closed budget ballots, newest first."""
    return list(db.session.scalars(closed_on(panel).order_by(Ballot.closed_at.desc())))


def closed_on(panel: Panel) -> Select[Ballot]:
    """Return the query for a panel's closed budget ballots, without order."""
    return (
        select(Ballot)
        .join(BudgetBallot, BudgetBallot.ballot_id == Ballot.id)
        .where(Ballot.panel_id == panel.id, Ballot.state == "closed")
    )


def result(ballot: Ballot) -> BallotResult | None:
    """Return what the result page needs; None until the ballot is counted."""
    kept = counts.stored(ballot)
    put = frozen_terms.read(ballot.terms)
    if put.rules.count not in kept or ballot.closed_at is None:
        return None
    shares = kept[put.rules.count]
    shown = counts.published(ballot)
    shared = shares.pot // shares.papers if shares.papers else 0
    titles = {option.id: i18n.wording(option.title).text for option in put.options}
    told = explain(
        shares,
        gettext=gettext,
        ngettext=ngettext,
        money=i18n.money_text,
        title=lambda project: titles[project],
    )
    words = wording.Wording(shares, titles, counts.margins_awaited(ballot))
    return BallotResult(
        question=ballot.question,
        closed_at=ballot.closed_at,
        papers=shares.papers,
        pot=shares.pot,
        spent=shares.spent,
        left=shares.left,
        told_rules=wording.rules_told(put),
        by_shares=put.rules.count == EQUAL_SHARES,
        share=shared,
        raised_share=shares.purse_floor if shown and shares.purse_floor > shared else None,
        projects=_projects(ballot, shares, words.by_project()) if shown else [],
        lots=words.lots() if shown else [],
        comparison=list(told.comparison) if shown else [],
        lines=told.lines() if shown else [],
        rules=[_rule(name, kept[name], put) for name in COUNTS] if shown else [],
        published=shown,
        holds=balloting.fingerprint_holds(ballot),
    )


def _projects(ballot: Ballot, shares: Result, words: dict[str, str]) -> list[ProjectResult]:
    """Return the projects: funded ones in the order of choice, then the others by votes."""
    put, counted = frozen_terms.read(ballot.terms), counts.election(ballot)
    points = dict(zip((p.id for p in counted.projects), counted.points, strict=True))
    votes = {r.project: r.votes for r in shares.rounds} | {
        x.project: x.votes for x in shares.losers
    }
    short = {lost.project: lost.cost_less for lost in shares.losers}
    now = taken_on.as_they_stand([one for option in put.options for one in option.commitments])
    losers = sorted(shares.losers, key=lambda lost: (-lost.votes, lost.project))
    return [
        ProjectResult(
            title=put.by_id[project].title,
            cost=put.by_id[project].cost,
            funded=project in shares.winners,
            residents_take_part=put.by_id[project].council_cost is not None,
            taken=[taken_on.told(one, now.get(one.id)) for one in put.by_id[project].commitments],
            plan_b=taken_on.plan_b_now(put.by_id[project], now),
            votes=votes[project],
            points=None if counted.kind == "approval" else points[project],
            bar=charts.bar(votes[project], shares.papers),
            words=words[project],
            short=short.get(project),
        )
        for project in [*shares.winners, *(lost.project for lost in losers)]
    ]


def _rule(name: str, counted: Result, put: Terms) -> RuleResult:
    winners = [put.by_id[project].title for project in counted.winners]
    return RuleResult(COUNTS[name][0], winners, counted.spent, counted.nothing_funded)


def titles(texts: list[Translated]) -> Markup:
    """Return titles as one list in the reader's language."""
    return Markup(", ").join(i18n.said(text) for text in texts)
