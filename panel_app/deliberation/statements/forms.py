"""Forms on a member's phone."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length
from wtforms.widgets import HiddenInput

from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.deliberation.statements.services import LARGEST_COUNTER, LONGEST_STATEMENT
from panel_app.web.forms import Form, at_most, between, required


class AnswerForm(Form):
    """What a member makes of a statement."""

    value = IntegerField(validators=[InputRequired(), AnyOf((-1, 0, 1))])
    counter = IntegerField(
        validators=[InputRequired(), between(1, LARGEST_COUNTER)], widget=HiddenInput()
    )

    def answer(self) -> dict[str, Any]:
        """Return the value and the counter, as `answer_statement` takes them."""
        return {"value": self.value.data, "counter": self.counter.data}


class StatementForm(Form):
    """A member's own statement."""

    text = TextAreaField(
        _("Your statement"),
        [required(), at_most(LONGEST_STATEMENT)],
        filters=[lambda typed: one_line(typed or "")],
    )
    key = HiddenField(validators=[Length(min=8, max=40)])
