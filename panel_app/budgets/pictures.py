"""A counted ballot on the wall: the pot as it fills, then what it could not pay for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from panel_app.budgets.queries import BallotResult, ProjectResult
from panel_app.core.text import gettext
from panel_app.web import charts, i18n

#: Lines that a screen holds beside the pot, and projects that were not funded.
LINES, LACKING = 5, 3


@dataclass(frozen=True, slots=True)
class Filled:
    """The pot after so many projects. Money in pence."""

    chart: charts.Stack
    #: The newest lines: which in the order of choice, from 1, and the project.
    lines: list[tuple[int, ProjectResult]]
    spent: int
    left: int
    #: What only the lot decided, said on the last screen.
    lots: list[str]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A project that was not funded, and how far it came where that is known."""

    project: ProjectResult
    reached: charts.Stack | None


def filling(result: BallotResult) -> list[Filled]:
    """Return the pot after each project that it pays for, in the order in which they were chosen;
    the empty pot where it pays for none."""
    bought = [project for project in result.projects if project.funded]
    return [_after(result, bought[:count]) for count in range(min(1, len(bought)), len(bought) + 1)]


def lacking(result: BallotResult) -> Iterator[list[Lacking]]:
    """Return those that were not funded, as many as a screen holds at a time."""
    without = [_lacking(project) for project in result.projects if not project.funded]
    for start in range(0, len(without), LACKING):
        yield without[start : start + LACKING]


def _after(result: BallotResult, bought: list[ProjectResult]) -> Filled:
    spent = sum(project.cost for project in bought)
    parts = [(i18n.said(project.title), project.cost) for project in bought]
    return Filled(
        charts.split(gettext("What the pot pays for"), parts, whole=result.pot, money=True),
        list(enumerate(bought, start=1))[-LINES:],
        spent,
        result.pot - spent,
        result.lots if spent == result.spent else [],
    )


def _lacking(project: ProjectResult) -> Lacking:
    if project.short is None:
        return Lacking(project, None)
    part = [(project.title, project.cost - project.short)]
    return Lacking(project, charts.split(project.title, part, whole=project.cost, money=True))
