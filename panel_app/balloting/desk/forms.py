"""Forms that open and close a ballot: each is a second step of its own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from wtforms import DateTimeLocalField, StringField
from wtforms.validators import Optional

from panel_app.config import Settings
from panel_app.core.text import _
from panel_app.web.forms import Form, at_most, required

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class _Timed(Form):
    """A form that holds a closing time."""

    closes_at: DateTimeLocalField

    @property
    def moment(self) -> datetime | None:
        """The closing time, aware, in the place's own time zone."""
        typed: datetime | None = self.closes_at.data
        settings: Settings = current_app.extensions["settings"]
        return typed.replace(tzinfo=ZoneInfo(settings.time_zone)) if typed else None


class OpenForm(_Timed):
    """When voting ends by itself, where it does."""

    closes_at = DateTimeLocalField(
        _("Closes by itself at (leave empty to close it by hand)"),
        [Optional()],
        format=FORMATS,
        description=_("By this server’s clock."),
    )


class MoveForm(_Timed):
    """Another closing time, and why."""

    closes_at = DateTimeLocalField(
        _("New closing time"),
        [required()],
        format=FORMATS,
        description=_("By this server’s clock."),
    )
    reason = StringField(_("Why? Everybody may read it."), [required(), at_most(400)])

    @property
    def new_time(self) -> datetime:
        """The new closing time of a sound form."""
        if self.moment is None:
            raise ValueError("the form was not validated")
        return self.moment


class VoidForm(Form):
    """Why a ballot doesn't stand."""

    reason = StringField(_("Why? Everybody may read it."), [required(), at_most(400)])


class CloseForm(Form):
    """Only the confirmation."""
