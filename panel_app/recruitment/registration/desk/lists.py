"""The list of who registered for a panel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.queries import Entry, entries
from panel_app.staff.accounts import name_of
from panel_app.web.i18n import moment
from panel_app.web.listing import Column, Listing, State

ORIGINS: dict[str, Any] = {
    "web": _("online"),
    "phone": _("by phone"),
    "paper": _("on paper"),
}
STATES: dict[str, Any] = {
    "draft": _("begun"),
    "sent": _("registered"),
    "withdrawn": _("withdrawn"),
}


def registrations(panel: Panel) -> Listing[Entry]:
    """Return the list of who registered, the newest first; only what the page shows is opened."""
    mine = RegistrationPage.panel_id == panel.id, Registration.test.is_(False)
    return Listing(
        name=f"{panel.slug}-registrations",
        label=_("Registrations"),
        query=select(Registration)
        .join(Registration.page)
        .where(*mine, Registration.state != "draft"),
        options=[joinedload(Registration.page), joinedload(Registration.person)],
        order=[Registration.sent_at.desc(), Registration.id.desc()],
        states=[
            State("sent", _("Registered"), Registration.state == "sent"),
            State("withdrawn", _("Withdrawn"), Registration.state == "withdrawn"),
        ],
        prepare=lambda rows: entries(list(rows)),
        columns=_COLUMNS,
        empty=_("Nobody has registered yet."),
    )


def _how(registration: Registration) -> str:
    who = name_of(registration.entered_by) if registration.entered_by else ""
    return " · ".join(filter(None, (str(ORIGINS[registration.origin]), who)))


_COLUMNS: list[Column[Entry]] = [
    Column(key="name", label=_("Name"), cell=lambda one: one.name),
    Column(
        key="id",
        label=_("Id"),
        plain=lambda one: one.registration.person.reference if one.registration.person else "",
    ),
    Column(
        key="way",
        label=_("Way in"),
        plain=lambda one: one.registration.page.name,
        order=RegistrationPage.name,
    ),
    Column(
        key="sent",
        label=_("When"),
        plain=lambda one: moment(one.registration.sent_at or one.registration.created_at),
        order=Registration.sent_at,
    ),
    Column(key="how", label=_("How"), plain=lambda one: _how(one.registration)),
    Column(key="change", label=_("Change")),
]
