"""Ideas that become a project together: all authors and texts are kept, until a ballot opens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from panel_app.balloting.models import Ballot
from panel_app.budgets import frozen_terms
from panel_app.budgets.ideas import road
from panel_app.budgets.ideas.models import Idea, IdeaStep, Step
from panel_app.budgets.models import Count, Pot, Project
from panel_app.budgets.queries import opened_on
from panel_app.budgets.queries import voted as voted
from panel_app.core import audit
from panel_app.core.db import db, locked, reading
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.counting import Result


def join(*, ideas: Sequence[Idea], project: Project, actor: str) -> None:
    """Make ideas part of a project; each keeps its words, and its author is told.

    Raises Refused where none of the project's ideas has a cost, or one can't be voted on: hidden,
    refused, or of a cost that isn't known; Conflict once a ballot with the project has opened.
    """
    if not ideas:
        raise Refused(_("Choose at least one idea."), field="ideas")
    locked(project.pot)
    _check_unvoted(project)
    for idea in sorted(ideas, key=lambda idea: idea.id):
        _check_joins(locked(idea), project)
    together = [*_of(project), *ideas]
    if not any(idea.costing == "costed" for idea in together):
        raise Refused(
            _("None of these ideas has a cost yet. Cost one of them first."), field="ideas"
        )
    for idea in ideas:
        if idea.project_id != project.id:
            idea.project = project
            db.session.flush()
            road.take(idea, "joined", about=_about(idea, project))
    numbers = ", ".join(str(idea.number) for idea in ideas)
    _record("ideas.joined", project, actor, ideas=numbers)


def part(*, idea: Idea, actor: str) -> None:
    """Take an idea out of its project again. Raises Conflict once a ballot with it has opened."""
    project = locked(idea).project
    if project is None:
        return
    _check_unvoted(project)
    about = _about(idea, project)
    idea.project = None
    db.session.flush()
    road.take(idea, "parted", about=about)
    _record("idea.parted", project, actor, ideas=str(idea.number))


def finish(*, project: Project, actor: str) -> None:
    """Say that what a project's ideas asked for is done. Raises Conflict where it isn't funded."""
    ideas = _of(project)
    funded = select(IdeaStep.id).where(
        IdeaStep.idea_id.in_([idea.id for idea in ideas]), IdeaStep.step == "funded"
    )
    if db.session.scalars(funded).first() is None:
        raise Conflict(_("Nobody has funded it yet."))
    for idea in ideas:
        road.take(locked(idea), "done", about=project.public_id)
    _record("ideas.done", project, actor)


def move_on() -> None:
    """Tell authors whose project is on a ballot, or was decided; every minute."""
    with reading():
        due = list(_due())
        db.session.rollback()
    for idea_id, step, ballot in due:
        idea = db.session.get(Idea, idea_id)
        if idea is not None and locked(idea).project_id is not None:
            road.take(idea, step, about=ballot)
        db.session.commit()


def _due() -> Iterator[tuple[int, Step, str]]:
    """Return the steps that projects have taken and their ideas have not: idea, step, ballot."""
    joined = select(Idea.id, Project.public_id, Project.pot_id).join(Idea.project)
    by_pot: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for idea_id, project, pot_id in db.session.execute(joined.order_by(Idea.id)):
        by_pot[pot_id].append((idea_id, project))
    steps_of = select(IdeaStep.idea_id, IdeaStep.step, IdeaStep.about)
    decided_steps = steps_of.where(IdeaStep.step.in_(("listed", "funded", "unfunded")))
    taken = {(idea_id, step, about) for idea_id, step, about in db.session.execute(decided_steps)}
    for pot_id, ideas in by_pot.items():
        for ballot, put in opened_on(db.session.get_one(Pot, pot_id)):
            decided = _winners(ballot)
            for idea_id, project in ideas:
                if project in put.by_id:
                    steps = _steps(project, decided)
                    yield from (
                        (idea_id, step, ballot.public_id)
                        for step in steps
                        if (idea_id, step, ballot.public_id) not in taken
                    )


def _steps(project: str, decided: set[str] | None) -> tuple[Step, ...]:
    if decided is None:
        return ("listed",)
    return ("listed", "funded" if project in decided else "unfunded")


def _winners(ballot: Ballot) -> set[str] | None:
    """Return what a ballot funds; None until it is counted, and for one that is void."""
    if ballot.state != "closed" or ballot.voided_at is not None:
        return None
    deciding = frozen_terms.read(ballot.terms).rules.count
    query = select(Count).where(Count.ballot_id == ballot.id, Count.rule == deciding)
    kept = db.session.scalars(query).one_or_none()
    return set(Result.from_json(kept.result).winners) if kept else None


def _check_unvoted(project: Project) -> None:
    if voted(project):
        raise Conflict(_("A ballot with this project has opened: its ideas stay in it."))


def _check_joins(idea: Idea, project: Project) -> None:
    if idea.call.pot_id != project.pot_id:
        raise Refused(_("Choose ideas for this pot."), field="ideas")
    if idea.project_id not in (None, project.id):
        raise Conflict(_("Number %(number)s is part of another project.", number=idea.number))
    if idea.state != "shown" or idea.costing in {"no", "unknown"}:
        raise Refused(
            _(
                "Number %(number)s can’t be voted on: it has no cost, or is not shown.",
                number=idea.number,
            ),
            field="ideas",
        )


def _of(project: Project) -> list[Idea]:
    query = select(Idea).where(Idea.project_id == project.id).order_by(Idea.number)
    return list(db.session.scalars(query))


def _about(idea: Idea, project: Project) -> str:
    """Return a name for this joining: an idea may come into a project, out of it, and in again."""
    before = select(func.count()).where(IdeaStep.idea_id == idea.id, IdeaStep.step == "parted")
    return f"{project.public_id}.{db.session.scalar(before)}"


def _record(action: str, project: Project, actor: str, **details: str) -> None:
    audit.record(
        action,
        actor=actor,
        subject=f"pot:{project.pot.public_id}",
        project=project.public_id,
        **details,
    )
