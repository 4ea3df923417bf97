"""What cases are about: the features that bring cases offer how to show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from panel_app.casework.models import Case, Decision
from panel_app.casework.outcomes import Outcome, Phrase, words_of
from panel_app.core.feature import offered

#: A label and what stands beside it, both ready for the page.
Fact = tuple[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of case."""

    #: What `Case.kind` holds.
    kind: str
    #: Where the case stands, above its title: "Small grants, round 9".
    where: Callable[[Case], Any]
    #: What a member sees before declaring: enough to know whose it is, no more.
    facts: Callable[[Case], Sequence[Fact]]
    #: A sentence or two, and everything that was written, for those who may read it.
    summary: Callable[[Case], str]
    answers: Callable[[Case], Sequence[Fact]]
    #: What can be decided, and how votes on it are counted, in words said before the vote.
    outcomes: tuple[Outcome, ...]
    rule: Any
    #: The usual reasons and conditions of a decision.
    reasons: tuple[Phrase, ...] = ()
    conditions: tuple[Phrase, ...] = ()
    #: What is asked for, in pence; None where no money is.
    asks: Callable[[Case], int | None]
    #: The address of the list that the case is in.
    list_url: Callable[[], str]
    #: Called in the transaction that changes what others see of the case.
    changed: Callable[[Case], None]


def of(case: Case) -> Subject:
    """Return how to show a case."""
    return next(subject for subject in offered(Subject) if subject.kind == case.kind)


def outcome_of(case: Case, key: str) -> Outcome | None:
    """Return what `key` means for a case; None where it can't be decided so."""
    return next((outcome for outcome in of(case).outcomes if outcome.key == key), None)


def reason_of(decision: Decision) -> Any | None:
    """Return the short reason of a decision in words, or None."""
    return next(iter(words_of(of(decision.case).reasons, [decision.reason_code])), None)


def conditions_of(decision: Decision) -> list[Any]:
    """Return what a decision asks for before money is paid: usual conditions, then its own."""
    usual = words_of(of(decision.case).conditions, decision.conditions)
    return [*usual, decision.condition] if decision.condition else usual
