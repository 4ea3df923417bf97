"""Forms of the desk: uploads, columns, dice, a letter's language."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from panel_app.core.text import _
from panel_app.recruitment.pool_files import decoded
from panel_app.web.forms import Form, SelectChoice

#: Characters of a file that are kept in the form for correction; a larger one is chosen again.
LARGEST_KEPT = 60_000


class UploadForm(Form):
    """A CSV file, chosen or pasted."""

    file = FileField(_("CSV file"), render_kw={"accept": ".csv,text/csv,text/plain"})
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
            self.source = decoded(self.file.data.read())
        else:
            self.source = (field.data or "").strip()
        if not self.source:
            raise ValidationError(_("Choose a CSV file, or paste its rows."))

    def keep_text(self) -> bool:
        """Put a small file's text into the form, to be corrected there; say whether it was."""
        kept = isinstance(self.source, str) and len(self.source) <= LARGEST_KEPT
        self.text.data = str(self.source).replace("\0", "\ufffd") if kept else ""
        return kept


class TargetsForm(UploadForm):
    """Targets; other features or values need other people."""

    drop_people = BooleanField(_("Remove the people imported before, if they don’t fit any more"))


class ColumnsForm(Form):
    """Which columns of the file of people are a name and an address."""

    names = SelectMultipleField(
        _("Which columns make a person’s name?"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    addresses = SelectMultipleField(
        _("Which columns make an address?"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, columns: list[str]) -> None:
        """Offer these columns."""
        self.names.choices = self.addresses.choices = [
            SelectChoice(column, column) for column in columns
        ]


def _die(label: Any) -> StringField:
    return StringField(
        label,
        [Regexp(r"\A\s*[0-9]\s*\Z", message=_("Type one digit, 0 to 9."))],
        render_kw={"inputmode": "numeric", "maxlength": 1, "autocomplete": "off"},
    )


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
