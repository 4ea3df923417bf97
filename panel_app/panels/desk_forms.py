"""Forms that set up panels and say who works on them."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.web import i18n
from panel_app.web.forms import Form, SelectChoice, at_most, between, required

#: What a panel says in every language: field, label, longest text, whether English must be there.
TEXTS = (
    ("name", _("Name"), 120, True),
    ("purpose", _("Purpose: what the panel decides"), 600, True),
    ("mission", _("Mission it works for"), 300, False),
)
LARGEST_PANEL = 2_000
#: Roles that may be given on one panel, and what they are for.
ROLES = {
    "facilitator": _("Facilitator: runs sessions"),
    "organiser": _("Organiser: sets up everything"),
    "scribe": _("Scribe: takes notes"),
    "observer": _("Observer: looks on"),
}


def tidy(typed: str | None) -> str:
    """Return what was typed without the spaces around it."""
    return (typed or "").strip()


class PanelForm(Form):
    """A panel's own facts; `form_for` adds its texts in every language on offer."""

    #: The panel that is edited; None while one is set up.
    panel: Panel | None = None

    size = IntegerField(
        _("Size: how many people"), [InputRequired(_("Fill this in.")), between(2, LARGEST_PANEL)]
    )
    place = StringField(_("Where it meets"), [at_most(120)], filters=[tidy])
    sender = TextAreaField(
        _("Sender of letters: name and address, a line each"),
        [at_most(400)],
        filters=[tidy],
        render_kw={"rows": 4},
    )
    reply_by = DateField(_("Letters ask for an answer by"), [Optional()])
    languages = SelectMultipleField(
        _("Languages of the panel"),
        [InputRequired(_("Choose at least one language."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def facts(self) -> dict[str, Any]:
        """Return what `create_panel` and `edit_panel` take."""
        texts = {name: self._translated(name) for name, *_rest in TEXTS}
        return {
            **texts,
            "mission": texts["mission"] if texts["mission"].versions else None,
            "size": self.size.data,
            "place": self.place.data,
            "sender": tidy(self.sender.data).replace("\r\n", "\n"),
            "reply_by": self.reply_by.data,
            "languages": self.languages.data,
        }

    def text_fields(self, name: str) -> list[tuple[i18n.Language, Any]]:
        """Return the fields of one text with their languages, for the page."""
        return [(language, self[f"{name}_{language.code}"]) for language in i18n.offered()]

    def _translated(self, name: str) -> Translated:
        before: Translated | None = getattr(self.panel, name, None)
        typed = {lang.code: field.data for lang, field in self.text_fields(name)}
        return (before or Translated("en", {})).retyped(typed)


def form_for(panel: Panel | None = None) -> PanelForm:
    """Return the form with a field for each text and language, filled from `panel`."""
    fields: dict[str, Any] = {}
    for name, label, longest, needed in TEXTS:
        for language in i18n.offered():
            rules = [required()] if needed and language.code == "en" else []
            kind = StringField if longest <= 120 else TextAreaField
            fields[f"{name}_{language.code}"] = kind(
                label,
                [*rules, at_most(longest)],
                filters=[tidy],
                default=_text(panel, name, language.code),
            )
    made: type[PanelForm] = type("PanelFormInLanguages", (PanelForm,), fields)
    form = made(obj=panel) if panel else made(data={"languages": ["en"]})
    form.panel = panel
    form.languages.choices = [SelectChoice(lang.code, lang.name) for lang in i18n.offered()]
    return form


def _text(panel: Panel | None, name: str, language: str) -> str:
    text: Translated | None = getattr(panel, name) if panel else None
    return text.only_in(language) if text else ""


class StaffForm(Form):
    """A person and their role on a panel."""

    email = EmailField(
        _("E-mail address"),
        [required(), at_most(255), Regexp(r"^[^@\s\0]+@[^@\s\0]+$", message=_("Type an address."))],
        filters=[tidy],
    )
    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role, label) for role, label in ROLES.items()],
    )
    name = StringField(_("Name"), [at_most(120)], filters=[tidy])
    password = PasswordField(
        _("First password"), [at_most(200)], render_kw={"autocomplete": "new-password"}
    )

    def person(self) -> dict[str, Any]:
        """Return what `add_staff` takes of the person."""
        return {
            "email": tidy(self.email.data),
            "name": tidy(self.name.data),
            "role": self.role.data,
            "password": self.password.data or "",
        }
