"""Bank details of an award: asked once it is accepted, shown once, gone after the last payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from panel_app.core import audit, clock, crypto, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import rules
from panel_app.grants.award_models import AwardCheck, BankDetails, Payment
from panel_app.grants.models import Award

PURPOSE = "bank"
#: How long after the last payment they are kept.
KEPT = timedelta(days=90)
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Account:
    """Where to pay: a sort code with an account number, or an IBAN."""

    name: str
    sort_code: str = ""
    number: str = ""
    iban: str = ""


def keep(*, award: Award, name: str, sort_code: str, number: str, iban: str = "") -> None:
    """Seal where an award is to be paid; what was given before goes.

    What was checked of an account before is to be checked anew. Raises Conflict unless it is
    accepted and to be paid to a bank, and while a payment is on its way; Refused for what can't be
    right.
    """
    if locked(award).state not in {"accepted", "paying"} or award.pay_by != "bank":
        raise errors.Conflict(_("Bank details are asked once the grant is accepted."))
    released = Payment.award_id == award.id, Payment.state == "released"
    if db.session.scalar(select(Payment.id).where(*released).limit(1)) is not None:
        raise errors.Conflict(
            _("A payment is on its way to you. Ask the organisers before you change the account.")
        )
    account = _checked(name, sort_code, number, iban)
    forget(award)
    checked = AwardCheck.award_id == award.id, AwardCheck.kind == "account"
    db.session.execute(delete(AwardCheck).where(*checked))
    key = crypto.new_key(PURPOSE)
    kept = {
        "name": account.name,
        "sort_code": account.sort_code,
        "number": account.number,
        "iban": account.iban,
    }
    details = BankDetails(
        award_id=award.id,
        key=key,
        content=crypto.seal_for(PURPOSE, kept, key),
        last_two=(account.number or account.iban)[-2:],
    )
    db.session.add(details)
    db.session.flush()
    audit.record("bank.given", actor="applicant", subject=f"award:{award.public_id}")


def details_of(award: Award) -> BankDetails | None:
    """Return an award's sealed details, or None."""
    return db.session.scalar(select(BankDetails).where(BankDetails.award_id == award.id))


def last_two(award: Award) -> str:
    """Return the last two digits of where an award is paid; empty where that is not known."""
    query = select(BankDetails.last_two).where(BankDetails.award_id == award.id)
    return db.session.scalar(query) or ""


def look(*, award: Award, actor: str) -> Account:
    """Open an award's bank details, once; the log says who did.

    Raises Conflict where there are none or they were shown before.
    """
    details = details_of(award)
    if details is None or locked(details).seen_at is not None:
        raise errors.Conflict(
            _(
                "There is nothing to show: details are shown once."
                " The applicant can enter them anew."
            )
        )
    details.seen_by, details.seen_at = actor, clock.now()
    db.session.flush()
    audit.record("bank.seen", actor=actor, subject=f"award:{award.public_id}")
    return Account(**crypto.unseal_for(PURPOSE, details.content, details.key))


def forget(award: Award) -> None:
    """Delete an award's bank details."""
    db.session.execute(delete(BankDetails).where(BankDetails.award_id == award.id))


def forget_old() -> None:
    """Delete details of awards whose last payment was settled three months ago; commit."""
    last = (
        select(Payment.award_id)
        .group_by(Payment.award_id)
        .having(func.max(Payment.settled_at) < clock.now() - KEPT)
    )
    paid = select(Award.id).where(Award.id.in_(last), Award.state.not_in(("accepted", "paying")))
    db.session.execute(delete(BankDetails).where(BankDetails.award_id.in_(paid)))
    db.session.commit()


def _checked(name: str, sort_code: str, number: str, iban: str) -> Account:
    holder = cleaned(name)
    if not holder or len(holder) > LONGEST_NAME:
        raise errors.Refused(_("Type the name that the account is in."), field="name")
    if iban.strip():
        found = rules.iban(iban)
        if found is None:
            raise errors.Refused(_("This IBAN has a slip in it: look at it again."), field="iban")
        return Account(holder, iban=found)
    code, account = rules.sort_code(sort_code), rules.account_number(number)
    if code is None:
        raise errors.Refused(_("A sort code has six digits, such as 12-34-56."), field="sort_code")
    if account is None:
        raise errors.Refused(
            _("An account number has eight digits, and no letters."), field="number"
        )
    return Account(holder, code, account)
