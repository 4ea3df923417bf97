"""A panel's home: the numbered path from targets to delivery, which features offer step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from panel_app.core import clock
from panel_app.core.feature import offered
from panel_app.panels.models import Panel, PanelKind
from panel_app.web import access
from panel_app.web.charts import Stack

#: How far ahead a panel's home names dates.
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to see to, and where."""

    words: Any
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens at a time."""

    at: datetime
    words: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one step stands on one panel."""

    #: Unused: the panel went on without it, and may still.
    state: Literal["done", "now", "later", "unused"]
    #: How it stands, in a sentence.
    words: Any
    #: What its button says while it is the panel's next thing to do.
    button: Any = None
    chart: Stack | None = None
    missing: Sequence[Missing] = ()
    dates: Sequence[Due] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """A feature's step on the path of a panel."""

    #: A translated heading, and where it leads (an endpoint that takes the panel alone).
    title: Any
    endpoint: str
    #: Who sees it.
    permission: access.Permission
    #: Where in the panel's life it stands: 10 targets and pool, 20 draw, 30 letters, 40 sessions,
    #: 50 budgets, 60 grants, 90 public page.
    position: int
    standing: Callable[[Panel], Standing]
    #: The kinds of panel that have this step.
    kinds: frozenset[PanelKind] = frozenset({"drawn", "roll"})
    #: What it says on the finished panel that is shown as an example, with invented figures.
    example: Any


@dataclass(frozen=True, slots=True)
class Path:
    """Everything on a panel's home."""

    steps: list[tuple[PathStep, Standing]]

    @property
    def next(self) -> PathStep | None:
        """Return the step whose button is the filled one: the first to do now."""
        return next((step for step, stands in self.steps if stands.state == "now"), None)

    @property
    def missing(self) -> list[Missing]:
        """Return what is missing in the steps that have begun."""
        begun = [stands for _step, stands in self.steps if stands.state not in ("later", "unused")]
        return [each for stands in begun for each in stands.missing]

    @property
    def dates(self) -> list[Due]:
        """Return what happens within a week, soonest first."""
        now = clock.now()
        dates = [due for _step, stands in self.steps for due in stands.dates]
        soon = [due for due in dates if now <= due.at <= now + AHEAD]
        return sorted(soon, key=lambda due: due.at)


def steps(kind: str = "drawn") -> list[PathStep]:
    """Return every step of a kind of panel, in the order of its life."""
    mine = [step for step in offered(PathStep) if kind in step.kinds]
    return sorted(mine, key=lambda step: step.position)


def path_of(panel: Panel) -> Path:
    """Return the path of a panel, as far as the person asking may see it."""
    mine = [step for step in steps(panel.kind) if access.may(step.permission)]
    return Path([(step, step.standing(panel)) for step in mine])
