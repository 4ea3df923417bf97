"""The life of an award: offered, accepted, in payment, reporting, closed; or its money comes back.

All that goes back to a pot goes through `_give_back`, so that what is left of a pot is its total
less what was ever awarded, and what of that came back.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select

from panel_app.core import audit, clock, errors
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import bank, letters, pot
from panel_app.grants.award_models import Payment
from panel_app.grants.models import Application, Award
from panel_app.panels.models import Panel

#: What an applicant agrees to; the SHA-256 of these words is kept with the award.
TERMS = (
    _("You spend the money on what you asked for, within a year."),
    _("You keep the receipts until you have told us what came of it."),
    _("You tell us in a few words what came of it."),
    _("What is not spent you give back."),
)
LONGEST_REASON = 500
#: States in which an award's money can be promised, on its way or spent.
LIVE = ("offered", "accepted", "paying", "reporting")


def award_of(panel: Panel, public_id: str) -> Award:
    """Return a panel's award. Raises NotFound for another panel's."""
    award = db.session.scalar(select(Award).where(Award.public_id == public_id))
    return found(award if award and award.application.programme.panel_id == panel.id else None)


def standing_award(application: Application) -> Award | None:
    """Return the application's award that was not annulled, or None."""
    query = select(Award).where(Award.application_id == application.id, Award.annulled_at.is_(None))
    return db.session.scalar(query)


def terms_digest() -> str:
    """Return the SHA-256 of the terms, in their original language."""
    with force_locale("en"):
        words = "\n".join(str(each) for each in TERMS)
    return hashlib.sha256(words.encode()).hexdigest()


def accept(*, award: Award, may_name: bool, pay_by: str) -> None:
    """Keep that the applicant accepts the terms, who may be named, and how to pay.

    Raises Conflict where it is accepted already or no longer on offer, Refused for an unknown way.
    """
    if locked(award).state != "offered":
        raise errors.Conflict(_("This grant is accepted already, or no longer on offer."))
    if pay_by not in {"bank", "cheque"}:
        raise errors.Refused(_("Choose one of these."), field="pay_by")
    award.accepted_at, award.terms_digest = clock.now(), terms_digest()
    award.may_name, award.pay_by, award.state = may_name, pay_by, "accepted"
    db.session.flush()
    _record("award.accepted", award, "applicant", may_name=may_name, pay_by=pay_by)


def decline(*, award: Award) -> None:
    """Let the applicant turn an offer down; its money goes back. Raises Conflict once accepted."""
    if locked(award).state != "offered":
        raise errors.Conflict(_("This grant is accepted already, or no longer on offer."))
    _end(award, "cancelled", award.amount)
    _record("award.declined", award, "applicant", freed=award.freed)


def cancel(*, award: Award, reason: str, actor: str) -> int:
    """Take back what was not paid of an award; return the pence that go back to the pot.

    Lines that are drafted are dropped. Raises Conflict while a released line is not settled or
    where nothing is left to take back, Refused without a reason.
    """
    _check_reason(reason)
    if locked(award).state not in LIVE:
        raise errors.Conflict(_("This grant is over already."))
    if spent(award, "released"):
        raise errors.Conflict(
            _("A payment is on its way. Say first whether it was paid or failed.")
        )
    unpaid = award.stands - spent(award, "paid")
    if not unpaid:
        raise errors.Conflict(_("All of it is paid. Ask for it back instead."))
    for line in _lines(award, "draft"):
        line.state = "dropped"
    _end(award, "cancelled", unpaid)
    letters.send_cancelled(award.application, freed=unpaid, reason=cleaned(reason))
    _record("award.cancelled", award, actor, freed=unpaid)
    return unpaid


def close(*, award: Award, reason: str, actor: str) -> None:
    """End an award whose money is paid: the report is in, or there is a reason for none.

    Raises Conflict before it is paid, Refused without a reason.
    """
    _check_reason(reason)
    if locked(award).state != "reporting":
        raise errors.Conflict(_("Only a grant that is paid in full can be closed."))
    award.state = "closed"
    db.session.flush()
    _record("award.closed", award, actor)


def meet_conditions(*, award: Award, actor: str) -> None:
    """Keep that staff saw the panel's conditions met. Raises Conflict where it is over."""
    if locked(award).state not in LIVE:
        raise errors.Conflict(_("This grant is over already."))
    award.conditions_met_at = award.conditions_met_at or clock.now()
    db.session.flush()
    _record("award.conditions_met", award, actor)


def give_back(award: Award, amount: int) -> None:
    """Put pence that came back from the recipient into the pot; the caller holds the award."""
    pot.free(round_=award.round, amount=amount)
    award.freed += amount
    if not award.stands:
        award.state = "returned"
    db.session.flush()


def spent(award: Award, *states: str) -> int:
    """Return the pence of an award's lines in these states."""
    query = select(func.coalesce(func.sum(Payment.amount), 0)).where(
        Payment.award_id == award.id, Payment.state.in_(states)
    )
    return int(db.session.scalar(query) or 0)


def check_unpaid(award: Award) -> None:
    """Refuse to annul what is paid or on its way. Raises Conflict."""
    if spent(award, "released", "paid"):
        raise errors.Conflict(_("Money was paid already. Ask for it back first, then annul."))


def annul(award: Award) -> int:
    """End an award whose decision is annulled; return the pence that go back."""
    check_unpaid(locked(award))
    freed = award.stands
    for line in _lines(award, "draft"):
        line.state = "dropped"
    award.annulled_at = clock.now()
    _end(award, "annulled", freed)
    return freed


def _end(award: Award, state: str, freed: int) -> None:
    """End an award and put `freed` pence back, of whatever is left of it."""
    if freed:
        pot.free(round_=award.round, amount=freed)
    award.freed += freed
    award.state = state
    db.session.flush()
    bank.forget(award)


def _lines(award: Award, state: str) -> list[Payment]:
    query = select(Payment).where(Payment.award_id == award.id, Payment.state == state)
    return list(db.session.scalars(query))


def _check_reason(reason: str) -> None:
    if not cleaned(reason) or len(reason) > LONGEST_REASON:
        raise errors.Refused(
            _("Say why, in at most %(max)d characters.", max=LONGEST_REASON), field="reason"
        )


def _record(action: str, award: Award, actor: str, **details: Any) -> None:
    audit.record(action, actor=actor, subject=f"award:{award.public_id}", **details)
