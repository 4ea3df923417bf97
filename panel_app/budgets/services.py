"""Setting up pots, lines and projects, and putting them to a ballot.

All of it can be corrected at any time: a ballot keeps what was put to the vote when it opened.
"""

from __future__ import annotations

from sqlalchemy import func, select

from panel_app.balloting import services as balloting
from panel_app.balloting.models import Ballot
from panel_app.budgets import counts, queries, ways
from panel_app.budgets.ideas.models import IdeaCall
from panel_app.budgets.models import BudgetBallot, Line, PlanB, Pot, Project
from panel_app.budgets.rules import COUNTS, MOST_VOTES, Rules
from panel_app.core import audit
from panel_app.core.db import db, locked, one
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.panels.services import must_have_seats

KIND = "budget"
#: The most that a ballot's limit may be: points to share out, or places on a list.
HIGHEST_LIMIT = 1_000


def create_pot(*, panel: Panel, name: Translated, amount: int, actor: str) -> Pot:
    """Make a pot of `amount` pence for the panel to share.

    Raises Refused for nothing, Conflict where nobody has a seat.
    """
    must_have_seats(panel)
    if amount <= 0:
        raise Refused(_("A pot needs some money in it."), field="amount")
    pot = Pot(panel=panel, name=name, amount=amount)
    db.session.add(pot)
    db.session.flush()
    _record("pot.created", pot, actor, amount=amount)
    return pot


def change_pot(*, pot: Pot, name: Translated, amount: int, actor: str) -> None:
    """Rename a pot or change what is in it, in pence. Raises Refused for nothing."""
    if amount <= 0:
        raise Refused(_("A pot needs some money in it."), field="amount")
    pot.name, pot.amount = name, amount
    db.session.flush()
    _record("pot.changed", pot, actor, amount=amount)


def remove_pot(*, pot: Pot, actor: str) -> None:
    """Remove a pot with its lines and projects. Raises Conflict where a ballot is on it."""
    locked(pot)
    if db.session.scalar(select(BudgetBallot.ballot_id).where(BudgetBallot.pot_id == pot.id)):
        raise Conflict(_("There is a ballot on this pot. Delete its drafts first."))
    if db.session.scalar(select(IdeaCall.id).where(IdeaCall.pot_id == pot.id)):
        raise Conflict(_("Residents were asked for ideas for this pot, so it stays."))
    _record("pot.removed", pot, actor, amount=pot.amount)
    for part in [*pot.projects, *pot.lines, pot]:
        db.session.delete(part)
        db.session.flush()


def add_line(*, pot: Pot, name: Translated, yearly: int | None = None, actor: str) -> Line:
    """Add a service line; `yearly` is what it spends in a year now, in pence."""
    locked(pot)
    line = Line(pot=pot, name=name, yearly=yearly, position=_next(Line, pot))
    db.session.add(line)
    db.session.flush()
    _record("line.added", pot, actor, line=line.public_id, yearly=yearly)
    return line


def change_line(*, line: Line, name: Translated, yearly: int | None, actor: str) -> None:
    """Rename a service line, or change what it spends in a year now."""
    line.name, line.yearly = name, yearly
    db.session.flush()
    _record("line.changed", line.pot, actor, line=line.public_id, yearly=yearly)


def remove_line(*, line: Line, actor: str) -> None:
    """Take a line out of its pot. Raises Conflict while projects are on it."""
    locked(line.pot)
    if db.session.scalar(select(Project.id).where(Project.line_id == line.id)):
        raise Conflict(_("Projects are on this line. Change them first."))
    _record("line.removed", line.pot, actor, line=line.public_id)
    db.session.delete(line)
    db.session.flush()


def add_project(
    *,
    pot: Pot,
    title: Translated,
    summary: Translated,
    cost: int,
    council_cost: int | None = None,
    plan_b: PlanB | None = None,
    line: Line | None = None,
    goal: Translated | None = None,
    actor: str,
) -> Project:
    """Add something the pot can buy, for `cost` pence.

    `council_cost` is what it would cost if the council did it all, where residents take work on
    themselves, and `plan_b` what happens where that falls through. Raises Refused where an amount
    makes no sense, a price is lowered without a plan B, or the line is another pot's.
    """
    _check_project(pot, cost, council_cost, line)
    plan_b = _plan_b(cost, council_cost, plan_b)
    locked(pot)
    project = Project(
        pot=pot,
        line=line,
        title=title,
        summary=summary,
        cost=cost,
        council_cost=council_cost,
        plan_b=plan_b,
        goal=goal,
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
    plan_b: PlanB | None = None,
    goal: Translated | None = None,
    actor: str,
) -> Project:
    """Change a project; ballots that are open or closed keep what was put to the vote."""
    _check_project(project.pot, cost, council_cost, line)
    project.plan_b = _plan_b(cost, council_cost, plan_b)
    project.title, project.summary, project.line = title, summary, line
    project.cost, project.council_cost, project.goal = cost, council_cost, goal
    db.session.flush()
    _record("project.changed", project.pot, actor, project=project.public_id, cost=cost)
    return project


def remove_project(*, project: Project, actor: str) -> None:
    """Take a project out of the pot; ballots that are open or closed keep it.

    Raises Conflict where work was taken on for it and a ballot with it has opened.
    """
    if project.commitments and queries.voted(project):
        raise Conflict(_("Work was taken on for it, and a ballot with it has opened: it stays."))
    _record("project.removed", project.pot, actor, project=project.public_id, cost=project.cost)
    db.session.delete(project)
    db.session.flush()


def create_budget_ballot(
    *, pot: Pot, question: Translated, rules: Rules | None = None, actor: str
) -> Ballot:
    """Make a draft ballot on what the pot should pay for.

    Raises Refused for rules that don't go together, or aren't about this pot.
    """
    rules = rules or Rules()
    _check_rules(pot, rules)
    ballot = balloting.create_ballot(panel=pot.panel, question=question, kind=KIND)
    db.session.add(BudgetBallot(ballot=ballot, pot=pot, rules=rules.written()))
    db.session.flush()
    _record("ballot.drafted", pot, actor, ballot=ballot.public_id, **_agreed(rules))
    return ballot


def change_draft(*, ballot: Ballot, question: Translated, rules: Rules, actor: str) -> None:
    """Change the question and rules of a ballot that isn't open yet.

    Raises Conflict for any other, Refused as `create_budget_ballot` does.
    """
    locked(ballot)
    if ballot.state != "draft":
        raise Conflict(_("This ballot has been opened already."))
    link = one(select(BudgetBallot).where(BudgetBallot.ballot_id == ballot.id))
    _check_rules(link.pot, rules)
    ballot.question, link.rules = question, rules.written()
    db.session.flush()
    _record("ballot.redrafted", link.pot, actor, ballot=ballot.public_id, **_agreed(rules))


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


def _plan_b(cost: int, council_cost: int | None, plan_b: PlanB | None) -> PlanB | None:
    """Return the plan that a project keeps: one where its price is lowered, none elsewhere."""
    if council_cost is None or council_cost == cost:
        return None
    if plan_b is None:
        raise Refused(_("Say what happens if the residents’ part falls through."), field="plan_b")
    return plan_b


def _check_rules(pot: Pot, rules: Rules) -> None:
    if rules.way not in {way.name for way in ways.WAYS} or rules.count not in COUNTS:
        raise Refused(_("Choose one of these."), field="way")
    if rules.limit is not None and not 1 <= rules.limit <= HIGHEST_LIMIT:
        raise Refused(
            _("Type a number from %(min)s to %(max)s.", min=1, max=HIGHEST_LIMIT), field="limit"
        )
    if rules.minimum_votes < 0:
        raise Refused(_("Type a number of votes, or nothing."), field="minimum_votes")
    projects = {project.public_id for project in pot.projects}
    if any(len(group) < 2 or not set(group) <= projects for group in rules.incompatible):
        raise Refused(_("Name at least two projects of this pot in a line."), field="incompatible")
    if rules.count != MOST_VOTES and (rules.incompatible or rules.caps):
        raise Refused(
            _(
                "Equal shares can’t keep to projects that exclude each other, or to the most that a"
                " line may get. Leave these empty, or count by most votes."
            ),
            field="incompatible" if rules.incompatible else "count",
        )


def _agreed(rules: Rules) -> dict[str, str | int | None]:
    return {"way": rules.way, "count": rules.count, "limit": rules.limit}


def _next(table: type[Line] | type[Project], pot: Pot) -> int:
    highest = db.session.scalar(select(func.max(table.position)).where(table.pot_id == pot.id))
    return (highest or 0) + 1
