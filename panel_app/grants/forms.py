"""What applicants are asked beside the programme's own questions."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField

from panel_app.core.text import _
from panel_app.web.forms import Form, SelectChoice, chosen

#: What has to be so for a grant, with the reason; asked before anything else.
ELIGIBILITY: tuple[tuple[Any, Any], ...] = (
    (
        _("It happens here, or is for people who live here."),
        _("The money is for this place and the people who live here."),
    ),
    (
        _("It is for the community, not for paying bills or debts."),
        _("These grants can’t pay rent, bills or debts. Ask the organiser who can help with that."),
    ),
    (
        _("It has nothing to do with party politics, and does not promote a religion."),
        _("People of any party or belief can ask, for something that is open to everyone."),
    ),
)


class EligibilityForm(Form):
    """Whether what the applicant has in mind fits the programme's rules."""

    fits = RadioField(
        _("Is all of this so?"),
        [chosen()],
        choices=[
            SelectChoice("yes", _("Yes, all of it")),
            SelectChoice("no", _("No, or I am not sure")),
        ],
    )
