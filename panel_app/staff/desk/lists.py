"""The lists of the staff's own pages: accounts, and the log of what was done."""

from __future__ import annotations

import json
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from panel_app.core.audit import AuditEntry
from panel_app.core.text import _, gettext
from panel_app.panels.models import Panel
from panel_app.staff.desk.forms import ROLE_NAMES
from panel_app.staff.models import User
from panel_app.web.i18n import moment, said, theirs
from panel_app.web.listing import Column, Listing, State, contains


def _name(user: User) -> Markup:
    address = url_for("staff.accounts.show", account_id=user.public_id)
    return Markup('<a href="{}">{}</a>').format(address, theirs(user.name))


def _roles(user: User) -> Markup:
    """Return what a person may do, a line for each role."""
    given = [
        Markup("{} · {}").format(
            ROLE_NAMES[held.role].partition(":")[0],
            said(held.panel.name) if held.panel else gettext("All panels"),
        )
        for held in user.staff_roles
    ]
    return Markup("<br>").join(given or [gettext("No role")])


def _standing(user: User) -> str:
    words = [] if user.active else [gettext("Switched off")]
    return " · ".join(words + ([gettext("Second step")] if user.tf_primary_method else []))


ACCOUNTS: Listing[User] = Listing(
    name="staff",
    label=_("Staff accounts"),
    query=select(User),
    order=[User.name, User.id],
    search=contains(User.name, User.email),
    search_label=_("Search name or address"),
    states=[
        State("active", _("May sign in"), User.active),
        State("off", _("Switched off"), ~User.active),
    ],
    columns=[
        Column(key="name", label=_("Name"), plain=lambda u: u.name, cell=_name, order=User.name),
        Column(key="email", label=_("E-mail address"), plain=lambda u: u.email, order=User.email),
        Column(
            key="roles",
            label=_("Role"),
            plain=lambda u: " ".join(held.role for held in u.staff_roles),
            cell=_roles,
        ),
        Column(key="standing", label=_("How it stands"), plain=_standing),
    ],
)


def _details(entry: AuditEntry) -> Markup:
    told = [f"{name}: {_short(value)}" for name, value in entry.details.items()]
    return Markup("<br>").join(theirs(line) for line in told)


def _short(value: Any) -> str:
    """Return a detail as a line of text; what is long is told in the CSV."""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 80 else f"{written[:79]}…"


LOG: Listing[AuditEntry] = Listing(
    name="log",
    label=_("The log"),
    query=select(AuditEntry),
    order=[AuditEntry.number.desc()],
    search=contains(AuditEntry.action, AuditEntry.subject, AuditEntry.actor),
    search_label=_("Search what was done, to what, by whom"),
    columns=[
        Column(
            key="number",
            label=_("Number"),
            plain=lambda e: e.number,
            order=AuditEntry.number,
            figure=True,
        ),
        Column(
            key="at", label=_("When"), plain=lambda e: e.at.isoformat(), cell=lambda e: moment(e.at)
        ),
        Column(key="action", label=_("What"), plain=lambda e: e.action),
        Column(key="subject", label=_("To what"), plain=lambda e: e.subject),
        Column(key="actor", label=_("By whom"), plain=lambda e: e.actor),
        Column(
            key="details",
            label=_("Figures"),
            plain=lambda e: json.dumps(e.details, ensure_ascii=False),
            cell=_details,
        ),
        Column(
            key="hash",
            label=_("Mark"),
            plain=lambda e: e.hash,
            cell=lambda e: Markup('<span class="code small">{}</span>').format(e.hash[:8]),
        ),
    ],
)


def panels(mine: ColumnElement[bool]) -> Listing[Panel]:
    """Return the panels for which `mine` holds, oldest first."""
    return Listing(
        name="panels",
        label=_("Your panels"),
        query=select(Panel).where(mine),
        order=[Panel.id],
        columns=[],
        empty=_("There is no panel yet."),
    )
