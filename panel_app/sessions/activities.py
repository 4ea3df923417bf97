"""The registry of activities: what an agenda item can ask of people.

A new kind is one module that calls `register`; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from panel_app.core.errors import NotFound
from panel_app.core.text import _
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem
from panel_app.web.forms import Form


class ActivityForm(Form):
    """The settings of an activity, shown when a facilitator makes an agenda item."""

    def settings(self) -> dict[str, Any]:
        """Return what `AgendaItem.settings` is to hold, as JSON values."""
        return {}

    def show(self, settings: dict[str, Any]) -> None:
        """Fill the form from an item's settings, for editing."""


def nothing(item: AgendaItem) -> None:
    """Do nothing when an item opens or closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of activity; its views return fragments of a page, without an h1."""

    #: What `AgendaItem.kind` holds.
    kind: str
    #: Its name for facilitators (a lazy string).
    name: Any
    settings: type[ActivityForm]
    #: What a member's phone shows while the item is open, or its results once revealed.
    phone: Callable[[AgendaItem, Member], Markup]
    #: What the wall shows; results only where `item.revealed`.
    wall: Callable[[AgendaItem], Markup]
    #: The facilitator's figures and controls.
    console: Callable[[AgendaItem], Markup]
    #: The results as JSON values, kept when the item closes; never a person's single answer.
    snapshot: Callable[[AgendaItem], dict[str, Any]]
    #: Whether the phone view puts a question of its own, larger than the item's title.
    asks_itself: bool = False
    #: Called inside the transaction that adds, opens or closes an item of this kind; `added`
    #: again whenever its settings change before it was first opened.
    added: Callable[[AgendaItem], None] = nothing
    opened: Callable[[AgendaItem], None] = nothing
    closed: Callable[[AgendaItem], None] = nothing
    #: Called before an item that was never opened is deleted.
    removed: Callable[[AgendaItem], None] = nothing


_REGISTERED: dict[str, Activity] = {}


def register(activity: Activity) -> None:
    """Make a kind of activity known."""
    _REGISTERED[activity.kind] = activity


def of(item: AgendaItem) -> Activity | None:
    """Return the item's activity, or None where it asks nothing of phones."""
    return named(item.kind) if item.kind else None


def named(kind: str) -> Activity:
    """Return the activity called `kind`. Raises NotFound where none is."""
    if kind not in _REGISTERED:
        raise NotFound(_("There is no such kind of activity."))
    return _REGISTERED[kind]


def all_kinds() -> list[Activity]:
    """Return every registered activity, by kind."""
    return [_REGISTERED[kind] for kind in sorted(_REGISTERED)]
