"""What an applicant does with a grant on their phone: accept it, and say where to pay it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from wtforms import RadioField, StringField

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import awards, bank
from panel_app.grants.models import Award
from panel_app.grants.queries import application_with
from panel_app.web import access
from panel_app.web.forms import Form, Page, SelectChoice, at_most, chosen, page, saved

bp = Blueprint("awards", __name__)
bp.app_template_filter("last_two_digits")(bank.last_two)

PAY_BY: dict[str, Any] = {
    "bank": _("To a bank account"),
    "cheque": _("By a cheque, sent to me"),
}


class AcceptForm(Form):
    """Three questions: whether the grant is accepted, who may be named, how to pay."""

    accept = RadioField(
        _("Do you accept the grant?"),
        [chosen()],
        choices=[
            SelectChoice("yes", _("Yes, I accept it and what is written above")),
            SelectChoice("no", _("No, I don’t want it any more")),
        ],
    )
    may_name = RadioField(
        _("May we name you or your group when we show what came of it?"),
        choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
        description=_("If you don’t know yet, say no. You get the money either way."),
        validate_choice=False,
    )
    pay_by = RadioField(
        _("How should we pay you?"),
        choices=[SelectChoice(way, words) for way, words in PAY_BY.items()],
        validate_choice=False,
    )

    def validate_may_name(self, field: Any) -> None:
        """Ask it of whoever accepts."""
        self._needed(field)

    def validate_pay_by(self, field: Any) -> None:
        """Ask it of whoever accepts."""
        self._needed(field)

    def _needed(self, field: Any) -> None:
        if self.accept.data == "yes":
            chosen()(self, field)


def _tidy(typed: str | None) -> str:
    return cleaned(typed or "")


_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}


class BankForm(Form):
    """Where to pay; typed once and not shown again."""

    name = StringField(
        _("The name that the account is in"), [at_most(bank.LONGEST_NAME)], filters=[_tidy]
    )
    sort_code = StringField(
        _("Sort code"), [at_most(20)], filters=[_tidy], render_kw=_DIGITS,
        description=_("Six digits, such as 12-34-56."),
    )  # fmt: skip
    number = StringField(
        _("Account number"), [at_most(20)], filters=[_tidy], render_kw=_DIGITS,
        description=_("Eight digits."),
    )  # fmt: skip
    iban = StringField(
        _("Or an IBAN, if your account is abroad"), [at_most(42)], filters=[_tidy],
        render_kw={"autocomplete": "off", "dir": "ltr"},
    )  # fmt: skip

    def typed(self) -> dict[str, str]:
        """Return what `bank.keep` takes."""
        fields = (self.name, self.sort_code, self.number, self.iban)
        return {field.name: field.data or "" for field in fields}


@bp.route("/a/<token>/grant", methods=["GET", "POST"])
@access.needs("anyone")
def accept(token: str) -> Page:
    """Ask three questions about a grant that is on offer."""
    award, form = _award(token), AcceptForm()
    if award.state != "offered":
        return redirect(url_for("grants.application", token=token), 303)
    return saved(
        form,
        lambda: _answered(award, form),
        url_for(".bank_details", token=token),
    ) or page(
        "grants/accept.html",
        form,
        heading=_("Your grant"),
        award=award,
        terms=awards.TERMS,
        token=token,
    )


@bp.route("/a/<token>/bank", methods=["GET", "POST"])
@access.needs("anyone")
def bank_details(token: str) -> Page:
    """Ask where a grant is to be paid."""
    award, form = _award(token), BankForm()
    back = url_for("grants.application", token=token)
    if award.state not in {"accepted", "paying"} or award.pay_by != "bank":
        return redirect(back, 303)
    return saved(
        form,
        lambda: bank.keep(award=award, **form.typed()),
        back,
        says=_("Thank you. Your bank details are kept."),
    ) or page("grants/bank.html", form, heading=_("Where should we pay it?"), token=token)


def _award(token: str) -> Award:
    return found(awards.standing_award(application_with(token)))


def _answered(award: Award, form: AcceptForm) -> None:
    if form.accept.data == "yes":
        awards.accept(
            award=award, may_name=form.may_name.data == "yes", pay_by=form.pay_by.data or ""
        )
    else:
        awards.decline(award=award)
