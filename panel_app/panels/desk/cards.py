"""The cards on a panel's desk, which features offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from panel_app.core.feature import offered
from panel_app.panels.models import Panel
from panel_app.web.access import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCard:
    """A feature's entry on the desk of a panel."""

    #: A translated heading, and where it leads (an endpoint that takes the panel alone).
    title: Any
    endpoint: str
    #: Who sees it.
    permission: Permission
    #: Where in the panel's life it stands: 10 targets and pool, 20 draw, 30 letters, 40 sessions,
    #: 50 budgets, 60 grants, 90 public page.
    position: int
    #: How things stand, in a sentence.
    summary: Callable[[Panel], Any]


def all_cards() -> list[DeskCard]:
    """Return every card, in the order of a panel's life."""
    return sorted(offered(DeskCard), key=lambda card: card.position)
