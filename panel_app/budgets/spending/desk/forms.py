"""Forms for contracts, their shares, and lists of both."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField, StringField

from panel_app.budgets.spending.models import Apportionment, Contract
from panel_app.budgets.spending.services import Share, Terms
from panel_app.budgets.spending.wording import CONFIDENCES, SUPPLIERS
from panel_app.core import money
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.places import queries as places
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import MoneyField, SelectChoice, at_most, chosen, required

BASIS_NAMES: dict[str, Any] = {
    "measured": _("Measured there"),
    "households": _("By number of households"),
    "area": _("By area of land"),
    "assets": _("By number of things, such as trees"),
    "agreed": _("Agreed, without a measure"),
}


class ContractForm(TextsForm):
    """A contract."""

    texts = (Text("service", _("What is bought or done"), 120),)
    reference = StringField(
        _("Reference in the register"),
        [required(), at_most(60)],
        filters=[lambda typed: one_line(typed or "")],
    )
    supplier = SelectField(
        _("Who does it"),
        [chosen()],
        choices=[SelectChoice(kind, words) for kind, words in SUPPLIERS.items()],
        default="unknown",
    )
    yearly = MoneyField(_("Cost in a year, in pounds"), [required()])
    area = SelectField(_("Where it is done"), default="")

    def terms(self, *, worked_out: bool = False) -> Terms:
        """Return what was typed."""
        area = self.area.data
        return Terms(
            reference=self.reference.data or "",
            service=self.text("service"),
            supplier=self.supplier.data,
            yearly=self.yearly.pence or 0,
            worked_out=worked_out,
            area=places.place_called(area) if area else None,
        )


class ShareForm(TextsForm):
    """A place's share of a contract."""

    texts = (
        Text(
            "counted",
            _("What was counted (for things)"),
            60,
            needed=False,
            hint=_("In the plural, such as: trees."),
        ),
    )
    place = SelectField(_("Place"), [chosen()])
    year = IntegerField(_("Year"), [required()])
    basis = SelectField(
        _("How is the share known?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in BASIS_NAMES.items()],
    )
    part = IntegerField(
        _("How many there"), [required()], description=_("The share as a fraction: 180 of 2000.")
    )
    whole = IntegerField(_("Of how many"), [required()])
    confidence = SelectField(
        _("How sure is it?"),
        [chosen()],
        choices=[SelectChoice(name, words) for name, words in CONFIDENCES.items()],
    )
    source = StringField(
        _("Where do the figures come from?"),
        [required(), at_most(200)],
        filters=[lambda typed: one_line(typed or "")],
    )

    def share(self) -> Share:
        """Return what was typed."""
        counted = self.text("counted")
        return Share(
            place=places.place_called(self.place.data),
            year=self.year.data or 0,
            basis=self.basis.data,
            part=self.part.data or 0,
            whole=self.whole.data or 0,
            confidence=self.confidence.data,
            source=self.source.data or "",
            counted=counted if str(counted) and self.basis.data == "assets" else None,
        )


class RegisterForm(UploadForm):
    """A register of contracts, and what its columns are called where we don't know it."""

    column_reference = StringField(_("Column with the reference (optional)"), [at_most(80)])
    column_service = StringField(_("Column with the service (optional)"), [at_most(80)])
    column_yearly = StringField(_("Column with the cost in a year (optional)"), [at_most(80)])
    column_supplier = StringField(_("Column with the kind of supplier (optional)"), [at_most(80)])

    def columns(self) -> dict[str, str]:
        """Return the column's name that was typed for each of ours."""
        named = {
            "reference": self.column_reference.data,
            "service_en": self.column_service.data,
            "yearly": self.column_yearly.data,
            "supplier": self.column_supplier.data,
        }
        return {ours: typed for ours, typed in named.items() if typed and typed.strip()}


def contract_form(
    contract: Contract | None = None, row: MultiDict[str, str] | None = None
) -> ContractForm:
    """Return the form of a contract, filled from it, or sent as the row of a list."""
    facts = (
        {
            "reference": contract.reference,
            "supplier": contract.supplier,
            "yearly": money.typed(contract.yearly),
            "area": contract.area.public_id if contract.area else "",
        }
        if contract
        else None
    )
    form = in_languages(ContractForm, contract)(data=facts, **_sent(row))
    everywhere = SelectChoice("", _("Everywhere"))
    form.area.choices = [everywhere, *(SelectChoice(*each) for each in places.choices())]
    return form


def share_form(
    share: Apportionment | None = None, row: MultiDict[str, str] | None = None
) -> ShareForm:
    """Return the form of a share, filled from it, or sent as the row of a list."""
    facts = (
        {
            "place": share.place.public_id,
            **{
                name: getattr(share, name)
                for name in ("year", "basis", "part", "whole", "confidence", "source")
            },
        }
        if share
        else None
    )
    form = in_languages(ShareForm, share)(data=facts, **_sent(row))
    form.place.choices = [SelectChoice(*each) for each in places.choices()]
    return form


def _sent(row: MultiDict[str, str] | None) -> dict[str, Any]:
    return {} if row is None else {"formdata": row, "meta": {"csrf": False}}
