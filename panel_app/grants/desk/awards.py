"""Grants on the desk: what is accepted and checked, and payments that two people make."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants import account, awards, bank, checks, payments, reports
from panel_app.grants.desk import award_lists, award_pages, past_awards
from panel_app.grants.desk.forms import tidy
from panel_app.grants.models import Award
from panel_app.grants.queries import programme_of
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.staff.identity import actor
from panel_app.staff.step_up import fresh
from panel_app.web import access, listing
from panel_app.web.forms import Form, MoneyField, Page, at_most, page, required, saved

bp = Blueprint("awards_desk", __name__)
bp.before_request(only_with_seats)


class NoteForm(Form):
    """A few words."""

    note = TextAreaField(
        _("What you saw, and when"),
        [required(), at_most(checks.LONGEST_NOTE)],
        filters=[tidy],
        description=_("The evidence in a sentence. It is encrypted."),
    )


class WhyForm(Form):
    """Why a grant ends."""

    reason = TextAreaField(
        _("Why, in plain words"), [required(), at_most(awards.LONGEST_REASON)], filters=[tidy]
    )


class PaymentForm(Form):
    """A line of payment."""

    amount = MoneyField(_("Amount, in pounds"), [required()])
    due_on = DateField(_("To be paid on"), [InputRequired(_("Fill this in."))])


@bp.get("/desk/<panel_slug>/grants/awards")
@access.needs("observe")
def overview() -> listing.Listed:
    """List the panel's grants by state."""
    return listing.page(
        "grants/desk/list.html", award_lists.awards(this_panel()), heading=_("Grants given")
    )


@bp.get("/desk/<panel_slug>/grants/payments")
@access.needs("observe")
def all_payments() -> listing.Listed:
    """List the panel's lines of payment; as CSV for the finance system, without bank details."""
    return listing.page(
        "grants/desk/payments.html", award_lists.payments(this_panel()), heading=_("Payments")
    )


@bp.route("/desk/<panel_slug>/grants/payments/file", methods=["GET", "POST"])
@access.needs("pay")
def read_file() -> Page:
    """Take a file of the finance system that says what was paid, failed or returned."""
    form, back = UploadForm(), url_for(".all_payments")
    return saved(
        form,
        lambda: payments.read_back(panel=this_panel(), source=form.source, actor=actor()),
        back,
        says=_("The file is read."),
    ) or page(
        "grants/desk/payments_file.html",
        form,
        heading=_("What was paid"),
        back=back,
        kept=form.keep_text() if form.is_submitted() else True,
    )


@bp.route("/desk/<panel_slug>/grants/programmes/<programme_id>/past", methods=["GET", "POST"])
@access.needs("organise")
def read_past(programme_id: str) -> Page:
    """Take a list of the grants that a programme gave before."""
    programme, form = programme_of(this_panel(), programme_id), UploadForm()
    return saved(
        form,
        lambda: past_awards.read(programme=programme, source=form.source, actor=actor()),
        url_for(".read_past", programme_id=programme_id),
        says=_("The list is read."),
    ) or page(
        "grants/desk/past_awards.html",
        form,
        heading=_("Grants given before"),
        programme=programme,
        given=account.account_of(programme),
        columns=past_awards.COLUMNS,
        kept=form.keep_text() if form.is_submitted() else True,
    )


@bp.get("/desk/<panel_slug>/grants/awards/<award_id>")
@access.needs("observe")
def show(award_id: str) -> Page:
    """Show a grant: what is missing, its payments, what can be done."""
    return _award_page(_award(award_id))


@bp.post("/desk/<panel_slug>/grants/awards/<award_id>")
@access.needs("pay")
@fresh
def look(award_id: str) -> Page:
    """Show the bank details as well, this once."""
    award = _award(award_id)
    account = bank.look(award=award, actor=actor())
    db.session.commit()
    return _award_page(award, account)


@bp.route("/desk/<panel_slug>/grants/awards/<award_id>/checks/<kind>", methods=["GET", "POST"])
@access.needs("organise")
def check(award_id: str, kind: str) -> Page:
    """Keep that something was checked."""
    award, form = _award(award_id), NoteForm()
    return _form(
        form,
        lambda: checks.check(award=award, kind=kind, note=form.note.data or "", actor=actor()),
        award,
        checks.WORDS.get(kind, kind),
    )


@bp.post("/desk/<panel_slug>/grants/awards/<award_id>/conditions")
@access.needs("organise")
def meet_conditions(award_id: str) -> Response:
    """Keep that the panel's conditions are met."""
    award = _award(award_id)
    awards.meet_conditions(award=award, actor=actor())
    return _done(award)


@bp.route("/desk/<panel_slug>/grants/awards/<award_id>/pay", methods=["GET", "POST"])
@access.needs("pay")
def draft(award_id: str) -> Page:
    """Draft a payment."""
    award, form = _award(award_id), PaymentForm()
    return _form(
        form,
        lambda: payments.draft(
            award=award,
            amount=form.amount.pence or 0,
            due_on=form.due_on.data or clock.now().date(),
            actor=actor(),
        ),
        award,
        _("Draft a payment"),
    )


@bp.post("/desk/<panel_slug>/grants/payments/<payment_id>/drop")
@access.needs("pay")
def drop(payment_id: str) -> Response:
    """Take a drafted payment out."""
    payment = payments.payment_of(this_panel(), payment_id)
    payments.drop(payment=payment, actor=actor())
    return _done(payment.award)


@bp.post("/desk/<panel_slug>/grants/payments/<payment_id>/release")
@access.needs("release")
@fresh
def release(payment_id: str) -> Response:
    """Release a payment that somebody else drafted."""
    payment = payments.payment_of(this_panel(), payment_id)
    payments.release(payment=payment, actor=actor())
    return _done(payment.award)


@bp.post("/desk/<panel_slug>/grants/payments/<payment_id>/<any(paid,failed,returned):outcome>")
@access.needs("pay")
def settle(payment_id: str, outcome: str) -> Response:
    """Keep that a payment was made, failed, or came back."""
    payment = payments.payment_of(this_panel(), payment_id)
    payments.settle(payment=payment, outcome=outcome, actor=actor())
    return _done(payment.award)


@bp.route("/desk/<panel_slug>/grants/awards/<award_id>/cancel", methods=["GET", "POST"])
@access.needs("organise")
@fresh
def cancel(award_id: str) -> Page:
    """Take back what was not paid of a grant."""
    award, form = _award(award_id), WhyForm()
    return _form(
        form,
        lambda: awards.cancel(award=award, reason=form.reason.data or "", actor=actor()),
        award,
        _("Cancel this grant?"),
        words=[
            _("What was not paid goes back to the pot. The applicant is told, with your reason.")
        ],
        button=_("Cancel the grant"),
        kind="stop",
        keep=_("Keep it"),
    )


@bp.route("/desk/<panel_slug>/grants/awards/<award_id>/close", methods=["GET", "POST"])
@access.needs("organise")
def close(award_id: str) -> Page:
    """End a grant that is paid."""
    award, form = _award(award_id), WhyForm()
    return _form(
        form,
        lambda: awards.close(award=award, reason=form.reason.data or "", actor=actor()),
        award,
        _("Close this grant"),
        words=[_("Because what came of it is told, or because nobody can tell it any more.")],
    )


@bp.route("/desk/<panel_slug>/grants/awards/<award_id>/report", methods=["GET", "POST"])
@access.needs("organise")
def report(award_id: str) -> Page:
    """Look at what came of a grant, and at what of it everybody may see."""
    award = _award(award_id)
    form, parts = award_pages.ShowForm().of(award), award_pages.told(award)
    return saved(
        form,
        lambda: reports.show(award=award, codes=form.shown.data or [], actor=actor()),
        url_for(".report", award_id=award_id),
        says=_("Saved."),
    ) or page(
        "grants/desk/report.html",
        form,
        heading=_("What came of it"),
        award=award,
        parts=parts,
    )


def _award(public_id: str) -> Award:
    return awards.award_of(this_panel(), public_id)


def _form(form: Form, act: Any, award: Award, heading: Any, **more: Any) -> Page:
    """Show a form about a grant, or do what it asks and go back to the grant."""
    back = url_for(".show", award_id=award.public_id)
    return saved(form, act, back, says=_("Saved.")) or page(
        "staff/form.html", form, heading=heading, back=(back, _("The grant")), **more
    )


def _done(award: Award) -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".show", award_id=award.public_id), 303)


def _award_page(award: Award, account: bank.Account | None = None) -> Page:
    case = award.application.case
    return page(
        "grants/desk/award.html",
        Form(),
        heading=_("Grant number %(number)d", number=award.application.reference),
        title=case.title if case else "",
        award=award,
        desk=award_pages.award_desk(award),
        me=actor(),
        account=account,
        overdue=reports.is_overdue(award),
    )
