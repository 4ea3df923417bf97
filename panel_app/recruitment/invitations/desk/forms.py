"""Forms of the letters to homes: columns, the plan, marking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField

from panel_app.core import ids
from panel_app.core.text import _
from panel_app.recruitment.invitations.models import AddressList
from panel_app.recruitment.invitations.queries import Rate
from panel_app.web.forms import Form, SelectChoice, TicksField, at_most, chosen, required
from panel_app.web.i18n import apart

#: What became of a letter, as whoever marks it says.
STATES: dict[str, Any] = {
    "sent": _("out"),
    "returned": _("came back"),
    "refused": _("refused"),
    "used": _("registered"),
}
_PER_CENT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,4}))?\s*[%٪]?")


class AddressColumnsForm(Form):
    """Which sheet is the list, and which of its columns are the address, the area and the id."""

    sheet = SelectField(
        _("Which sheet is the list?"),
        description=_("Another sheet is read first; its columns can be chosen after that."),
    )
    addresses = TicksField(
        _("Which columns stand on the letter?"),
        description=_("Rows alike in all of these are one home, and get one letter at most."),
    )
    area = SelectField(
        _("Which column is the area?"),
        description=_("Each area has a response rate of its own."),
    )

    identifier = SelectField(
        _("Which column names each row, such as a UPRN?"),
        description=_("By it an address is known again when a newer list is read."),
    )

    def offer(self, columns: Sequence[str], sheets: Sequence[str]) -> None:
        """Offer these columns, and these sheets where there are several."""
        named = [SelectChoice(name, name) for name in columns]
        self.addresses.choices = named
        self.area.choices = [SelectChoice("", _("none: the whole list is one area")), *named]
        self.identifier.choices = [SelectChoice("", _("none: the row’s number")), *named]
        self.sheet.choices = [SelectChoice(name, name) for name in sheets]
        if len(sheets) < 2:
            del self.sheet


def columns_form(kept: AddressList) -> AddressColumnsForm:
    """Return the form of a list's columns, filled with how it was read."""
    form = AddressColumnsForm(
        data={
            "sheet": kept.sheet,
            "addresses": kept.address_columns,
            "area": kept.area_column,
            "identifier": kept.id_column,
        }
    )
    form.offer(kept.columns, kept.sheets)
    return form


class PlanForm(Form):
    """How many letters, until when, and what to expect of each; `plan_form` adds the areas."""

    letters = IntegerField(_("How many letters?"), [chosen(_("Type a number."))])
    closes_on = DateField(
        _("Until which day can people register?"),
        [required(_("Choose a day."))],
        description=_("It stands on the letters; their codes work up to and on this day."),
    )

    rates: Sequence[Rate] = ()

    def field_of(self, rate: Rate) -> Any:
        """Return the field of an area."""
        return self[_name_of(rate.area)]

    def typed(self) -> dict[str, float]:
        """Return registrations to expect of a letter by area; what is no number is left out."""
        typed = {rate.area: per_cent(self.field_of(rate).data or "") for rate in self.rates}
        return {area: rate for area, rate in typed.items() if rate is not None}


def plan_form(rates: Sequence[Rate]) -> PlanForm:
    """Return the form with a field for each area, filled in with what is known."""
    fields = {
        _name_of(rate.area): StringField(
            apart(rate.area) if rate.area else _("Everywhere"),
            default=f"{100 * rate.rate:.3g}",
            render_kw={"inputmode": "decimal", "size": 6},
        )
        for rate in rates
    }
    made: type[PlanForm] = type("PlanFormOfAreas", (PlanForm,), fields)
    form = made()
    form.rates = rates
    return form


def per_cent(typed: str) -> float | None:
    """Return a share between 0 and 1 from per cent as they are typed; None for anything else."""
    plain = "".join(map(ids.western, typed.strip())).replace("٫", ".")
    found = _PER_CENT.fullmatch(plain)
    return float(f"{found[1]}.{found[2] or 0}") / 100 if found else None


class MarkForm(Form):
    """Letters by number or code, and what became of them."""

    letters = TextAreaField(
        _("Which letters?"),
        [required(), at_most(40_000)],
        description=_(
            "Their numbers, such as 1-0042, or their codes, a line each. A barcode reader can type"
            " them."
        ),
        render_kw={"rows": 8, "dir": "ltr", "spellcheck": "false"},
    )
    state = RadioField(
        _("What became of them?"),
        [chosen()],
        choices=[
            SelectChoice(
                "returned", _("They came back: nobody lives there, or not at this address")
            ),
            SelectChoice("refused", _("Somebody said no")),
            SelectChoice("sent", _("Neither: they are out after all")),
        ],
    )


def _name_of(area: str) -> str:
    return f"a{ids.digest(area)[:16]}"
