"""Setting up pots, lines and projects, and putting them to a ballot."""

from __future__ import annotations

from sqlalchemy import func, select

from panel_app.balloting import services as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts
from panel_app.budgets.models import BudgetBallot, Line, Pot, Project
from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel

KIND = "budget"


def create_pot(*, panel: Panel, name: Translated, amount: int, actor: str) -> Pot:
    """Make a pot of `amount` pence for the panel to share. Raises Refused for nothing."""
    if amount <= 0:
        raise Refused(_("A pot needs some money in it."), field="amount")
    pot = Pot(panel=panel, name=name, amount=amount)
    db.session.add(pot)
    db.session.flush()
    _record("pot.created", pot, actor, amount=amount)
    return pot


def add_line(*, pot: Pot, name: Translated, yearly: int | None = None, actor: str) -> Line:
    """Add a service line; `yearly` is what it spends in a year now, in pence."""
    locked(pot)
    line = Line(pot=pot, name=name, yearly=yearly, position=_next(Line, pot))
    db.session.add(line)
    db.session.flush()
    _record("line.added", pot, actor, line=line.public_id, yearly=yearly)
    return line


def add_project(
    *,
    pot: Pot,
    title: Translated,
    summary: Translated,
    cost: int,
    council_cost: int | None = None,
    line: Line | None = None,
    actor: str,
) -> Project:
    """Add something the pot can buy, for `cost` pence.

    `council_cost` is what it would cost if the council did it all, where residents take work on
    themselves. Raises Refused where an amount makes no sense or the line is another pot's.
    """
    _check_project(pot, cost, council_cost, line)
    locked(pot)
    project = Project(
        pot=pot,
        line=line,
        title=title,
        summary=summary,
        cost=cost,
        council_cost=council_cost,
        position=_next(Project, pot),
    )
    db.session.add(project)
    db.session.flush()
    _record("project.added", pot, actor, project=project.public_id, cost=cost)
    return project


def change_project(
    *,
    project: Project,
    title: Translated,
    summary: Translated,
    cost: int,
    council_cost: int | None,
    line: Line | None,
    actor: str,
) -> Project:
    """Change a project; ballots that are open or closed keep what was put to the vote."""
    _check_project(project.pot, cost, council_cost, line)
    project.title, project.summary, project.line = title, summary, line
    project.cost, project.council_cost = cost, council_cost
    db.session.flush()
    _record("project.changed", project.pot, actor, project=project.public_id, cost=cost)
    return project


def remove_project(*, project: Project, actor: str) -> None:
    """Take a project out of the pot; ballots that are open or closed keep it."""
    _record("project.removed", project.pot, actor, project=project.public_id, cost=project.cost)
    db.session.delete(project)
    db.session.flush()


def create_budget_ballot(*, pot: Pot, question: Translated, actor: str) -> Ballot:
    """Make a draft ballot on what the pot should pay for."""
    ballot = balloting.create_ballot(panel=pot.panel, question=question, kind=KIND)
    db.session.add(BudgetBallot(ballot=ballot, pot=pot))
    db.session.flush()
    _record("ballot.drafted", pot, actor, ballot=ballot.public_id)
    return ballot


def count_ballot(*, ballot: Ballot, actor: str) -> None:
    """Count a closed ballot by every rule and keep the results; done as it closes, too.

    Raises Conflict where the ballot is open, or its papers were altered after closing.
    """
    counts.store(ballot, actor=actor)


def _record(action: str, pot: Pot, actor: str, **details: str | int | None) -> None:
    audit.record(action, actor=actor, subject=f"pot:{pot.public_id}", **details)


def _check_project(pot: Pot, cost: int, council_cost: int | None, line: Line | None) -> None:
    if cost <= 0:
        raise Refused(_("A project needs a cost."), field="cost")
    if council_cost is not None and council_cost < cost:
        raise Refused(
            _("With the council doing it all it can’t cost less than with residents taking part."),
            field="council_cost",
        )
    if line is not None and line.pot_id != pot.id:
        raise Refused(_("Choose a line of this pot."), field="line")


def _next(table: type[Line] | type[Project], pot: Pot) -> int:
    highest = db.session.scalar(select(func.max(table.position)).where(table.pot_id == pot.id))
    return (highest or 0) + 1
