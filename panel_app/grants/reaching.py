"""What pages may say about how an applicant hears: nothing that nobody here will do."""

from __future__ import annotations

from typing import Any

from panel_app.core.text import _
from panel_app.grants.models import Application
from panel_app.outbox import reach
from panel_app.outbox.outbox import here


def contact_hint() -> Any:
    """Say what a contact is for, by what this deployment sends."""
    mail, sms = here().sends("mail"), here().sends("sms")
    if mail and sms:
        return _(
            "Only the organiser sees this, never the panel. We send your link and the decision"
            " there."
        )
    if mail:
        return _(
            "Only the organiser sees this, never the panel. We send your link and the decision to"
            " an e-mail address. To a phone number the organiser passes them on by hand."
        )
    return _(
        "Only the organiser sees this, never the panel. The organiser passes your link and the"
        " decision on by hand, so keep your link yourself as well."
    )


def hearing(application: Application) -> Any:
    """Say where the applicant will find the decision."""
    contact = str(application.answers.get("contact", ""))
    if not contact:
        return _("On this page: keep your link.")
    if here().sends(reach.channel(contact)):
        return _("On this page, and where you asked us to send it.")
    return _("On this page. The organiser passes it on to you by hand as well.")
