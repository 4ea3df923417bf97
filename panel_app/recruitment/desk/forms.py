"""Forms of the desk: uploads, columns, dice, a letter's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Regexp

from panel_app.core import ids
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.recruitment.committing import LONGEST_REASON
from panel_app.recruitment.wordings import Name, Wordings
from panel_app.web import i18n
from panel_app.web.forms import Form, SelectChoice, TicksField, at_most, required
from sortition.csv_files import text_of
from sortition.not_this_one import Doubt

#: Characters of a file that are kept in the form for correction; a larger one is chosen again.
LARGEST_KEPT = 60_000
#: Characters of what residents read for a feature or a value.
LONGEST_WORDING = 200


class UploadForm(Form):
    """A CSV file or a workbook, chosen, or rows pasted."""

    file = FileField(_("File"), render_kw={"accept": ".csv,.xlsx,.xls,.ods,text/csv,text/plain"})
    text = TextAreaField(
        _("Or paste its rows here"), render_kw={"rows": 8, "spellcheck": "false", "dir": "ltr"}
    )

    #: The name of the chosen file, once it was read.
    file_name: str = ""
    source: bytes | str = ""

    def validate_text(self, field: Any) -> None:
        """Take the chosen file, or else the pasted text; one of them must be there."""
        if self.file.data:
            self.file_name = self.file.data.filename
            self.source = self.file.data.read()
        else:
            self.source = (field.data or "").strip()
        if not self.source:
            raise ValidationError(_("Choose a file, or paste its rows."))

    def keep_text(self) -> bool:
        """Put a small file's text into the form, to be corrected there; say whether it was.

        What was pasted stays, however long.
        """
        small = not self.file_name or len(self.source) <= LARGEST_KEPT
        text = text_of(self.source) if isinstance(self.source, bytes) else self.source
        self.text.data = text.replace("\0", "\ufffd") if text and small else ""
        return text is not None and small


class TargetsForm(UploadForm):
    """Targets; other features or values need other people."""

    drop_people = BooleanField(_("Remove the people imported before, if they don’t fit any more"))


class SilentForm(Form):
    """What becomes of people who give no answer to a feature."""

    silent = RadioField(
        _("Somebody gives no answer, or would rather not say"),
        description=_(
            "Whoever is left out of a feature’s targets can be drawn, and counts for none of its"
            " values. Whoever can’t be drawn stays in the pool."
        ),
        choices=[
            SelectChoice("fault", _("It is a fault: the file has to be corrected")),
            SelectChoice("leave", _("Leave them out of that feature’s targets")),
            SelectChoice("exclude", _("They can’t be drawn")),
        ],
    )


class CensusForm(UploadForm):
    """Shares of the population, and of which area."""

    area = StringField(
        _("Area"),
        [at_most(120)],
        description=_("Where the table has several: whose rows count. Left empty, they add up."),
    )


class DoubtsForm(Form):
    """Where a column may say who is not meant: whom to leave out."""

    #: The columns that were asked about, and the values ticked: column, tab, value.
    asked = SelectMultipleField(validate_choice=False)
    left_out = SelectMultipleField(validate_choice=False)

    doubts: Sequence[Doubt] = ()

    def choices(self) -> dict[str, list[str]]:
        """Return the values to leave out of each column that was asked about."""
        ticked = [str(pair).partition("\t") for pair in self.left_out.data or ()]
        return {
            column: [value for name, _, value in ticked if name == column]
            for column in self.asked.data or ()
        }


class RollForm(DoubtsForm, UploadForm):
    """A list of everybody; and whether those who look like one person are several."""

    apart = BooleanField(
        _("People of the same name and address, but with other ids, are different people")
    )


class ColumnsForm(Form):
    """Which columns of the file of people are a name and an address."""

    names = TicksField(
        _("Which columns make a person’s name?"),
        description=_("They stand on the letter, in the file’s order."),
    )
    addresses = TicksField(
        _("Which columns make an address?"),
        description=_(
            "People who are alike in all of these live together, and at most one of them is drawn."
            " Tick none if everyone may be drawn."
        ),
    )

    def offer(self, columns: list[str], *, drawn: bool) -> None:
        """Offer these columns, of people who are drawn or of everybody on a list."""
        if not drawn:
            self.addresses.description = _("It stands on letters and on the list for the door.")
        self.names.choices = self.addresses.choices = [
            SelectChoice(column, column) for column in columns
        ]


class WordingsForm(Form):
    """What residents read for features and values; `wordings_form` adds the fields."""

    names: Sequence[Name] = ()

    def row(self, feature: str, value: str = "") -> list[tuple[i18n.Language, Any]]:
        """Return the fields of one name with their languages, for the page."""
        name = feature, value
        return [(language, self[_field_of(name, language)]) for language in i18n.offered()]

    def typed(self) -> dict[Name, dict[str, str]]:
        """Return what was typed: each name's texts by language."""
        return {
            name: {language.code: field.data for language, field in self.row(*name)}
            for name in self.names
        }


def wordings_form(names: Sequence[Name], wordings: Wordings) -> WordingsForm:
    """Return the form with a field for each name and language on offer, filled in."""
    fields = {
        _field_of(name, language): StringField(
            f"{language.name}: {name[1] or name[0]}",
            [at_most(LONGEST_WORDING)],
            filters=[lambda typed: one_line(typed or "")],
            default=wordings.of(*name).only_in(language.code),
        )
        for name in names
        for language in i18n.offered()
    }
    made: type[WordingsForm] = type("WordingsFormInLanguages", (WordingsForm,), fields)
    form = made()
    form.names = names
    return form


def _field_of(name: Name, language: i18n.Language) -> str:
    """Name a field after what it is about: another import of targets then mixes nothing up."""
    about = ids.digest("\x1f".join(name))[:16]
    return f"w{about}_{language.code}"


def _die(label: Any) -> StringField:
    return StringField(
        label,
        [Regexp(r"\A\s*[0-9]\s*\Z", message=_("Type one digit, 0 to 9."))],
        render_kw={"inputmode": "numeric", "maxlength": 1, "autocomplete": "off"},
    )


class GiveUpForm(Form):
    """Why a committed lottery is given up."""

    reason = StringField(_("Why? Everybody may read it."), [required(), at_most(LONGEST_REASON)])


class DiceForm(Form):
    """Three dice, a digit each, in the order they were rolled."""

    first = _die(_("First die"))
    second = _die(_("Second die"))
    third = _die(_("Third die"))

    @property
    def digits(self) -> str:
        """What the dice show: `407`."""
        typed = (self.first.data, self.second.data, self.third.data)
        return "".join((digit or "").strip() for digit in typed)
