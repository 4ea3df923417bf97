"""The lists of grants given and of their payments."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from panel_app.casework.models import Case
from panel_app.core import clock
from panel_app.core.money import pounds
from panel_app.core.text import _, gettext
from panel_app.grants import reports
from panel_app.grants.award_models import Payment
from panel_app.grants.desk.award_pages import PAYMENT_STATES, STATES
from panel_app.grants.models import Application, Award, Programme
from panel_app.panels.models import Panel
from panel_app.web.i18n import day, money, number, theirs
from panel_app.web.listing import Column, Listing, State, contains


def awards(panel: Panel) -> Listing[Award]:
    """Return the list of a panel's grants, the newest first."""
    query = (
        select(Award)
        .join(Application, Application.id == Award.application_id)
        .join(Case, Case.id == Application.case_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.panel_id == panel.id)
    )
    return Listing(
        name=f"{panel.slug}-awards",
        label=_("Grants given"),
        query=query,
        options=[
            selectinload(Award.application).selectinload(Application.case),
            selectinload(Award.report),
        ],
        order=[Award.id.desc()],
        search=contains(Case.title),
        search_label=_("Search the titles"),
        states=[
            *(State(key, words, Award.state == key) for key, words in STATES.items()),
            State("told", _("Report to look at"), reports.to_look_at()),
            State("late", _("Report overdue"), reports.overdue(clock.now().date())),
        ],
        columns=_OF_AWARDS,
        empty=_("No grant has been given yet."),
    )


def payments(panel: Panel) -> Listing[Payment]:
    """Return the list of a panel's payments, those due soonest first."""
    query = (
        select(Payment)
        .join(Award, Award.id == Payment.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.panel_id == panel.id)
    )
    return Listing(
        name=f"{panel.slug}-payments",
        label=_("Payments"),
        query=query,
        options=[selectinload(Payment.award).selectinload(Award.application)],
        order=[Payment.due_on, Payment.id],
        states=[State(k, words, Payment.state == k) for k, words in PAYMENT_STATES.items()],
        columns=_OF_PAYMENTS,
        empty=_("No payment has been drafted yet."),
    )


def _plain_title(row: Award) -> str:
    return row.application.case.title if row.application.case else ""


def _title(row: Award) -> Markup:
    words = theirs(_plain_title(row), row.application.language)
    address = url_for("awards_desk.show", award_id=row.public_id)
    return Markup('<a href="{}">{}</a>').format(address, words)


def _report(row: Award) -> str:
    """Return how the report of a grant stands."""
    if row.report and row.report.sent_at:
        return str(gettext("told on %(day)s", day=day(row.report.sent_at)))
    if row.state != "reporting" or row.report_due_on is None:
        return ""
    due: str = day(row.report_due_on)
    return str(gettext("%(day)s, overdue", day=due)) if reports.is_overdue(row) else due


def _payment(row: Payment) -> Markup:
    words = gettext(
        "Payment %(number)d of grant %(grant)d",
        number=row.number,
        grant=row.award.application.reference or 0,
    )
    address = url_for("awards_desk.show", award_id=row.award.public_id)
    return Markup('<a href="{}">{}</a>').format(address, words)


def _payment_state(row: Payment) -> str:
    return str(PAYMENT_STATES[row.state])


_OF_AWARDS: list[Column[Award]] = [
    Column(
        key="number",
        label=_("Number"),
        plain=lambda row: row.application.reference,
        cell=lambda row: number(row.application.reference or 0),
        figure=True,
    ),
    Column(key="title", label=_("Title"), plain=_plain_title, cell=_title),
    Column(
        key="amount",
        label=_("Awarded"),
        plain=lambda row: pounds(row.stands),
        cell=lambda row: money(row.stands),
        order=Award.amount,
        figure=True,
    ),
    Column(key="state", label=_("State"), plain=lambda row: str(STATES[row.state])),
    Column(
        key="report_due_on",
        label=_("Report due"),
        plain=lambda row: row.report_due_on.isoformat() if row.report_due_on else "",
        cell=lambda row: _report(row),
        order=Award.report_due_on,
    ),
]
_OF_PAYMENTS: list[Column[Payment]] = [
    Column(key="payment", label=_("Payment"), plain=lambda row: row.public_id, cell=_payment),
    Column(
        key="number",
        label=_("Number"),
        plain=lambda row: f"{row.award.application.reference}-{row.number}",
    ),
    Column(
        key="amount",
        label=_("Amount"),
        plain=lambda row: pounds(row.amount),
        cell=lambda row: money(row.amount),
        order=Payment.amount,
        figure=True,
    ),
    Column(
        key="due_on",
        label=_("To be paid on"),
        plain=lambda row: row.due_on.isoformat(),
        cell=lambda row: day(row.due_on),
        order=Payment.due_on,
    ),
    Column(key="state", label=_("State"), plain=lambda row: row.state, cell=_payment_state),
]
