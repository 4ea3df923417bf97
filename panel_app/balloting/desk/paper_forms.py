"""Forms for printing, handing out and typing paper ballots."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, RadioField, SelectField, StringField

from panel_app.balloting.on_paper.services import LONGEST_RUN
from panel_app.core.text import _
from panel_app.web import i18n
from panel_app.web.forms import Form, SelectChoice, at_most, between, chosen, required

_CODE = {"class": "code", "autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}
_NUMBER = {"inputmode": "numeric", "size": 5}
LONGEST_PLACE = 120
MOST_IN_A_BATCH = 500
SAID = (
    SelectChoice("vote", _("A vote, as chosen below")),
    SelectChoice("blank", _("Blank: nothing is written on it")),
    SelectChoice("void", _("Void: it can’t be told what is meant, or it breaks the rules")),
)


class PrintForm(Form):
    """How many papers, in which language."""

    language = SelectField(_("Language"))
    papers = IntegerField(
        _("How many"), [chosen(_("Fill this in.")), between(1, LONGEST_RUN)], render_kw=_NUMBER
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.language.choices = [SelectChoice(one.code, one.name) for one in i18n.offered()]


class GiveBackForm(Form):
    """The number on an unused paper."""

    number = StringField(
        _("Number on the paper"),
        [required(), at_most(40)],
        render_kw={**_CODE, "spellcheck": "false"},
    )


class SizeForm(Form):
    """How many papers lie in a batch."""

    size = IntegerField(
        _("How many papers lie in it, counted by hand"),
        [chosen(_("Fill this in.")), between(1, MOST_IN_A_BATCH)],
        render_kw=_NUMBER,
    )


class BatchForm(SizeForm):
    """A batch as it lies on the table."""

    number = IntegerField(
        _("Number of the batch, as you write it on its envelope"),
        [chosen(_("Fill this in.")), between(1, 9999)],
        render_kw=_NUMBER,
    )
    place = StringField(_("Where the papers come from"), [required(), at_most(LONGEST_PLACE)])


class CorrectForm(Form):
    """What a paper says, beside its choice."""

    said = RadioField(_("The paper is"), [chosen()], choices=SAID, default="vote")


class TypeForm(CorrectForm):
    """A paper's number, and what it says."""

    number = StringField(
        _("Number on the paper"),
        [required(), at_most(40)],
        render_kw={**_CODE, "spellcheck": "false"},
    )
