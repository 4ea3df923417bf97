"""Awards that are offered, accepted, checked and in payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from panel_app.casework.decisions import Terms
from panel_app.grants import awards, bank, checks, payments, services
from panel_app.grants.award_models import Payment
from panel_app.grants.models import Award, Programme
from panel_app.panels.models import Member
from tests.factories.casework import let_vote
from tests.factories.grants import make_application

ACCOUNT = {"name": "Rosa Quillfeather", "sort_code": "12-34-56", "number": "31926819"}
DRAFTER, RELEASER = "staff:drafter", "staff:releaser"


def make_award(
    programme: Programme,
    members: Sequence[Member],
    *,
    asks: int = 185_000,
    kind: str = "individual",
    terms: Terms = Terms(),  # noqa: B008 - frozen
) -> Award:
    """Return an award that is on offer, of `asks` pence."""
    application = make_application(programme, asks=asks, kind={"kind": kind})
    assert application.case
    let_vote(application.case, members, "fund")
    services.decide_application(
        application=application, outcome="fund", reason="Good", terms=terms, actor="staff:test"
    )
    award = awards.standing_award(application)
    assert award
    return award


def make_payable(award: Award) -> Award:
    """Return an award that is accepted, with an account, and checked."""
    awards.accept(award=award, may_name=False, pay_by="bank")
    bank.keep(award=award, **ACCOUNT)
    for kind in checks.needed(award):
        checks.check(award=award, kind=kind, note="Seen", actor="staff:test")
    return award


def make_payment(award: Award, amount: int | None = None) -> Payment:
    """Return a drafted line of payment, of all that the award is unless `amount` says less."""
    return payments.draft(
        award=award, amount=amount or award.stands, due_on=date(2026, 12, 1), actor=DRAFTER
    )
