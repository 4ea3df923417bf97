"""Forms on a phone."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from panel_app.core.text import _
from panel_app.deliberation.statements.forms import StatementForm
from panel_app.deliberation.statements.services import LARGEST_COUNTER
from panel_app.web.forms import Form, between


class SupportForm(Form):
    """Whether somebody wants it too."""

    value = IntegerField(validators=[InputRequired(), AnyOf((0, 1))])
    counter = IntegerField(
        validators=[InputRequired(), between(1, LARGEST_COUNTER)], widget=HiddenInput()
    )
    #: Which wording was read.
    revision = IntegerField(default=0, validators=[between(0, LARGEST_COUNTER)])


class ContributionForm(StatementForm):
    """A question or an idea, asked for as a statement is."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self.text.label.text = _("In your words")
