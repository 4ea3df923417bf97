"""Forms for sessions and their agendas."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_babel import to_user_timezone, to_utc
from wtforms import DateTimeLocalField, IntegerField, StringField
from wtforms.validators import InputRequired

from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.sessions.activities import ActivityForm
from panel_app.web import i18n
from panel_app.web.forms import Form, at_most, between, required

SomeForm = TypeVar("SomeForm", bound=Form)
LONGEST_TITLE = 120
LONGEST_ITEM = 600


def tidy(typed: str | None) -> str:
    """Return what was typed without the spaces around it and without null characters."""
    return (typed or "").replace("\0", "").strip()


class SessionForm(Form):
    """When and where a session is; `in_languages` adds its title and place."""

    starts_at = DateTimeLocalField(
        _("Starts"), [InputRequired(_("Fill this in."))], format="%Y-%m-%dT%H:%M"
    )
    ends_at = DateTimeLocalField(
        _("Ends"), [InputRequired(_("Fill this in."))], format="%Y-%m-%dT%H:%M"
    )

    def facts(self) -> dict[str, Any]:
        """Return what `create_session` and `edit_session` take; times as of the hall's clock."""
        return {
            "title": translated(self, "title"),
            "place": translated(self, "place"),
            "starts_at": _aware(self.starts_at.data),
            "ends_at": _aware(self.ends_at.data),
        }


class ItemForm(Form):
    """A part of the agenda; `in_languages` adds its title."""

    minutes = IntegerField(
        _("Minutes"), [InputRequired(_("Fill this in.")), between(1, LONGEST_ITEM)], default=15
    )


class ExtendForm(Form):
    """More time for the part that is open."""

    minutes = IntegerField(_("Minutes"), [InputRequired(_("Fill this in.")), between(1, 120)])


TITLE = ("title", _("Title"), True)
PLACE = ("place", _("Where"), False)


def session_form(session: Any | None = None) -> SessionForm:
    """Return the form of a session, filled from `session`."""
    made = in_languages(SessionForm, (TITLE, PLACE), session)
    times = {
        name: to_user_timezone(getattr(session, name)).replace(tzinfo=None)
        for name in ("starts_at", "ends_at")
        if session
    }
    return made(data=times)


def item_form(item: Any | None = None) -> ItemForm:
    """Return the form of an agenda item, filled from `item`."""
    made = in_languages(ItemForm, (TITLE,), item)
    return made(data={"minutes": item.minutes} if item else None)


def activity_form(kind: type[ActivityForm], settings: dict[str, Any] | None) -> ActivityForm:
    """Return the settings form of an activity, beside the item's own form on one page."""
    form = kind(prefix="activity-")
    if settings is not None and not form.is_submitted():
        form.show(settings)
    return form


def in_languages(
    base: type[SomeForm], texts: tuple[tuple[str, Any, bool], ...], shown: Any | None
) -> type[SomeForm]:
    """Return `base` with a field for each text in each language on offer, English needed."""
    fields: dict[str, Any] = {}
    for name, label, needed in texts:
        for language in i18n.offered():
            rules = [required()] if needed and language.code == "en" else []
            text: Translated | None = getattr(shown, name) if shown else None
            version = text.versions.get(language.code) if text else None
            fields[f"{name}_{language.code}"] = StringField(
                label,
                [*rules, at_most(LONGEST_TITLE)],
                filters=[tidy],
                default=version.text if version else "",
            )
    made: type[SomeForm] = type(f"{base.__name__}InLanguages", (base,), fields)
    return made


def translated(form: Form, name: str) -> Translated:
    """Return what was typed for one text."""
    typed = {lang.code: form[f"{name}_{lang.code}"].data for lang in i18n.offered()}
    return Translated.of("en", **typed)


def _aware(local: datetime | None) -> datetime:
    moment: datetime = to_utc(local)
    return moment.replace(tzinfo=UTC)
