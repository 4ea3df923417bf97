"""What "my panel" offers a member next: the steps of every feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from panel_app.core.feature import offered
from panel_app.panels.models import Member


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
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What a feature offers a member."""

    of_member: Callable[[Member], Iterable[NextStep]]


def of(member: Member) -> list[NextStep]:
    """Return the member's next steps: what can be done now first, then by time."""
    steps = [step for offer in offered(NextSteps) for step in offer.of_member(member)]
    return sorted(steps, key=lambda s: (not s.now, s.at is None, s.at.timestamp() if s.at else 0))
