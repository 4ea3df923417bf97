"""What every way of voting does: ask, read, check, show and hand to the count."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from panel_app.budgets.frozen_terms import Terms
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.counting import Election, Project

UNREADABLE = _("We could not read that. Reload the page and try again.")
UNKNOWN = _("Something you chose is not on this ballot. Reload the page and choose again.")
#: The field of a button that changes the choice and shows the page again.
PRESS = "press"


class Way(ABC):
    """One way of voting; its choices are plain JSON values."""

    #: What the ballot's rules hold.
    name: str
    #: For whoever sets the rules: its name, and what it means to a voter.
    title: Any
    example: Any
    #: What its limit counts, and what it is where nobody said; None where it has none.
    limit: Any = None
    usual: int | None = None
    #: Whether a choice may not cost more than the pot.
    within_pot = False
    #: The part of a project's card that asks.
    template = "budgets/ways/tick.html"

    @abstractmethod
    def hint(self, put: Terms) -> Any:
        """Return what to do, in a sentence."""

    def on_paper(self, put: Terms) -> Any:
        """Return what to write into the boxes of a printed paper, in a sentence."""
        return _("Write into each box what you give it. Leave the others empty.")

    def read(self, form: MultiDict[str, str]) -> Any:
        """Return the choice as it was sent, however wrong, a pressed button carried out."""
        return form.getlist("project")

    @abstractmethod
    def check(self, put: Terms, sent: Any) -> Any:
        """Return the choice in its one canonical form. Raises Refused where it isn't allowed."""

    def fields(self, choice: Any) -> list[tuple[str, str]]:
        """Return the fields that carry a choice from page to page."""
        return [("project", project) for project in choice]

    def left(self, put: Terms, sent: Any) -> int | None:
        """Return how much is left of the limit; None where nothing is counted down."""
        return None

    def in_words(self, put: Terms, choice: Any) -> list[str]:
        """Return the projects of a choice in the order in which they are told."""
        return [option.id for option in put.options if option.id in choice]

    def mark(self, choice: Any, project: str) -> Any:
        """Return what the choice says of a project in it, beside that it is in it."""
        return ""

    @abstractmethod
    def election(self, projects: Sequence[Project], choices: Sequence[Any], put: Terms) -> Election:
        """Return the papers as the counting engine wants them."""


def listed(put: Terms, sent: Any) -> list[str]:
    """Return a list of different projects of this ballot. Raises Refused for anything else."""
    if not isinstance(sent, list) or not all(isinstance(project, str) for project in sent):
        raise Refused(UNREADABLE)
    if len(set(sent)) != len(sent) or not set(sent) <= put.by_id.keys():
        raise Refused(UNKNOWN)
    return sent


def pressed(form: MultiDict[str, str]) -> tuple[str, str]:
    """Return which button was pressed, and of which project; empty where none was."""
    act, _dot, project = form.get(PRESS, "").partition(".")
    return act, project
