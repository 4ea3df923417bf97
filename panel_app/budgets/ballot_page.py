"""What a resident's phone shows of a budget ballot: the projects, the purse, their own choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from panel_app.balloting.models import Ballot
from panel_app.balloting.papers import Sheet
from panel_app.budgets import frozen_terms
from panel_app.core.translated import Translated, Wording
from panel_app.counting import OwnShare
from panel_app.web import charts, i18n


@dataclass(frozen=True, slots=True)
class ProjectOnPhone:
    """One project of the ballot page. Money in pence."""

    id: str
    title: Wording
    summary: Wording
    line: Wording | None
    cost: int
    council_cost: int | None
    chosen: bool

    @property
    def untranslated(self) -> bool:
        """Whether its title or its description is not in the reader's language."""
        return self.title.fallback or self.summary.fallback


@dataclass(frozen=True, slots=True)
class BallotPage:
    """The projects in this person's own order, and the purse as it stands. Money in pence."""

    projects: list[ProjectOnPhone]
    pot: int
    spent: int
    number: int
    bar: charts.Bar


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice in words. Money in pence."""

    projects: list[frozen_terms.Option]
    spent: int
    left: int
    pot: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one paper's equal share came to: titles, with pence where it paid."""

    purse: int
    left: int
    paid: list[tuple[Translated, int]]
    also: list[Translated]
    missed: list[Translated]


def page_for(sheet: Sheet) -> BallotPage:
    """Return the page for one member; the order of projects stays the same for them."""
    put = frozen_terms.read(sheet.ballot.terms)
    ticked = [project for project in sheet.choice or [] if project in put.by_id]
    spent = put.cost_of(list(dict.fromkeys(ticked)))
    order = put.in_order_for(f"{sheet.ballot.public_id}:{sheet.member.public_id}")
    return BallotPage(
        projects=[_on_phone(option, option.id in ticked) for option in order],
        pot=put.pot,
        spent=spent,
        number=len(set(ticked)),
        bar=charts.bar(spent, put.pot),
    )


def chosen(ballot: Ballot, choice: Any) -> Chosen:
    """Return a checked choice with what it costs."""
    put = frozen_terms.read(ballot.terms)
    spent = put.cost_of(choice)
    projects = [option for option in put.options if option.id in choice]
    return Chosen(projects, spent, put.pot - spent, put.pot)


def own_share_in_words(ballot: Ballot, share: OwnShare) -> Share:
    """Return a share with titles in place of identifiers."""
    options = frozen_terms.read(ballot.terms).by_id
    return Share(
        purse=share.purse,
        left=share.left,
        paid=[(options[project].title, pence) for project, pence in share.paid],
        also=[options[project].title for project in share.also],
        missed=[options[project].title for project in share.missed],
    )


def _on_phone(option: frozen_terms.Option, ticked: bool) -> ProjectOnPhone:
    return ProjectOnPhone(
        id=option.id,
        title=i18n.wording(option.title),
        summary=i18n.wording(option.summary),
        line=i18n.wording(option.line) if option.line else None,
        cost=option.cost,
        council_cost=option.council_cost,
        chosen=ticked,
    )
