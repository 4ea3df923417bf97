"""Sharing out a number of points over the projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.ways.way import UNKNOWN, UNREADABLE, Way, pressed
from panel_app.core import money
from panel_app.core.errors import Refused
from panel_app.core.text import _, ngettext
from panel_app.core.typed import one_line
from panel_app.counting import Election, Project, points_election

PREFIX = "points."
USUAL = 10
#: The longest number that is looked at, in digits.
LONGEST = 6


class Points(Way):
    """The choice is the points of each project that got any."""

    name = "points"
    title = _("Share out points")
    example = _(
        "Everybody has ten points and gives as many as they like to each project: ten to one, or"
        " five, three and two."
    )
    limit = _("Points to share out")
    usual = USUAL
    template = "budgets/ways/points.html"

    def hint(self, put: Terms) -> Any:
        """Say how many points there are."""
        return ngettext(
            "You have one point to give. You can change your choice until the ballot closes.",
            "You have %(num)s points to share out. You can change your choice until the ballot"
            " closes.",
            put.rules.limit or USUAL,
        )

    def on_paper(self, put: Terms) -> Any:
        """Say how to give points."""
        return ngettext(
            "You have one point. Write 1 into the box of a project.",
            "You have %(num)s points. Write into the boxes how many each project gets.",
            put.rules.limit or USUAL,
        )

    def read(self, form: MultiDict[str, str]) -> dict[str, str]:
        """Return what was typed for each project, one more or less where a button was pressed."""
        typed = {
            name.removeprefix(PREFIX): one_line(text)
            for name, text in form.items()
            if name.startswith(PREFIX)
        }
        act, project = pressed(form)
        if project in typed and act in {"more", "less"}:
            points = whole(typed[project]) or 0
            typed[project] = str(max(0, points + (1 if act == "more" else -1)))
        return {project: text for project, text in typed.items() if text}

    def check(self, put: Terms, sent: Any) -> dict[str, int]:
        """Return the points given. Raises Refused for what are none, and for too many."""
        if not isinstance(sent, dict) or not all(isinstance(project, str) for project in sent):
            raise Refused(UNREADABLE)
        if not sent.keys() <= put.by_id.keys():
            raise Refused(UNKNOWN)
        given = {project: whole(typed) for project, typed in sent.items()}
        if any(points is None for points in given.values()):
            raise Refused(_("Type whole numbers, such as 3. What you typed is still there."))
        choice = {project: points for project, points in sorted(given.items()) if points}
        self._check_sum(sum(choice.values()), put.rules.limit or USUAL)
        return choice

    def fields(self, choice: Any) -> list[tuple[str, str]]:
        """Return a field for each project with points."""
        return [(f"{PREFIX}{project}", str(points)) for project, points in choice.items()]

    def left(self, put: Terms, sent: Any) -> int:
        """Return how many points are left; below nothing for too many."""
        typed = sent.values() if isinstance(sent, dict) else ()
        return (put.rules.limit or USUAL) - sum(whole(points) or 0 for points in typed)

    def in_words(self, put: Terms, choice: Any) -> list[str]:
        """Return the projects with points, the most first."""
        return sorted(super().in_words(put, choice), key=lambda project: -choice[project])

    def mark(self, choice: Any, project: str) -> Any:
        """Return how many points a project got."""
        return ngettext("one point", "%(num)s points", choice[project])

    def election(self, projects: Sequence[Project], choices: Sequence[Any], put: Terms) -> Election:
        """Return papers of points."""
        return points_election(projects, choices, pot=put.pot)

    def _check_sum(self, given: int, most: int) -> None:
        if given > most:
            raise Refused(LazyString(_too_many, given, most))


def _too_many(given: int, most: int) -> str:
    told = ngettext(
        "You gave %(num)s point; there are %(most)s. Take some back, then check again.",
        "You gave %(num)s points; there are %(most)s. Take some back, then check again.",
        given,
        most=most,
    )
    return str(told)


def whole(typed: Any) -> int | None:
    """Return a whole number of none or more, in anybody's digits; None for anything else."""
    if type(typed) is int:
        return typed if typed >= 0 else None
    plain = money.plain(typed) if isinstance(typed, str) else ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST else None
