"""An award's lines of payment: one person drafts, another releases; each step happens once."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from panel_app.core import audit, clock, errors
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.grants import awards, checks, reports
from panel_app.grants.award_models import Payment
from panel_app.grants.models import Application, Award, Programme
from panel_app.panels.models import Panel
from panel_app.recruitment import list_files
from panel_app.web.i18n import money_text

#: Lines whose money is promised, on its way or there.
COUNTING = ("draft", "released", "paid")
#: From which state a line can be said to be in which.
SETTLED_FROM = {"paid": "released", "failed": "released", "returned": "paid"}


def payment_of(panel: Panel, public_id: str) -> Payment:
    """Return a panel's line of payment. Raises NotFound for another panel's."""
    query = (
        select(Payment)
        .join(Award, Award.id == Payment.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Payment.public_id == public_id, Programme.panel_id == panel.id)
    )
    return found(db.session.scalar(query))


def draft(*, award: Award, amount: int, due_on: date, actor: str) -> Payment:
    """Add a line of `amount` pence. Raises Conflict before acceptance, Refused beyond the award."""
    if locked(award).state not in {"accepted", "paying"}:
        raise errors.Conflict(_("Nothing is paid before the applicant has accepted the grant."))
    left = award.stands - awards.spent(award, *COUNTING)
    if not 0 < amount <= left:
        raise errors.Refused(
            _("Of this grant %(left)s can still be paid.", left=money_text(left)), field="amount"
        )
    numbers = select(func.coalesce(func.max(Payment.number), 0)).where(Payment.award_id == award.id)
    line = Payment(
        award_id=award.id,
        number=(db.session.scalar(numbers) or 0) + 1,
        amount=amount,
        due_on=due_on,
        drafted_by=actor,
    )
    db.session.add(line)
    db.session.flush()
    _record("payment.drafted", line, actor)
    return line


def drop(*, payment: Payment, actor: str) -> None:
    """Take a drafted line out of the schedule. Raises Conflict once it is released."""
    _move(payment, "draft", state="dropped")
    _record("payment.dropped", payment, actor)


def release(*, payment: Payment, actor: str) -> None:
    """Let a line be paid, by somebody other than who drafted it; line and log stand together.

    Raises NotAllowed for who drafted it, Conflict where it was released or dropped already, or
    something is missing: acceptance, bank details, checks or conditions.
    """
    award = locked(payment.award)
    if locked(payment).drafted_by == actor:
        raise errors.NotAllowed(_("You drafted this payment: somebody else has to release it."))
    lacking = checks.missing(award)
    if lacking:
        raise errors.Conflict(lacking[0])
    if award.state not in {"accepted", "paying"}:
        raise errors.Conflict(_("This grant is over already."))
    _move(payment, "draft", state="released", released_by=actor, released_at=clock.now())
    award.state = "paying"
    db.session.flush()
    _record("payment.released", payment, actor)


def settle(*, payment: Payment, outcome: str, actor: str) -> bool:
    """Keep that a line was paid, failed, or that its money was returned; return whether it is new.

    What failed can be drafted again; what was returned goes back to the pot. Raises Conflict where
    the line is not in a state that can become so, Refused for an unknown outcome.
    """
    if outcome not in SETTLED_FROM:
        raise errors.Refused(_("Write paid, failed or returned."), field="outcome")
    award = locked(payment.award)
    if locked(payment).state == outcome:
        return False
    _move(payment, SETTLED_FROM[outcome], state=outcome, settled_at=clock.now())
    if outcome == "returned":
        awards.give_back(award, payment.amount)
    if award.state == "paying" and awards.spent(award, "paid") == award.stands:
        reports.ask(award)
    db.session.flush()
    _record(f"payment.{outcome}", payment, actor)
    return True


def read_back(*, panel: Panel, source: bytes | str, actor: str) -> int:
    """Settle the lines that a list of the finance system names; return how many changed.

    It has the columns `payment` and `outcome` (paid, failed or returned). All of it stands or
    nothing; a list read twice changes nothing. Raises FaultyFile with every fault.
    """

    def act(row: dict[str, str]) -> bool:
        line = payment_of(panel, row["payment"])
        return settle(payment=line, outcome=row["outcome"].casefold(), actor=actor)

    return list_files.each(list_files.rows_of(source, ("payment", "outcome")), act)


def _move(payment: Payment, before: str, **change: Any) -> None:
    """Do one conditional update: of many who press at once, one moves it."""
    moved = db.session.execute(
        update(Payment)
        .where(Payment.id == payment.id, Payment.state == before)
        .values(**change)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(payment)
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise errors.Conflict(_("Somebody did this already, or the payment is not there yet."))


def _record(action: str, payment: Payment, actor: str) -> None:
    audit.record(
        action,
        actor=actor,
        subject=f"payment:{payment.public_id}",
        award=payment.award.public_id,
        amount=payment.amount,
    )
