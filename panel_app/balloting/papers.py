"""Kinds of paper: how a choice is read, checked, shown and counted.

The ballot box knows nothing of what is voted on; a feature offers its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from panel_app.balloting.models import Ballot
from panel_app.core.errors import NotFound
from panel_app.core.feature import offered
from panel_app.core.text import _
from panel_app.panels.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a kind needs to show a ballot's form to one member."""

    ballot: Ballot
    #: Who votes; None where somebody types what a paper says, which has the organiser's order.
    member: Member | None
    #: What is ticked: the stored paper's choice, or what was just sent; None for nothing yet.
    choice: Any
    #: The counter that the next paper is to carry.
    counter: int
    #: Where the form goes to be checked, and where to see it again with nothing stored.
    action: str
    again: str
    #: Everything that was just sent, beside the choice; empty on a first look.
    sent: MultiDict[str, str]
    #: More fields above the choice, and what the form's button says where that differs.
    head: Markup | None = None
    button: Any = None


def nothing(ballot: Ballot) -> None:
    """Do nothing."""


def nowhere(ballot: Ballot) -> str | None:
    """Return no address."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """One kind of paper; what it returns as a choice is plain JSON values."""

    #: What `Ballot.kind` holds.
    kind: str
    #: Return the terms to freeze as the ballot opens. Raises Refused where it isn't ready.
    freeze: Callable[[Ballot], dict[str, Any]]
    #: Read the choice out of a form as it was sent, however wrong.
    read: Callable[[Ballot, MultiDict[str, str]], Any]
    #: Return the choice in its one canonical form. Raises Refused where the terms forbid it.
    check: Callable[[dict[str, Any], Any], Any]
    #: The form to choose in, whole.
    form: Callable[[Sheet], Markup]
    #: The same to print, with boxes to write in, in the current language.
    printed: Callable[[Ballot], Markup]
    #: The fields that carry a choice from the check page to the ballot box.
    fields: Callable[[Ballot, Any], list[tuple[str, str]]]
    #: A choice in words.
    words: Callable[[Ballot, Any], Markup]
    #: What a closed ballot's choice came to, for its owner; may be empty.
    outcome: Callable[[Ballot, Any], Markup]
    #: Where the results are, or None.
    result_url: Callable[[Ballot], str | None]
    #: Where staff change a draft's question and rules, or None.
    draft_url: Callable[[Ballot], str | None] = nowhere
    #: Count the papers, inside the transaction that closes the ballot.
    count: Callable[[Ballot, str], None]
    #: Called before a draft is deleted. Raises Conflict where something still needs it.
    removed: Callable[[Ballot], None] = nothing
    #: Called in a transaction that changes what screens show: opened, closed, five more votes.
    changed: Callable[[Ballot], None] = nothing


def named(kind: str) -> PaperKind:
    """Return the kind called `kind`. Raises NotFound where none is."""
    for paper_kind in offered(PaperKind):
        if paper_kind.kind == kind:
            return paper_kind
    raise NotFound(_("There is no such kind of ballot."))


def of(ballot: Ballot) -> PaperKind:
    """Return the kind of the ballot's papers."""
    return named(ballot.kind)
