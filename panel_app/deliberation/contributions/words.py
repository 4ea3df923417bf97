"""What pages say of questions, and of ideas: the two kinds differ in nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from panel_app.core.text import _
from panel_app.sessions.models import AgendaItem


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind; all are lazy strings."""

    #: The button that leads to writing one, and the heading of that page.
    add: Any
    #: The button of whoever wants it too.
    too: Any
    #: Before how many want it.
    wanted: Any
    #: What the wall says of how to take part.
    how: Any
    #: What a phone says while there is nothing.
    none: Any


#: By the kind of the agenda's part.
WORDS = {
    "qa": Words(
        add=_("Ask a question"),
        too=_("I want to know too"),
        wanted=_("Want to know:"),
        how=_("Ask on your phone, and press for what you want to know too."),
        none=_("Nobody’s question is here yet. They appear by themselves."),
    ),
    "ideas": Words(
        add=_("Add an idea"),
        too=_("Me too"),
        wanted=_("Want it:"),
        how=_("Write your idea on your phone, and press for what you want too."),
        none=_("Nobody’s idea is here yet. They appear by themselves."),
    ),
}


def of(item: AgendaItem) -> Words:
    """Return the words of a part."""
    return WORDS[item.kind or ""]
