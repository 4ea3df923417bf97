"""What the page of a grant shows on the desk, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from panel_app.casework import subjects
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants import awards, bank, checks
from panel_app.grants.award_models import Payment
from panel_app.grants.award_views import PAY_BY
from panel_app.grants.models import Award
from panel_app.staff.accounts import name_of

STATES: dict[str, Any] = {
    "offered": _("Offered"),
    "accepted": _("Accepted"),
    "paying": _("In payment"),
    "reporting": _("Paid, to be reported"),
    "closed": _("Closed"),
    "annulled": _("Annulled"),
    "cancelled": _("Cancelled"),
    "returned": _("Returned"),
}
PAYMENT_STATES: dict[str, Any] = {
    "draft": _("Drafted"),
    "dropped": _("Taken out"),
    "released": _("Released"),
    "paid": _("Paid"),
    "failed": _("Failed"),
    "returned": _("Returned"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing to check: where it was, by whom, when and on what evidence."""

    kind: str
    words: Any
    by: Any | None
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of payment with its state in words."""

    payment: Payment
    state: Any


@dataclass(frozen=True, slots=True)
class AwardDesk:
    """A grant as staff see it: never more of an account than its last two digits."""

    state: Any
    pay_by: Any | None
    last_two: str
    #: Whether the details can still be shown.
    unseen: bool
    conditions: list[Any]
    checks: list[Checked]
    missing: list[Any]
    lines: list[Line]
    paid: int
    live: bool


def award_desk(award: Award) -> AwardDesk:
    """Return what the page of a grant shows."""
    details, lines = bank.details_of(award), _lines(award)
    return AwardDesk(
        STATES[award.state],
        PAY_BY.get(award.pay_by or ""),
        details.last_two if details else "",
        details is not None and details.seen_at is None,
        subjects.conditions_of(award.decision),
        _checks(award),
        checks.missing(award),
        [Line(line, PAYMENT_STATES[line.state]) for line in lines],
        awards.spent(award, "paid"),
        award.state in awards.LIVE,
    )


def _lines(award: Award) -> Sequence[Payment]:
    query = select(Payment).where(Payment.award_id == award.id).order_by(Payment.number)
    return db.session.scalars(query).all()


def _checks(award: Award) -> list[Checked]:
    done = checks.done(award)
    return [
        Checked(
            kind,
            checks.WORDS[kind],
            name_of(done[kind].by) if kind in done else None,
            done[kind].at if kind in done else None,
            checks.note_of(done[kind], award) if kind in done else "",
        )
        for kind in checks.needed(award)
    ]
