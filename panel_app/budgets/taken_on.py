"""What residents and partners take on for a project, in words, and what plan B does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from panel_app.budgets.frozen_terms import Option, Promise
from panel_app.budgets.models import Commitment, CommitmentStep
from panel_app.core.db import db
from panel_app.core.text import _, gettext, ngettext
from panel_app.web import i18n

STATES: dict[str, Any] = {
    "offered": _("Offered"),
    "agreed": _("Agreed"),
    "done": _("Done"),
    "not_done": _("Not done"),
}
KINDS: dict[str, Any] = {
    "hours": _("Hours of work"),
    "money": _("Money"),
    "room": _("A room"),
    "thing": _("Things"),
}
#: How a state looks on a page.
TAGS = {"offered": "quiet", "agreed": "", "done": "", "not_done": "warn"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that somebody takes on, for a page."""

    promise: Promise | Commitment
    amount: str
    state: Any
    tag: str
    #: How it came to stand so, oldest first; empty where nothing is known beside the ballot.
    steps: list[tuple[Any, CommitmentStep]]


def told(promise: Promise | Commitment, now: Commitment | None = None) -> Taken:
    """Return what was taken on, as it stood on the ballot or as it stands `now`."""
    stands = now.state if now else promise.state
    steps = [(STATES[step.state], step) for step in now.steps] if now else []
    return Taken(promise, amount_told(promise), STATES[stands], TAGS[stands], steps)


def amount_told(promise: Promise | Commitment) -> str:
    """Say how much it is, where it is counted."""
    if promise.hours is not None:
        return str(ngettext("%(num)s hour", "%(num)s hours", promise.hours))
    return "" if promise.pence is None else i18n.money_text(promise.pence)


def as_they_stand(promises: Iterable[Promise]) -> dict[str, Commitment]:
    """Return the commitments behind what stood on a ballot, as they are now, by identifier."""
    query = select(Commitment).where(Commitment.public_id.in_([one.id for one in promises]))
    query = query.options(selectinload(Commitment.steps))
    return {one.public_id: one for one in db.session.scalars(query)}


def plan_b_told(option: Option) -> str:
    """Say what happens where the residents' part falls through; nothing without a plan."""
    if option.plan_b is None or option.council_cost is None:
        return ""
    if option.plan_b == "out":
        return str(gettext("If that falls through, it is left out."))
    return str(
        gettext(
            "If that falls through, the council does it all, for %(cost)s.",
            cost=i18n.money_text(option.council_cost),
        )
    )


def failed(option: Option, now: Mapping[str, Commitment]) -> bool:
    """Whether something that was taken on for a project is not done."""
    return any(one.id in now and now[one.id].state == "not_done" for one in option.commitments)


def plan_b_now(option: Option, now: Mapping[str, Commitment]) -> str:
    """Say what plan B does, where the residents' part is not done, or else what it is."""
    return fallen_through(option) if failed(option, now) else plan_b_told(option)


def fallen_through(option: Option) -> str:
    """Say what plan B does now that the residents' part of a funded project isn't done."""
    if option.plan_b is None or option.council_cost is None:
        return ""
    if option.plan_b == "out":
        return str(
            gettext(
                "It fell through. Plan B: it is left out, and its %(cost)s stay in the pot.",
                cost=i18n.money_text(option.cost),
            )
        )
    return str(
        gettext(
            "It fell through. Plan B: the council does it all, for %(cost)s. That is %(more)s more"
            " than people voted for.",
            cost=i18n.money_text(option.council_cost),
            more=i18n.money_text(option.council_cost - option.cost),
        )
    )
