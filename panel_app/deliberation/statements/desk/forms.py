"""What facilitators set up: the statements to begin with."""

from __future__ import annotations

from typing import Any, get_args

from wtforms import BooleanField, IntegerField, StringField
from wtforms.fields import Field
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.core.typed import one_line
from panel_app.deliberation.desk.forms import DecisionForm as Decision
from panel_app.deliberation.statements.models import Reason
from panel_app.deliberation.statements.services import LONGEST_STATEMENT
from panel_app.deliberation.statements.themes import LONGEST_NAME
from panel_app.sessions.activities import ActivityForm
from panel_app.web.desk.texts import MAIN, Text, TextsForm
from panel_app.web.forms import Form, at_most, required

MOST_SEEDS = 60


class LinesForm(ActivityForm):
    """Settings of which the first text is a list of short lines."""

    fewest: int
    most: int

    def entries(self, name: str) -> list[Translated]:
        """Return each entry once, however often it was typed."""
        different: dict[str, Translated] = {}
        for entry in super().entries(name):
            different.setdefault(str(entry), entry)
        return list(different.values())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check as well how many lines there are, and how long each is."""
        if not super().validate(extra_validators):
            return False
        name = self.texts[0].name
        message = self._fault(self.entries(name))
        if message:
            self[f"{name}_{MAIN}"].errors = [message]
        return not message

    def _fault(self, entries: list[Translated]) -> Any:
        if not self.fewest <= len(entries) <= self.most:
            return _("Write %(fewest)s to %(most)s lines.", fewest=self.fewest, most=self.most)
        for number, entry in enumerate(entries, start=1):
            if max(len(version.text) for version in entry.versions.values()) > LONGEST_STATEMENT:
                return _(
                    "Line %(number)s is too long: write at most %(most)s characters.",
                    number=number,
                    most=LONGEST_STATEMENT,
                )
        return None


class StatementsForm(LinesForm):
    """Settings of a round of statements."""

    fewest, most = 0, MOST_SEEDS
    texts = (
        Text(
            "seeds",
            _("Statements to begin with, a line each"),
            MOST_SEEDS * (LONGEST_STATEMENT + 2),
            needed=False,
            listed=True,
            hint=_("Short sentences that people can agree or disagree with."),
        ),
    )
    adding = BooleanField(_("Residents may add their own; you check them first"), default=True)
    matters = BooleanField(_("Residents may mark what matters to them"))


class WordingForm(TextsForm):
    """A statement's wording, corrected or translated."""

    texts = (Text("wording", _("Statement"), LONGEST_STATEMENT, needed=False),)
    keep = BooleanField(_("Where people have answered it already: keep asking the old one too"))
    #: Which wording was read.
    revision = IntegerField(validators=[InputRequired()], widget=HiddenInput())

    def own_fields(self) -> list[Field]:
        """Return the fields beside the texts that are shown."""
        return [field for field in super().own_fields() if field.short_name != "revision"]


class DecisionForm(Decision):
    """What a facilitator decides about a statement."""

    reasons = get_args(Reason)


class NameForm(Form):
    """What a facilitator calls a theme."""

    name = StringField(
        validators=[required(), at_most(LONGEST_NAME)],
        filters=[lambda typed: one_line(typed or "")],
    )


class ThemeForm(Form):
    """The theme that something goes into."""

    theme = StringField()


class MoveForm(ThemeForm):
    """A statement, by its number, and the theme that it goes into."""

    number = IntegerField()
