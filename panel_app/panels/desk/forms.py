"""Forms that set up panels and say who works on them."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional, Regexp

from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.panels.models import Panel
from panel_app.places import queries as places
from panel_app.places.models import Place
from panel_app.staff.desk.forms import ROLE_NAMES
from panel_app.web import i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import Form, SelectChoice, TicksField, at_most, between, required

LARGEST_PANEL = 2_000
#: Roles that may be given on one panel.
ROLES = [role for role in ROLE_NAMES if role != "administrator"]

#: How people come onto a panel, as the form asks it.
KINDS = {
    "drawn": _("People drawn by lottery from those who said yes"),
    "roll": _("Everybody on a list, such as all who live on an estate"),
    "open": _("Whoever comes, such as to a workshop in an area: nobody has a seat, and no vote"),
}


def _tidy(typed: str | None) -> str:
    return cleaned(typed or "")


def _code(chosen: Place | str | None) -> str:
    """Return the identifier of a place, as the form's own choices have it."""
    return chosen.public_id if isinstance(chosen, Place) else chosen or ""


class PanelForm(TextsForm):
    """What a panel is and does; `form_for` fills it."""

    texts = (
        Text("name", _("Name"), 120),
        Text("purpose", _("Purpose: what the panel decides"), 600),
        Text("mission", _("Mission it works for"), 300, needed=False),
        Text(
            "terms",
            _("What people get for taking part"),
            300,
            needed=False,
            hint=_("What is paid and provided, such as £50 an evening, childcare, travel."),
        ),
    )

    kind = RadioField(
        _("Who takes part?"),
        [InputRequired(_("Choose one of these."))],
        choices=[SelectChoice(kind, label) for kind, label in KINDS.items()],
    )
    size = IntegerField(
        _("Size: how many people are drawn"),
        [Optional(), between(2, LARGEST_PANEL)],
        description=_("Targets are checked against it. Only where people are drawn."),
    )
    area = SelectField(_("Place it decides for"), default="", coerce=_code)
    place = StringField(_("Where it meets"), [at_most(120)], filters=[_tidy])
    sender = TextAreaField(
        _("Sender of letters: name and address, a line each"),
        [at_most(400)],
        filters=[_tidy],
        description=_("It stands at the top of every letter."),
        render_kw={"rows": 4},
    )
    contact = StringField(
        _("Whom to ring or write to with a question"),
        [at_most(120)],
        filters=[_tidy],
        description=_("A name with a number or an address, for letters and pages of residents."),
    )
    reply_by = DateField(_("Letters ask for an answer by"), [Optional()])
    languages = TicksField(
        _("Languages of the panel"),
        [InputRequired(_("Choose at least one language."))],
        description=_("Letters and pages of the panel come in these."),
    )

    def validate_size(self, field: Any) -> None:
        """Ask for a size where people are drawn."""
        if field.data is None and (not self.kind or self.kind.data == "drawn"):
            raise ValidationError(_("Fill this in."))

    def validate_sender(self, field: Any) -> None:
        """Ask for the sender where letters are written."""
        if not field.data and (not self.kind or self.kind.data != "open"):
            raise ValidationError(_("Fill this in."))

    def facts(self) -> dict[str, Any]:
        """Return what `create_panel` and `edit_panel` take."""
        mission, terms = self.text("mission"), self.text("terms")
        return {
            **({"kind": self.kind.data} if self.kind else {}),
            "name": self.text("name"),
            "purpose": self.text("purpose"),
            "mission": mission if mission.versions else None,
            "size": self.size.data or 0 if self.size else 0,
            "place": self.place.data,
            "area": places.place_called(self.area.data) if self.area.data else None,
            "sender": self.sender.data if self.sender else "",
            "contact": self.contact.data,
            "terms": terms if terms.versions else None,
            "reply_by": self.reply_by.data if self.reply_by else None,
            "languages": self.languages.data,
        }


def form_for(panel: Panel | None = None) -> PanelForm:
    """Return the form with a field for each text and language, filled from `panel`."""
    made = in_languages(PanelForm, panel)
    form = made(obj=panel) if panel else made(data={"languages": ["en"], "kind": "drawn"})
    if panel:
        del form.kind
        if panel.kind != "drawn":
            del form.size
        if panel.is_open:
            del form.sender, form.reply_by
            form.contact.description = form.languages.description = ""
    named = [SelectChoice(code, name) for code, name in places.choices()]
    form.area.choices = [SelectChoice("", _("No place in particular")), *named]
    form.languages.choices = [SelectChoice(lang.code, lang.name) for lang in i18n.offered()]
    return form


class StaffForm(Form):
    """A person and their role on a panel."""

    email = EmailField(
        _("E-mail address"),
        [required(), at_most(255), Regexp(r"^[^@\s\0]+@[^@\s\0]+$", message=_("Type an address."))],
        filters=[_tidy],
    )
    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role, ROLE_NAMES[role]) for role in ROLES],
        default="facilitator",
    )
    name = StringField(
        _("Name"), [at_most(120)], filters=[_tidy], description=_("For a new account only.")
    )
    password = PasswordField(
        _("First password"),
        [at_most(200)],
        description=_(
            "For a new account only, at least 12 characters; the person changes it after signing"
            " in."
        ),
        render_kw={"autocomplete": "new-password"},
    )

    def person(self) -> dict[str, Any]:
        """Return what `add_staff` takes of the person."""
        return {
            "email": self.email.data,
            "name": self.name.data,
            "role": self.role.data,
            "password": self.password.data or "",
        }
