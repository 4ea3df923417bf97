"""What the page of a grant shows on the desk, ready for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from panel_app.casework import subjects
from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.grants import awards, bank, checks, reports
from panel_app.grants.award_models import Payment
from panel_app.grants.award_views import PAY_BY
from panel_app.grants.models import Award
from panel_app.questions import asking
from panel_app.staff.accounts import name_of
from panel_app.web.forms import Form, SelectChoice, TicksField
from panel_app.web.i18n import said

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


class ShowForm(Form):
    """What of a report everybody sees, of what was agreed to."""

    shown = TicksField(
        _("Show everyone"),
        description=_("Only what they agreed to can be ticked. They can take it back at any time."),
    )

    def of(self, award: Award) -> ShowForm:
        """Offer what was agreed to, with what is shown now ticked."""
        agreed = award.report.agreed if award.report else []
        self.shown.choices = [
            SelectChoice(each.code, said(each.wording))
            for each in reports.questions()
            if each.code in agreed
        ]
        if not self.is_submitted() and award.report:
            self.shown.data = award.report.public
        return self


@dataclass(frozen=True, slots=True)
class ToldPart:
    """An answer of a report, with the words that may tell who somebody is."""

    heading: Any
    words: Any
    agreed: bool
    telling: list[str]


def told(award: Award) -> list[ToldPart]:
    """Return what was told of a grant. Raises NotFound before it was sent."""
    report = found(award.report if award.report and award.report.sent_at else None)
    kept, language = reports.answers(award), award.application.language
    return [
        ToldPart(
            said(each.wording),
            asking.in_words(each, kept[each.code], language),
            each.code in report.agreed,
            reports.telling(award, kept[each.code]),
        )
        for each in reports.questions()
        if kept.get(each.code)
    ]


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
