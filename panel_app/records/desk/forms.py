"""Forms of people's records."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, StringField
from wtforms.widgets import HiddenInput

from panel_app.core.holdings import Sought
from panel_app.core.text import _
from panel_app.web.forms import Form, at_most, required


class SearchForm(Form):
    """Whom somebody asks about."""

    words = StringField(_("Whom do you look for?"), validators=[required(), at_most(120)])
    #: After which sealed row the search goes on.
    after = IntegerField(default=0, widget=HiddenInput())

    def sought(self) -> Sought:
        """Return what was typed."""
        return Sought((self.words.data or "").strip(), max(self.after.data or 0, 0))


class EraseForm(Form):
    """That it is really meant."""

    sure = BooleanField(
        _("Erase it for good. I have read what stays."),
        validators=[required(_("Tick this if you are sure."))],
    )
