"""What facilitators set up: the first question of a part, and how answers are kept."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField

from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.questions import drafting
from panel_app.questions.kinds import KINDS, all_kinds
from panel_app.questions.question import Question
from panel_app.sessions.activities import ActivityForm
from panel_app.web.desk.texts import MAIN, Text
from panel_app.web.forms import SelectChoice

LONGEST_OPTIONS = 30 * (drafting.LONGEST_OPTION + 2)


class QuestionSettingsForm(ActivityForm):
    """A first question, whose wording is the title of the part; the others come in the editor.

    Once the part is there its questions are changed in the editor alone.
    """

    texts: tuple[Text, ...] = (
        Text(
            "options",
            _("What can be chosen, a line each"),
            LONGEST_OPTIONS,
            needed=False,
            listed=True,
            hint=_("For a choice, an order or points; for a scale the names of its two ends."),
        ),
    )
    asks = SelectField(
        _("How people answer"),
        default=KINDS[0].name,
        description=_("The title of this part is the question. More can be added afterwards."),
    )
    by_seat = BooleanField(_("Keep answers with the seat (the phone says so)"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.made = "by_seat" in (named.get("data") or {})
        self.asks.choices = [SelectChoice(kind.name, kind.title) for kind in all_kinds()]
        if self.made:
            for name in ("asks", *(field.short_name for _lang, field in self.wordings("options"))):
                del self[name]
            self.texts = ()

    def entries(self, name: str) -> list[Translated]:
        """Return each entry once, however often it was typed."""
        return list({str(entry): entry for entry in reversed(super().entries(name))}.values())[::-1]

    def settings(self) -> dict[str, Any]:
        """Return the first question, unless it is written down already, and how it is put."""
        kept = {"by_seat": self.by_seat.data}
        return kept if self.made else {**kept, "questions": [self._question().to_json()]}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check as well that the question can be asked."""
        if not super().validate(extra_validators):
            return False
        try:
            drafting.check([] if self.made else [self._question()])
        except Refused as refusal:
            self[f"options_{MAIN}"].errors = [refusal.message]
            return False
        return True

    def _question(self) -> Question:
        return drafting.first(self.asks.data, self.entries("options"), Translated.of())
