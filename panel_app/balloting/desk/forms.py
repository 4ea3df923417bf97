"""Forms that open and close a ballot: each is a second step of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from wtforms import BooleanField, DateTimeLocalField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import Optional

from panel_app.config import Settings
from panel_app.core import clock
from panel_app.core.text import _
from panel_app.web.forms import Form, at_most, required

#: A closing time that is nearer is asked for again.
SOON = timedelta(minutes=15)
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class _Timed(Form):
    """A form that holds a closing time."""

    closes_at: DateTimeLocalField
    soon: BooleanField

    def own_fields(self) -> list[Field]:
        """Return the fields, the confirmation only where it is asked for."""
        asked = bool(self.soon.errors or self.soon.data)
        return [one for one in super().own_fields() if asked or one is not self.soon]

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """Refuse a time that no clock shows, in the hour that is left out in spring."""
        moment = self.moment
        if moment and moment.astimezone(UTC).astimezone(moment.tzinfo) != moment:
            raise ValidationError(
                _("This time doesn’t exist: the clocks go forward in that hour. Choose another.")
            )

    def validate_soon(self, field: BooleanField) -> None:
        """Ask again where the ballot would close before people have read it."""
        left = self.moment - clock.now() if self.moment else SOON
        if timedelta(0) < left < SOON and not field.data:
            raise ValidationError(_("That is in a few minutes. Tick this if you mean it."))

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
    soon = BooleanField(_("Close it that soon"))


class MoveForm(_Timed):
    """Another closing time, and why."""

    closes_at = DateTimeLocalField(
        _("New closing time"),
        [required()],
        format=FORMATS,
        description=_("By this server’s clock."),
    )
    soon = BooleanField(_("Close it that soon"))
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
