"""What comes next: for a member the steps of every feature, for a panel where it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from panel_app.core.feature import offered
from panel_app.core.translated import Translated
from panel_app.panels.models import Member, Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One thing to do or to know of, ready for the page."""

    #: Its heading, translated; content in the reader's language (Markup from `said`) is fine.
    title: Any
    #: A sentence or two below it.
    words: Any
    #: Where the button leads, and what it says; None for something to know of only.
    url: str | None = None
    button: Any = None
    #: Whether it can be done now; what can comes first.
    now: bool = False
    #: Whether the button sends a form: pressing it is noted.
    noted: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What a feature offers a member."""

    of_member: Callable[[Member], Iterable[NextStep]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a member comes in as they join: what goes on just now."""

    url: str
    #: Whether it is noted already that they came.
    is_noted: bool
    #: Note that they came.
    note: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a feature knows of what goes on just now, if anything does."""

    of_member: Callable[[Member], Arrival | None]


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where a panel meets."""

    at: datetime
    place: Translated


@dataclass(frozen=True, slots=True)
class Meetings:
    """What a feature knows of a panel's next meeting."""

    next_of: Callable[[Panel], Meeting | None]


def next_meeting(panel: Panel) -> Meeting | None:
    """Return the panel's next meeting that is planned, if any."""
    known = [meeting for offer in offered(Meetings) if (meeting := offer.next_of(panel))]
    return min(known, key=lambda meeting: meeting.at, default=None)


def arrival(member: Member) -> Arrival | None:
    """Return what goes on just now where the member comes in, if anything does."""
    found = (offer.of_member(member) for offer in offered(Arrivals))
    return next(filter(None, found), None)


def of(member: Member) -> list[NextStep]:
    """Return the member's next steps: what can be done now first, then by time."""
    steps = [step for offer in offered(NextSteps) for step in offer.of_member(member)]
    return sorted(steps, key=lambda s: (not s.now, s.at is None, s.at.timestamp() if s.at else 0))
