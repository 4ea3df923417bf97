"""What pages show of contributions: each with how many want it, as that may be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import exists, func, select

from panel_app.core import disclosure
from panel_app.core.db import db
from panel_app.deliberation import written
from panel_app.deliberation.contributions import rules
from panel_app.deliberation.contributions.models import (
    Contribution,
    GuestSupport,
    Support,
    Supports,
    counted_in,
    kept_in,
)
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.web import charts

#: As many as a phone shows at once; a link leads to all.
ON_PHONE = 20
#: Rows of a result that one screen of the wall holds, and shortlisted ones while people write.
ROWS_ON_WALL, NEXT_ON_WALL = 3, 2
#: How many want each, by number; None where that may not be told.
Figures = dict[int, int | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One contribution with how many want it, as that may be told."""

    contribution: Contribution
    #: How many of the panel; while the part goes on in steps of five. None for fewer than five.
    people: int | None
    #: The same of guests, where they stand apart.
    guests: int | None
    #: A bar beside the most wanted; None where nothing is told.
    bar: charts.Bar | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What one person did about a contribution."""

    wanted: bool
    #: What the next press's counter has to be.
    counter: int


@dataclass(frozen=True)
class Overview:
    """All that is shown of a part, the most wanted first."""

    item: AgendaItem
    all: list[Wanted]
    #: How many wait for a moderator, and how many their authors took back.
    pending: int
    withdrawn: int

    @cached_property
    def on_wall(self) -> Wanted | None:
        """Return the one on the wall."""
        return next((one for one in self.all if one.contribution.on_wall), None)

    @cached_property
    def shortlist(self) -> list[Wanted]:
        """Return those that the facilitator means to take up, and nobody has answered yet."""
        return [
            one
            for one in self.all
            if one.contribution.shortlisted and one.contribution.answered_at is None
        ]

    @cached_property
    def next(self) -> Wanted | None:
        """Return the one to take up next: of the shortlist, or else the most wanted."""
        waiting = [one for one in self.all if one.contribution.answered_at is None]
        others = [one for one in self.shortlist or waiting if not one.contribution.on_wall]
        return next(iter(others), None)


def contribution_of(public_id: str, panel_id: int) -> Contribution | None:
    """Return one contribution of a panel's sessions."""
    return written.called(Contribution, public_id, panel_id)


def contributions_of(item: AgendaItem) -> list[Contribution]:
    """Return every contribution of a part, by number."""
    return written.texts_of(Contribution, item)


def on_wall(item: AgendaItem) -> Contribution | None:
    """Return the contribution that is on the wall."""
    query = select(Contribution).where(Contribution.item_id == item.id, Contribution.on_wall)
    return db.session.scalar(query)


def own(item: AgendaItem, person: Participant) -> list[Contribution]:
    """Return what somebody wrote in a part and didn't take back, the newest first."""
    mine = written.own(Contribution, item, person)
    return [one for one in mine if one.state != "withdrawn"]


def others_want(contribution: Contribution) -> bool:
    """Whether anybody but its author wants it; exact while the item is held."""
    of_panel = Support.member_id != func.coalesce(contribution.author_id, 0)
    of_guests = GuestSupport.guest_id != func.coalesce(contribution.guest_id, 0)
    pressed = [
        exists().where(model.contribution_id == contribution.id, model.wanted, others)
        for model, others in ((Support, of_panel), (GuestSupport, of_guests))
    ]
    return bool(db.session.scalar(select(pressed[0] | pressed[1])))


def supporters(contribution: Contribution, model: Supports) -> int:
    """Return how many want it, of the panel or of the guests."""
    query = select(func.count()).where(model.contribution_id == contribution.id, model.wanted)
    return db.session.scalar(query) or 0


def counter_of(contribution: Contribution, person: Participant) -> int:
    """Return the counter of somebody's last press, 0 where they never pressed."""
    model = kept_in(person)
    query = select(model.counter).where(
        model.contribution_id == contribution.id, model.person_id == person.id
    )
    return db.session.scalar(query) or 0


def mine(item: AgendaItem, person: Participant) -> dict[int, Mine]:
    """Return what somebody pressed in a part, by the contributions' ids."""
    model = kept_in(person)
    query = (
        select(model.contribution_id, model.wanted, model.counter)
        .join(Contribution, Contribution.id == model.contribution_id)
        .where(Contribution.item_id == item.id, model.person_id == person.id)
    )
    return {
        contribution: Mine(wanted, counter + 1)
        for contribution, wanted, counter in db.session.execute(query)
    }


def overview(item: AgendaItem, *, exact: bool | None = None) -> Overview:
    """Return what is shown of a part, the most wanted first.

    Figures move while people press, so they are told in steps of five; `exact`ly only as they
    were kept at closing, and unless said otherwise once those were revealed.
    """
    exact = item.revealed if exact is None else exact
    everything = contributions_of(item)
    panel, guests = _kept(item) if exact else _moving(item)
    shown = _ranked(everything, panel, {} if exact else guests)
    states = [one.state for one in everything]
    return Overview(item, shown, states.count("pending"), states.count("withdrawn"))


def of_guests(item: AgendaItem) -> list[Wanted]:
    """Return the results of the guests alone, as they stood at closing."""
    return _ranked(contributions_of(item), _kept(item)[1], {})


def people(item: AgendaItem, model: Supports | None = None) -> int:
    """Return how many wrote something or wanted something; of the guests where these are named.

    Who writes wants it, so that those who want something are all.
    """
    of = model or counted_in(item)
    query = (
        select(func.count(of.person_id.distinct()))
        .join(Contribution, Contribution.id == of.contribution_id)
        .where(Contribution.item_id == item.id, of.wanted)
    )
    return db.session.scalar(query) or 0


def guests(item: AgendaItem) -> int:
    """Return how many guests wrote something or wanted something."""
    return people(item, GuestSupport)


def snapshot(item: AgendaItem, model: Supports | None = None) -> dict[str, Any]:
    """Return the figures that may be told, by the contributions' numbers.

    What they say is read where it is kept, so that nothing stays of what is erased.
    """
    counted = _counted(item, model or counted_in(item))
    told = {str(number): disclosure.told(figure) for number, figure in sorted(counted.items())}
    return {"people": people(item, model), "figures": told}


def _counted(item: AgendaItem, model: Supports) -> dict[int, int]:
    query = (
        select(Contribution.number, func.count())
        .join(model, model.contribution_id == Contribution.id)
        .where(Contribution.item_id == item.id, Contribution.state == "accepted", model.wanted)
        .group_by(Contribution.number)
    )
    return {number: figure for number, figure in db.session.execute(query).all()}  # noqa: C416


def _ranked(everything: list[Contribution], panel: Figures, guests: Figures) -> list[Wanted]:
    """Return what is shown with its figures, the most wanted first."""
    top = max((figure for figure in panel.values() if figure), default=0)
    shown = [
        Wanted(one, figure, guests.get(one.number), charts.bar(figure, top) if figure else None)
        for one in everything
        if one.state == "accepted"
        for figure in [panel.get(one.number)]
    ]
    return sorted(shown, key=lambda one: rules.place(one.people, one.contribution.number))


def _moving(item: AgendaItem) -> tuple[Figures, Figures]:
    """Return the figures of the panel and of the guests as they are now, in steps of five."""
    of = counted_in(item)
    apart = {} if of is GuestSupport else _counted(item, GuestSupport)
    return _in_steps(_counted(item, of)), _in_steps(apart)


def _in_steps(figures: dict[int, int]) -> Figures:
    return {number: disclosure.in_steps(figure) or None for number, figure in figures.items()}


def _kept(item: AgendaItem) -> tuple[Figures, Figures]:
    """Return the figures as they stood at closing."""
    first, second = (
        {int(number): figure for number, figure in (kept or {}).get("figures", {}).items()}
        for kept in (item.snapshot, item.guest_snapshot)
    )
    return first, second
