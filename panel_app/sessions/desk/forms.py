"""Forms for sessions and their agendas."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import to_user_timezone, to_utc
from wtforms import DateTimeLocalField, IntegerField, SelectField
from wtforms.validators import InputRequired

from panel_app.core.text import _, gettext
from panel_app.sessions import activities
from panel_app.sessions.activities import ActivityForm
from panel_app.sessions.services import MOST_SCREENS
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import Form, between

LONGEST_TITLE = 120
LONGEST_ITEM = 600


class SessionForm(TextsForm):
    """What a session is called, when and where it is."""

    texts = (
        Text("title", _("Title"), LONGEST_TITLE),
        Text("place", _("Where"), LONGEST_TITLE, needed=False),
    )
    starts_at = DateTimeLocalField(
        _("Starts"), [InputRequired(_("Fill this in."))], format="%Y-%m-%dT%H:%M"
    )
    ends_at = DateTimeLocalField(
        _("Ends"), [InputRequired(_("Fill this in."))], format="%Y-%m-%dT%H:%M"
    )

    second_language = SelectField(
        _("A second language on the wall"),
        description=_("What is asked stands on the wall in it too, below, where it is written."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.second_language.choices = [
            ("", gettext("None")),
            *((one.code, one.name) for one in i18n.offered()),
        ]

    def facts(self) -> dict[str, Any]:
        """Return what `create_session` and `edit_session` take; times as of the hall's clock."""
        return {
            "title": self.text("title"),
            "place": self.text("place"),
            "second_language": self.second_language.data or None,
            "starts_at": hall_time(self.starts_at.data),
            "ends_at": hall_time(self.ends_at.data),
        }


class ItemForm(TextsForm):
    """A part of the agenda: its title and how long it takes."""

    texts = (Text("title", _("Title"), LONGEST_TITLE),)
    minutes = IntegerField(
        _("Minutes"), [InputRequired(_("Fill this in.")), between(1, LONGEST_ITEM)], default=15
    )


class TurnForm(Form):
    """Which of a part's screens the wall is to show, from 0."""

    page = IntegerField(validators=[InputRequired(), between(0, MOST_SCREENS)])


class ExtendForm(Form):
    """More time for the part that is open."""

    minutes = IntegerField(_("Minutes"), [InputRequired(_("Fill this in.")), between(1, 120)])


def session_form(session: Any | None = None) -> SessionForm:
    """Return the form of a session, filled from `session`."""
    made = in_languages(SessionForm, session)
    times = {
        name: to_user_timezone(getattr(session, name)).replace(tzinfo=None)
        for name in ("starts_at", "ends_at")
        if session
    }
    second = session.second_language or "" if session else ""
    return made(data={**times, "second_language": second})


def item_form(item: Any | None = None) -> ItemForm:
    """Return the form of an agenda item, filled from `item`."""
    made = in_languages(ItemForm, item)
    return made(data={"minutes": item.minutes} if item else None)


def activity_form(kind: type[ActivityForm], settings: dict[str, Any] | None) -> ActivityForm:
    """Return the settings form of an activity, beside the item's own form on one page."""
    kept = settings or {}
    texts = {text.name: activities.listed(kept, text.name) for text in kind.texts}
    made = in_languages(kind, SimpleNamespace(**texts))
    return made(prefix="activity-", data={n: v for n, v in kept.items() if n not in texts})


def hall_time(local: datetime | None) -> datetime:
    """Return a moment that was typed by the hall's clock."""
    moment: datetime = to_utc(local)
    return moment.replace(tzinfo=UTC)
