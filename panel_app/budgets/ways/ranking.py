"""Putting projects in order, the most wanted first, with buttons alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.ways.way import Way, listed, pressed
from panel_app.core.errors import Refused
from panel_app.core.text import _, gettext, ngettext
from panel_app.counting import Election, Project, ranking_election
from panel_app.web import i18n

USUAL = 5


class Ranking(Way):
    """The choice is the list of the wanted projects, best first."""

    name = "ranking"
    title = _("Put in order")
    example = _(
        "Everybody makes a list, best first. On a list of at most five, the first gets five"
        " points, the next four, and so on."
    )
    limit = _("How many a list may hold")
    usual = USUAL
    template = "budgets/ways/rank.html"

    def hint(self, put: Terms) -> Any:
        """Say how long the list may be."""
        return ngettext(
            "Choose the project you want most. You can change your choice until the ballot closes.",
            "Put up to %(num)s projects on your list, the one you want most first. You can change"
            " it until the ballot closes.",
            put.rules.limit or USUAL,
        )

    def on_paper(self, put: Terms) -> Any:
        """Say how to number the projects."""
        return ngettext(
            "Write 1 into the box of the project you want most.",
            "Write 1 into the box of the project you want most, then 2, up to %(num)s.",
            put.rules.limit or USUAL,
        )

    def read(self, form: MultiDict[str, str]) -> list[str]:
        """Return the list, with the button that was pressed carried out."""
        order = form.getlist("project")
        act, project = pressed(form)
        if act == "add" and project and project not in order:
            return [*order, project]
        if project not in order:
            return order
        place = order.index(project)
        rest = [*order[:place], *order[place + 1 :]]
        to = {"up": max(place - 1, 0), "down": place + 1}.get(act)
        if act == "out":
            return rest
        return order if to is None else [*rest[:to], project, *rest[to:]]

    def check(self, put: Terms, sent: Any) -> list[str]:
        """Return the list. Raises Refused where it is too long."""
        order, most = listed(put, sent), put.rules.limit or USUAL
        if len(order) > most:
            raise Refused(LazyString(_too_long, len(order), most))
        return order

    def left(self, put: Terms, sent: Any) -> int:
        """Return how many more the list may hold."""
        return (put.rules.limit or USUAL) - len(sent or [])

    def in_words(self, put: Terms, choice: Any) -> list[str]:
        """Return the list as it is."""
        return list(choice)

    def mark(self, choice: Any, project: str) -> Any:
        """Return a project's place on the list."""
        return gettext("place %(place)s", place=i18n.number(choice.index(project) + 1))

    def election(self, projects: Sequence[Project], choices: Sequence[Any], put: Terms) -> Election:
        """Return papers in order, with a point for the last place that a list may have."""
        table = range(put.rules.limit or USUAL, 0, -1)
        return ranking_election(projects, choices, pot=put.pot, table=table)


def _too_long(number: int, most: int) -> str:
    told = ngettext(
        "Your list has %(num)s project; it may have %(most)s. Take something out.",
        "Your list has %(num)s projects; it may have %(most)s. Take something out.",
        number,
        most=i18n.number(most),
    )
    return str(told)
