"""What somebody without a letter is asked before they take part."""

from __future__ import annotations

from wtforms import RadioField

from panel_app.core.text import _
from panel_app.sessions.guests import ROLES
from panel_app.web.forms import Form, SelectChoice, chosen


class GuestForm(Form):
    """As whom a guest is here; no name."""

    role = RadioField(
        _("You are here as"),
        [chosen()],
        choices=[SelectChoice(role, words) for role, words in ROLES.items()],
        default="resident",
    )
