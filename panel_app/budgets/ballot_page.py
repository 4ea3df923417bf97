"""What a resident's phone shows of a budget ballot: the projects, the purse, their own choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from panel_app.balloting.models import Ballot
from panel_app.balloting.papers import Sheet
from panel_app.budgets import frozen_terms, taken_on, ways, wording
from panel_app.budgets.frozen_terms import Option, Terms
from panel_app.budgets.taken_on import Taken
from panel_app.budgets.ways.way import Way
from panel_app.core.text import gettext
from panel_app.core.translated import Translated, Wording
from panel_app.counting import OwnShare
from panel_app.web import charts, i18n
from sortition.folding import fold

#: From how many projects on a page offers to look for one.
MANY = 12
#: What is shown of a long list, beside one service line: all of it, or what one chose.
ALL, MINE = "", "mine"


@dataclass(frozen=True, slots=True)
class ProjectOnPhone:
    """One project of the ballot page. Money in pence."""

    id: str
    title: Wording
    summary: Wording
    line: Wording | None
    cost: int
    council_cost: int | None
    goal: Wording | None
    #: What residents and partners take on, and what happens where they don't.
    taken: list[Taken]
    plan_b: str
    chosen: bool
    #: The points typed for it; empty for none and where no points are given.
    points: str
    #: Whether it is among what was looked for.
    shown: bool

    @property
    def untranslated(self) -> bool:
        """Whether its title or its description is not in the reader's language."""
        goal = self.goal is not None and self.goal.fallback
        return self.title.fallback or self.summary.fallback or goal


@dataclass(frozen=True, slots=True)
class BallotPage:
    """The projects in this person's own order, and the purse as it stands. Money in pence."""

    projects: list[ProjectOnPhone]
    pot: int
    spent: int
    number: int
    bar: charts.Bar
    way: Way
    hint: Any
    #: The chosen ones in the order of the choice, best first.
    order: list[ProjectOnPhone]
    #: How many points, or places on the list, are left; None where there is no such limit.
    left: int | None
    #: How the votes will be counted, in sentences.
    rules: list[str]
    finder: Finder | None


@dataclass(frozen=True, slots=True)
class Finder:
    """What is looked for in a long list of projects, and what can be shown of it."""

    words: str
    show: str
    #: Each thing that can be shown, by its name.
    offers: list[tuple[str, str]]
    found: int

    def keeps(self, option: Option, *, chosen: bool) -> bool:
        """Whether a project is among what is looked for."""
        if self.show == MINE and not chosen:
            return False
        if self.show not in {ALL, MINE} and (not option.line or self.show != str(option.line)):
            return False
        texts = [option.title, option.summary, *filter(None, [option.line])]
        spelt = fold(" ".join(i18n.wording(text).text for text in texts))
        return all(fold(word) in spelt for word in self.words.split())


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice in words. Money in pence."""

    #: The projects, each with what the choice says of it.
    projects: list[tuple[Option, Any]]
    within_pot: bool
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
    choice = sheet.choice or []
    chosen_ids = [project for project in dict.fromkeys(choice) if project in put.by_id]
    spent = put.cost_of(chosen_ids)
    finder = _finder(put, sheet, chosen_ids)
    projects = {option.id: _on_phone(option, choice, finder) for option in _in_order(put, sheet)}
    return BallotPage(
        projects=list(projects.values()),
        pot=put.pot,
        spent=spent,
        number=len(chosen_ids),
        bar=charts.bar(spent, put.pot),
        way=(way := ways.named(put.rules.way)),
        hint=way.hint(put),
        order=[projects[project] for project in chosen_ids],
        left=way.left(put, sheet.choice),
        rules=wording.rules_told(put),
        finder=finder,
    )


def _in_order(put: Terms, sheet: Sheet) -> Sequence[Option]:
    """Return the options in the member's own order, or as they stand on a printed paper."""
    if sheet.member is None:
        return put.options
    return put.in_order_for(f"{sheet.ballot.public_id}:{sheet.member.public_id}")


def chosen(ballot: Ballot, choice: Any) -> Chosen:
    """Return a checked choice with what it costs."""
    put = frozen_terms.read(ballot.terms)
    way = ways.named(put.rules.way)
    ordered = [put.by_id[project] for project in way.in_words(put, choice)]
    spent = put.cost_of(list(choice))
    projects = [(option, way.mark(choice, option.id)) for option in ordered]
    return Chosen(projects, way.within_pot, spent, put.pot - spent, put.pot)


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


def _finder(put: Terms, sheet: Sheet, chosen_ids: list[str]) -> Finder | None:
    """Return what is looked for, where there are many projects."""
    if len(put.options) < MANY:
        return None
    lines = {
        str(option.line): i18n.wording(option.line).text for option in put.options if option.line
    }
    offers = [(ALL, gettext("All projects")), (MINE, gettext("What I chose")), *lines.items()]
    show = sheet.sent.get("show", ALL)
    known = show if show in dict(offers) else ALL
    asked = Finder(sheet.sent.get("find", "")[:80], known, offers, 0)
    found = sum(asked.keeps(option, chosen=option.id in chosen_ids) for option in put.options)
    return replace(asked, found=found)


def _on_phone(option: Option, choice: Any, finder: Finder | None) -> ProjectOnPhone:
    is_chosen = option.id in choice
    return ProjectOnPhone(
        id=option.id,
        title=i18n.wording(option.title),
        summary=i18n.wording(option.summary),
        line=i18n.wording(option.line) if option.line else None,
        cost=option.cost,
        council_cost=option.council_cost,
        goal=i18n.wording(option.goal) if option.goal else None,
        taken=[taken_on.told(promise) for promise in option.commitments],
        plan_b=taken_on.plan_b_told(option),
        chosen=is_chosen,
        points=str(choice[option.id]) if is_chosen and isinstance(choice, dict) else "",
        shown=finder is None or finder.keeps(option, chosen=is_chosen),
    )
