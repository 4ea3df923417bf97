"""What facilitators set up: tables, rounds, and what a plan is to keep to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.deliberation.tables import rules
from panel_app.panels.current import this_panel
from panel_app.recruitment.queries import feature_names, targets_of
from panel_app.recruitment.wordings import wordings_of
from panel_app.sessions.activities import ActivityForm
from panel_app.web.desk.texts import Text
from panel_app.web.forms import Form, SelectChoice, TicksField, at_most, between
from panel_app.web.i18n import said

MOST_ROUNDS, MOST_SEATS = 12, 20
LONGEST = 2_000


def _reads(read: Callable[[str], Any]) -> Callable[[Form, Any], None]:
    """Return a validator that names the line which `read` can't read."""

    def check(form: Form, field: Any) -> None:
        try:
            read(field.data or "")
        except rules.Unreadable as fault:
            raise ValidationError(_("This line can’t be read: %(line)s", line=fault)) from fault

    return check


def _lines(label: Any, hint: Any, read: Callable[[str], Any]) -> TextAreaField:
    return TextAreaField(
        label,
        [at_most(LONGEST), _reads(read)],
        filters=[lambda typed: cleaned(typed or "")],
        description=hint,
        render_kw={"rows": 2},
    )


class TablesForm(ActivityForm):
    """How large tables are, how many rounds, what mixes people, and what the plan keeps to."""

    texts = (
        Text(
            "prompts",
            _("What tables talk about, a line a round"),
            MOST_ROUNDS * 300,
            needed=False,
            listed=True,
            hint=_("The last line holds for every round that follows."),
        ),
        Text(
            "places",
            _("Where each table stands, a line a table"),
            3_000,
            needed=False,
            listed=True,
            hint=_("Such as: by the window."),
        ),
    )
    size = IntegerField(
        _("People at a table"), [InputRequired(), between(2, MOST_SEATS)], default=8
    )
    rounds = IntegerField(_("Rounds"), [InputRequired(), between(1, MOST_ROUNDS)], default=3)
    features = TicksField(_("Mix people by"))
    never_alone = TicksField(
        _("Nobody alone at a table"),
        description=_("A table has none of them, or at least two, where that can be done."),
    )
    together = _lines(
        _("Together at every table"),
        _("Seats that stay together, a group a line: 4, 12"),
        rules.groups,
    )
    apart = _lines(
        _("Kept apart at every table"),
        _("Seats to keep apart, a group a line: 3, 19"),
        rules.groups,
    )
    fixed = _lines(
        _("Seats with a table of their own"), _("A seat and its table: 12: 3"), rules.fixed
    )
    step_free = StringField(
        _("Tables without steps"),
        [at_most(100), _reads(rules.numbers)],
        description=_("Whoever asked for a way in without steps sits at one of these: 1, 2"),
    )
    interpreters = _lines(
        _("Tables with an interpreter"),
        _("A language and its tables: bn: 1, 2. Everybody who reads it sits at one of these."),
        rules.interpreters,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        panel, words = this_panel(), wordings_of(this_panel())
        self.features.choices = [
            SelectChoice(name, said(words.of(name))) for name in feature_names(panel)
        ]
        self.never_alone.choices = [
            SelectChoice(
                json.dumps([name, target.value]),
                Markup("{}: {}").format(said(words.of(name)), said(words.of(name, target.value))),
            )
            for name, targets in targets_of(panel)
            for target in targets
        ]
        for field in (self.features, self.never_alone):
            if not field.choices:
                del self[field.short_name]

    def settings(self) -> dict[str, Any]:
        """Return the settings; someone protected by a feature is mixed by it too."""
        made = {"features": [], "never_alone": [], **super().settings()}
        named = [json.loads(pair)[0] for pair in made["never_alone"]]
        return {**made, "features": list(dict.fromkeys([*made["features"], *named]))}


class SeatForm(Form):
    """Whom to seat."""

    whom = RadioField(
        choices=[SelectChoice("here"), SelectChoice("confirmed"), SelectChoice("all")],
        default="here",
        validate_choice=True,
    )


class FitForm(Form):
    """The seats of those who left."""

    left = StringField(filters=[lambda typed: (typed or "").strip()], validators=[at_most(400)])

    def seats(self) -> list[int]:
        """Return the seats' numbers. Raises rules.Unreadable."""
        return rules.numbers(self.left.data or "")


class MoveForm(Form):
    """One seat, and the table that it goes to in one round."""

    seat = StringField(
        _("Seat"),
        [InputRequired(_("Fill this in.")), at_most(20), _reads(rules.numbers)],
        filters=[lambda typed: (typed or "").strip()],
    )
    to = IntegerField(_("Table"), [InputRequired(_("Fill this in.")), between(1, 10_000)])
    round = SelectField(_("Round"), coerce=int)

    def number(self) -> int:
        """Return the seat's number. Raises Refused for none or several."""
        read = rules.numbers(self.seat.data or "")
        if len(read) != 1:
            raise Refused(_("Type one seat."), field="seat")
        return read[0]


class NotesForm(Form):
    """What a table writes, a line a point."""

    text = TextAreaField(
        _("Next points, a line each"),
        [at_most(6_000)],
        filters=[lambda typed: cleaned(typed or "")],
        render_kw={"rows": 3},
    )
