"""The form for a place."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField

from panel_app.core.text import _
from panel_app.places import queries
from panel_app.places.models import KINDS, Place
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import SelectChoice

KIND_NAMES: dict[str, Any] = {
    "borough": _("Borough"),
    "ward": _("Ward"),
    "estate": _("Estate"),
    "block": _("Block"),
}


class PlaceForm(TextsForm):
    """What a place is called, what kind it is, and what it lies in."""

    texts = (Text("name", _("Name"), 120),)

    kind = SelectField(_("Kind"), choices=[SelectChoice(kind, KIND_NAMES[kind]) for kind in KINDS])
    parent = SelectField(_("Lies in"), default="")

    def facts(self) -> dict[str, Any]:
        """Return what `add_place` and `change_place` take."""
        chosen = self.parent.data
        return {
            "kind": self.kind.data,
            "name": self.text("name"),
            "parent": queries.place_called(chosen) if chosen else None,
        }


def place_form(place: Place | None = None) -> PlaceForm:
    """Return the form, filled from `place`, which can't be put into itself."""
    parent = place.parent.public_id if place and place.parent else ""
    made = in_languages(PlaceForm, place)
    form = made(data={"kind": place.kind, "parent": parent} if place else None)
    own = place.public_id if place else None
    places = [SelectChoice(code, name) for code, name in queries.choices() if code != own]
    form.parent.choices = [SelectChoice("", _("No other place")), *places]
    return form
