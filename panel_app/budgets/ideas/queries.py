"""Ideas and their road, ready for pages."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from panel_app.budgets.ideas import road, rules
from panel_app.budgets.ideas.models import Costing, Idea, IdeaCall, IdeaStep, Wish
from panel_app.budgets.ideas.road import own_token as own_token
from panel_app.budgets.models import Pot, Project
from panel_app.core import clock, disclosure
from panel_app.core.db import db, found, one
from panel_app.core.text import gettext
from panel_app.core.translated import Translated
from panel_app.places import queries as places
from panel_app.places.models import Place
from panel_app.web import i18n

#: The newest so many are looked at for one that is alike.
LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class IdeaShown:
    """One idea as everybody sees it."""

    idea: Idea
    #: How many want it too, at least, in steps of five: it moves while people look.
    wanted: int
    costing: Costing | None
    #: How many ideas are part of its project beside it.
    others: int


@dataclass(frozen=True, slots=True)
class RoadStep:
    """A step that an idea took, in words."""

    step: str
    name: Any
    at: datetime
    words: Translated | None
    #: A costing's amount in words and how it was worked out.
    amount: str = ""
    basis: str = ""
    project: Translated | None = None
    #: The other ideas of the project.
    others: Sequence[Idea] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the costing has come, for everybody."""

    ideas: int
    costed: int
    refused: int
    #: Those without an answer, and what those with a cost come to, in pence.
    waiting: int
    once: int
    yearly: int
    #: Whether some wait beyond the day that was named for it.
    late: bool = False


def call_of(pot: Pot) -> IdeaCall | None:
    """Return how ideas are asked for a pot; None where they never were."""
    return db.session.scalar(select(IdeaCall).where(IdeaCall.pot_id == pot.id))


def call_called(public_id: str) -> IdeaCall:
    """Return the call with this identifier. Raises NotFound."""
    return one(select(IdeaCall).where(IdeaCall.public_id == public_id))


def idea_of(call: IdeaCall, number: int) -> Idea:
    """Return an idea by its number. Raises NotFound."""
    return one(select(Idea).where(Idea.call_id == call.id, Idea.number == number))


def shown_idea(call: IdeaCall, number: int) -> Idea:
    """Return an idea that everybody sees. Raises NotFound for any other."""
    idea = idea_of(call, number)
    return found(idea if idea.state == "shown" else None)


def own_idea(token: str) -> Idea:
    """Return the idea of an author's own link. Raises NotFound for one that is made up."""
    public_id = token.partition("-")[0]
    idea = db.session.scalar(select(Idea).where(Idea.public_id == public_id))
    expected = road.own_token(idea) if idea else ""
    return found(idea if hmac.compare_digest(expected.encode(), token.encode()) else None)


def shown(ideas: Iterable[Idea]) -> list[IdeaShown]:
    """Return ideas with how many want them and their newest cost, in three questions for all."""
    ideas = list(ideas)
    numbers = [idea.id for idea in ideas]
    wanted = _wanted(numbers)
    costs = newest_costs(numbers)
    together = _together([idea.project_id for idea in ideas if idea.project_id is not None])
    return [
        IdeaShown(
            idea,
            disclosure.in_steps(wanted.get(idea.id, 0)),
            costs.get(idea.id),
            together.get(idea.project_id, 1) - 1 if idea.project_id else 0,
        )
        for idea in ideas
    ]


def newest_costs(numbers: Sequence[int]) -> dict[int, Costing]:
    """Return the newest costing of each idea that has one."""
    query = select(Costing).where(Costing.idea_id.in_(numbers)).order_by(Costing.version)
    return {costing.idea_id: costing for costing in db.session.scalars(query)}


def costings(idea: Idea) -> Sequence[Costing]:
    """Return every version of what an idea would cost, the newest first."""
    query = select(Costing).where(Costing.idea_id == idea.id)
    return db.session.scalars(query.order_by(Costing.version.desc())).all()


def road_of(idea: Idea) -> list[RoadStep]:
    """Return the steps that an idea took, the first first."""
    versions = {str(costing.version): costing for costing in costings(idea)}
    steps = select(IdeaStep).where(IdeaStep.idea_id == idea.id).order_by(IdeaStep.id)
    return [_told(idea, step, versions) for step in db.session.scalars(steps)]


def progress(call: IdeaCall) -> Progress:
    """Return how far the costing of a call's ideas has come."""
    counted = select(Idea.costing, func.count()).where(Idea.call_id == call.id, _SHOWN)
    standing = _counts(counted.group_by(Idea.costing))
    ideas = select(Idea.id).where(Idea.call_id == call.id, _SHOWN, Idea.costing == "costed")
    costs = newest_costs(list(db.session.scalars(ideas)))
    total = sum(standing.values())
    costed, refused = standing.get("costed", 0), standing.get("no", 0)
    past = call.costed_by is not None and call.costed_by < clock.now().date()
    return Progress(
        ideas=total,
        costed=costed,
        refused=refused,
        waiting=total - costed - refused,
        once=sum(c.pence or 0 for c in costs.values() if not c.yearly),
        yearly=sum(c.pence or 0 for c in costs.values() if c.yearly),
        late=past and total > costed + refused,
    )


def next_to_cost(call: IdeaCall) -> Idea | None:
    """Return the idea that an officer costs next: the oldest without an answer."""
    query = select(Idea).where(Idea.call_id == call.id, _SHOWN, Idea.costing == "none")
    return db.session.scalars(query.order_by(Idea.number).limit(1)).one_or_none()


def alike(call: IdeaCall, text: str) -> list[Idea]:
    """Return the shown ideas most like a text."""
    query = select(Idea.id, Idea.title).where(Idea.call_id == call.id, _SHOWN)
    rows = db.session.execute(query.order_by(Idea.id.desc()).limit(LOOKED_AT)).all()
    texts = {number: " ".join(title.texts().values()) for number, title in rows}
    near = rules.alike(text, texts)
    ideas = {i.id: i for i in db.session.scalars(select(Idea).where(Idea.id.in_(near)))}
    return [ideas[number] for number in near]


def joinable(call: IdeaCall, first: Idea) -> list[Idea]:
    """Return the ideas that can become part of a project, those most like the first on top."""
    query = select(Idea).where(
        Idea.call_id == call.id,
        _SHOWN,
        Idea.costing.in_(("none", "costed")),
        Idea.project_id.is_(None),
        Idea.id != first.id,
    )
    ideas = list(db.session.scalars(query.order_by(Idea.number).limit(LOOKED_AT)))
    texts = {idea.id: " ".join(idea.title.texts().values()) for idea in ideas}
    near = rules.alike(str(first.title), texts, most=10)
    return sorted(ideas, key=lambda i: (near.index(i.id) if i.id in near else len(near), i.number))


def ideas_in(project: Project) -> Sequence[Idea]:
    """Return the ideas that are part of a project."""
    query = select(Idea).where(Idea.project_id == project.id).order_by(Idea.number)
    return db.session.scalars(query).all()


def places_for(call: IdeaCall) -> list[tuple[Place, str]]:
    """Return the places that an idea can be about, with their names: those within the panel's."""
    area = call.pot.panel.area_id
    inside: set[int] = set() if area is None else {area}
    kept = []
    for branch, (_code, name) in zip(places.tree(), places.choices(), strict=True):
        place = branch.place
        if area is None or place.id in inside or place.parent_id in inside:
            inside.add(place.id)
            kept.append((place, name))
    return kept


def panels_calls(panel_id: int) -> Sequence[IdeaCall]:
    """Return the calls for ideas of a panel's pots, the newest first."""
    query = select(IdeaCall).join(IdeaCall.pot).where(Pot.panel_id == panel_id)
    query = query.options(contains_eager(IdeaCall.pot))
    return db.session.scalars(query.order_by(IdeaCall.id.desc())).all()


def listed(call: IdeaCall) -> Select[Idea]:
    """Return the query for what everybody sees of a call."""
    return select(Idea).where(Idea.call_id == call.id, _SHOWN)


def every_one(call: IdeaCall) -> Select[Idea]:
    """Return the query for all ideas of a call, by number."""
    return select(Idea).where(Idea.call_id == call.id).order_by(Idea.number)


def numbers_of(call: IdeaCall) -> Sequence[int]:
    """Return the numbers of all ideas of a call."""
    query = select(Idea.number).where(Idea.call_id == call.id).order_by(Idea.number)
    return db.session.scalars(query).all()


WITH_ALL = [joinedload(Idea.place), joinedload(Idea.project)]
_SHOWN = Idea.state == "shown"
#: How many want an idea, in the steps in which it is told: an order tells no more than a page.
WANTED = (
    select(func.count() / disclosure.FEWEST)
    .where(Wish.idea_id == Idea.id)
    .correlate(Idea)
    .scalar_subquery()
)


def _wanted(numbers: Sequence[int]) -> dict[int, int]:
    query = select(Wish.idea_id, func.count()).where(Wish.idea_id.in_(numbers))
    return _counts(query.group_by(Wish.idea_id))


def _together(projects: Sequence[int]) -> dict[int | None, int]:
    query = select(Idea.project_id, func.count()).where(Idea.project_id.in_(projects))
    return _counts(query.group_by(Idea.project_id))


def _told(idea: Idea, step: IdeaStep, versions: dict[str, Costing]) -> RoadStep:
    taken = step.step, road.NAMES[step.step], step.created_at
    costing = versions.get(step.about) if step.step in {"costed", "unknown", "no"} else None
    if costing is not None:
        return RoadStep(
            *taken, costing.reason, amount=road.told_of_costing(costing), basis=costing.basis
        )
    project = idea.project if step.step in {"joined", "listed", "funded", "done"} else None
    if step.step == "joined" and project is not None and step.about.startswith(project.public_id):
        others = [other for other in ideas_in(project) if other.id != idea.id]
        return RoadStep(*taken, step.words, project=project.title, others=others)
    return RoadStep(*taken, step.words, project=project.title if project else None)


def wanted_told(number: int) -> str:
    """Say how many want an idea too, in steps of five."""
    told = gettext("At least %(number)s people want this.", number=i18n.number(number))
    return str(told if number else gettext("Fewer than five people have said so yet."))


def _counts(query: Select[Any, int]) -> dict[Any, int]:
    counted = {}
    for key, number in db.session.execute(query):
        counted[key] = number
    return counted
