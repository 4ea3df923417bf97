"""Forms of the desk: a way in, the text to consent to, how somebody told us what they answer."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask_babel import to_user_timezone, to_utc
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from panel_app.core import clock
from panel_app.core.text import _
from panel_app.core.typed import cleaned, one_line
from panel_app.recruitment.registration.models import RegistrationPage
from panel_app.recruitment.registration.rules import OLDEST
from panel_app.recruitment.registration.ways import Terms
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm
from panel_app.web.forms import Form, SelectChoice, at_most, between, chosen, required


class WayInForm(Form):
    """What an organiser says of a way in."""

    name = StringField(
        _("Name, for you alone"),
        [required(), at_most(80)],
        filters=[lambda typed: one_line(typed or "")],
        description=_("Such as Library, Door, Letter: who comes by it is counted apart."),
    )
    by_code = BooleanField(_("Only with the code of a letter"))
    opens_at = DateTimeLocalField(
        _("Opens"), [Optional()], description=_("Leave it empty to open at once.")
    )
    closes_at = DateTimeLocalField(
        _("Closes"), [Optional()], description=_("The draw closes it in any case.")
    )
    youngest = IntegerField(_("Youngest, in years (empty: any)"), [Optional(), between(0, OLDEST)])
    oldest = IntegerField(_("Oldest, in years (empty: any)"), [Optional(), between(0, OLDEST)])
    areas = TextAreaField(
        _("Postcodes begin with, one a line (empty: any)"),
        [at_most(1_000)],
        filters=[lambda typed: cleaned(typed or "")],
        description=_("E14 is the whole district, E14 7 a part of it."),
        render_kw={"rows": 3, "dir": "ltr"},
    )
    testing = BooleanField(_("Try it out: what is sent is thrown away"))

    @classmethod
    def of(cls, page: RegistrationPage) -> WayInForm:
        """Return the form filled from a way in."""
        return cls(
            data={
                "name": page.name,
                "by_code": page.by_code,
                "opens_at": _local(page.opens_at),
                "closes_at": _local(page.closes_at),
                "youngest": page.youngest,
                "oldest": page.oldest,
                "areas": "\n".join(page.areas),
                "testing": page.testing,
            }
        )

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(
            name=self.name.data or "",
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
            by_code=self.by_code.data,
            youngest=self.youngest.data,
            oldest=self.oldest.data,
            areas=[line for line in (self.areas.data or "").split("\n") if line.strip()],
            testing=self.testing.data,
        )


class ConsentForm(TextsForm):
    """What people consent to, in every language."""

    texts = (Text("wording", _("What people agree to"), 1_500),)


class EntryForm(Form):
    """How and when somebody told us what they answer, and that they agree."""

    origin = RadioField(
        _("How did it come?"),
        [chosen()],
        choices=[SelectChoice("phone", _("By phone")), SelectChoice("paper", _("On paper"))],
    )
    spoken = RadioField(_("Their language"), [chosen()])
    agreed_on = DateField(
        _("When did they agree?"),
        [InputRequired(_("Fill this in."))],
        description=_("Read the text to them, or look for their tick on the paper."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.spoken.choices = [SelectChoice(one.code, one.name) for one in i18n.offered()]

    def validate_agreed_on(self, field: DateField) -> None:
        """Refuse a day that is still to come."""
        if field.data and field.data > to_user_timezone(clock.now()).date():
            raise ValidationError(_("This day is still to come."))

    def agreed_at(self) -> datetime:
        """Return when they agreed: noon of that day, or now."""
        day = self.agreed_on.data
        noon = _moment(datetime.combine(day, time(12))) if day else None
        return min(noon or clock.now(), clock.now())


def _local(at: datetime | None) -> datetime | None:
    return to_user_timezone(at).replace(tzinfo=None) if at else None


def _moment(typed: datetime | None) -> datetime | None:
    aware: datetime | None = to_utc(typed).replace(tzinfo=UTC) if typed else None
    return aware
