"""The form for an idea, on a phone and where staff write one down."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField

from panel_app.budgets.ideas import queries, services
from panel_app.budgets.ideas.models import IdeaCall
from panel_app.budgets.ideas.services import Said
from panel_app.core import pictures
from panel_app.core.text import _
from panel_app.core.typed import cleaned, one_line
from panel_app.places.models import Place
from panel_app.web.forms import Form, SelectChoice, at_most, required


def _line(typed: str | None) -> str:
    return one_line(typed or "")


class IdeaForm(Form):
    """What somebody would change, where and why."""

    title = StringField(
        _("In a few words"),
        [required(), at_most(services.LONGEST_TITLE)],
        filters=[_line],
        description=_("Such as: benches where the bus stops."),
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    place = SelectField(_("Where?"), default="")
    why = TextAreaField(
        _("Why, and for whom?"),
        [required(), at_most(services.LONGEST_WHY)],
        filters=[lambda typed: cleaned(typed or "")],
        description=_("Please name nobody: everybody can read it."),
        render_kw={"rows": 4, "dir": "auto"},
    )
    photo = FileField(
        _("A photo (optional)"),
        description=_("A person looks at it before it is shown."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    contact = StringField(
        _("Where can we tell you what becomes of it? (optional)"),
        [at_most(120)],
        filters=[_line],
        description=_("An e-mail address or a mobile number. It is encrypted."),
        render_kw={"dir": "ltr", "autocomplete": "email"},
    )
    #: The places by identifier.
    offered: dict[str, Place]

    def offer(self, call: IdeaCall) -> None:
        """Offer the call's places."""
        known = queries.places_for(call)
        self.offered = {place.public_id: place for place, _name in known}
        self.place.choices = [
            SelectChoice("", _("Everywhere, or I can’t say")),
            *(SelectChoice(place.public_id, name) for place, name in known),
        ]

    def said(self, language: str) -> Said:
        """Return the idea as it was typed."""
        file = self.photo.data
        return Said(
            title=self.title.data or "",
            why=self.why.data or "",
            language=language,
            place=self.offered.get(self.place.data),
            contact=self.contact.data or "",
            photo=file.read(pictures.LARGEST_FILE + 1) if file and file.filename else None,
        )


class ResidentForm(IdeaForm):
    """An idea from somebody's phone, who says how we know that they live here."""

    home = SelectField(_("Your block or street"), default="")
    code = StringField(
        _("Or the code on a letter from us"),
        [at_most(40)],
        filters=[_line],
        render_kw={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"},
    )

    def offer(self, call: IdeaCall) -> None:
        """Offer the call's places, for where one lives as well."""
        super().offer(call)
        named = [(place.public_id, name) for place, name in queries.places_for(call)]
        self.home.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(code, name) for code, name in named),
        ]
