"""Forms on a member's phone."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.deliberation.statements import rules
from panel_app.deliberation.statements.services import LARGEST_COUNTER, LONGEST_STATEMENT
from panel_app.web import i18n
from panel_app.web.forms import Form, at_most, required


def read_answer(sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what the buttons of a statement sent, as `answer_statement` takes it.

    By hand: making a form costs a tenth of the answer, and nobody types here. Raises Refused.
    """
    value, counter = (sent.get(name, type=int) for name in ("value", "counter"))
    revision = sent.get("revision", 0, type=int)
    counted = 1 <= (counter or 0) <= LARGEST_COUNTER and 0 <= revision <= LARGEST_COUNTER
    if value not in {-1, 0, 1} or not counted:
        raise Refused(_("Choose agree, disagree or pass."))
    matters = bool(sent.get("matters"))
    return {"value": value, "counter": counter, "revision": revision, "matters": matters}


class StatementForm(Form):
    """A member's own statement."""

    text = TextAreaField(
        _("Your statement"),
        [required(), at_most(LONGEST_STATEMENT)],
        filters=[lambda typed: one_line(typed or "")],
    )
    language = SelectField(_("I wrote this in"), validate_choice=True)
    key = HiddenField(validators=[Length(min=8, max=40)])
    #: Whether the language was asked about once: then it is as they say.
    asked = HiddenField()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.language.choices = [(one.code, one.name) for one in i18n.spoken()]
        # A page from before the language was asked sends none.
        self.language.data = self.language.data or i18n.code()

    def statement(self) -> dict[str, Any]:
        """Return what was written, as services take it."""
        return {
            "text": self.text.data or "",
            "language": self.language.data,
            "key": self.key.data or "",
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask once where the letters are not those of the language, and choose the likely one."""
        if not super().validate(extra_validators):
            return False
        likely = rules.language_by_letters(self.text.data or "", self.language.data)
        if likely == self.language.data or self.asked.data:
            return True
        name = i18n.called(likely).name
        self.language.errors = [
            _("The letters look like %(language)s. Is that right? Then send it.", language=name)
        ]
        self.language.data, self.asked.data = likely, "yes"
        return False
