"""The form for how cases are scored."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, Optional

from panel_app.casework.models import Scheme
from panel_app.casework.schemes import WHOLE, Scored
from panel_app.core.text import _
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import SelectChoice, between, chosen

SCORERS = {
    "members": _("Members of the panel"),
    "staff": _("Staff"),
    "both": _("Members of the panel and staff"),
}


class SchemeForm(TextsForm):
    """Quorum, who scores, and for each question its words, its guide, weight and minimum."""

    quorum = IntegerField(
        _("Quorum: how many members without a connection must vote"),
        [InputRequired(_("Fill this in.")), between(1, 2_000)],
    )
    scorers = RadioField(
        _("Who scores?"), [chosen()], choices=[SelectChoice(k, w) for k, w in SCORERS.items()]
    )

    def facts(self) -> dict[str, Any]:
        """Return what `revise` takes; a question whose words are emptied goes."""
        numbers = range(1, len(self.texts) // 2 + 1)
        return {
            "quorum": self.quorum.data,
            "scorers": self.scorers.data,
            "criteria": [self._scored(n) for n in numbers if str(self.text(f"question-{n}"))],
        }

    def _scored(self, number: int) -> Scored:
        return Scored(
            question=self.text(f"question-{number}"),
            guide=self.entries(f"guide-{number}"),
            weight=self[f"weight-{number}"].data or 0,
            least=self[f"least-{number}"].data,
        )


def scheme_form(scheme: Scheme) -> SchemeForm:
    """Return the form of a scheme, with room for one more question."""
    texts: list[Text] = []
    fields: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    given: dict[str, Any] = {"quorum": scheme.quorum, "scorers": scheme.scorers}
    for number in range(1, len(scheme.criteria) + 2):
        texts += _texts(number)
        fields |= _fields(number)
    for number, criterion in enumerate(scheme.criteria, 1):
        shown |= {f"question-{number}": criterion.question, f"guide-{number}": criterion.guide}
        given |= {f"weight-{number}": criterion.weight, f"least-{number}": criterion.least}
    kind: type[SchemeForm] = type("ItsForm", (SchemeForm,), {**fields, "texts": tuple(texts)})
    return in_languages(kind, SimpleNamespace(**shown))(data=given)


def _texts(number: int) -> list[Text]:
    return [
        Text(f"question-{number}", _("Question %(number)d", number=number), 200, needed=False),
        Text(
            f"guide-{number}",
            _("Words for each score of question %(number)d, lowest first", number=number),
            2_000,
            needed=False,
            listed=True,
            hint=_("A line each: the first stands for 0, the next for 1, and so on."),
        ),
    ]


def _fields(number: int) -> dict[str, IntegerField]:
    return {
        f"weight-{number}": IntegerField(
            _("Weight of question %(number)d, in per cent", number=number),
            [Optional(), between(1, WHOLE)],
        ),
        f"least-{number}": IntegerField(
            _(
                "Minimum of question %(number)d: what the average must reach, if anything",
                number=number,
            ),
            [Optional(), between(0, 10)],
        ),
    }
