"""What a facilitator decides about a text from the room."""

from __future__ import annotations

from typing import ClassVar

from wtforms import IntegerField, StringField
from wtforms.fields import Field
from wtforms.validators import Optional, ValidationError

from panel_app.core.text import _
from panel_app.web.forms import Form


class DecisionForm(Form):
    """Which wording was read, and why it is not shown."""

    #: The reasons of this kind of text.
    reasons: ClassVar[tuple[str, ...]] = ()

    revision = IntegerField(validators=[Optional()])
    reason = StringField(default="")
    #: Where to go on: the page that shows one at a time.
    one = StringField()

    def validate_reason(self, field: Field) -> None:
        """Refuse what is no reason of this kind of text."""
        if field.data not in {"", *self.reasons}:
            raise ValidationError(_("Choose one of the reasons."))
