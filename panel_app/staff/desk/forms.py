"""Forms for staff accounts."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import EqualTo

from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff.roles import ROLES
from panel_app.web.forms import Form, SelectChoice, at_most, required

#: What each role is called, and what it is for.
ROLE_NAMES: dict[str, Any] = {
    "administrator": _("Administrator: everything, and these accounts"),
    "organiser": _("Organiser: sets panels up and publishes"),
    "facilitator": _("Facilitator: runs sessions"),
    "caller": _("Caller: rings people who were asked to take part"),
    "officer": _("Officer: says what ideas would cost"),
    "payer": _("Payer: drafts payments of grants"),
    "releaser": _("Releaser: releases payments that somebody else drafted"),
    "scribe": _("Scribe: looks on, and writes for a table"),
    "observer": _("Observer: looks on"),
}


class RoleForm(Form):
    """A role, on one panel or on all."""

    role = SelectField(
        _("Role"),
        choices=[SelectChoice(role, ROLE_NAMES[role]) for role in ROLES],
        default="facilitator",
    )
    panel = SelectField(_("Panel"), default="")

    def offer(self, panels: list[tuple[Panel, str]]) -> None:
        """Offer the panels, named in the reader's language, and all of them together."""
        named = [SelectChoice(panel.public_id, name) for panel, name in panels]
        self.panel.choices = [SelectChoice("", _("All panels")), *named]


class NewAccountForm(RoleForm):
    """A person, a first password and a role."""

    name = StringField(
        _("Name"), validators=[required(), at_most(120)], render_kw={"autocomplete": "off"}
    )
    email = EmailField(
        _("E-mail address"),
        validators=[required(), at_most(255)],
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        _("First password"),
        validators=[required(), at_most(200)],
        description=_(
            "At least 12 characters. Tell it to the person yourself and ask them to change it."
        ),
        render_kw={"autocomplete": "new-password"},
    )

    def own_fields(self) -> list[Field]:
        """Return the person's fields first, then the role's."""
        return [self.name, self.email, self.password, self.role, self.panel]


class RecoveryForm(Form):
    """A new password, twice."""

    password = PasswordField(_("New password"), validators=[required(), at_most(200)])
    again = PasswordField(
        _("New password again"),
        validators=[required(), EqualTo("password", _("The two passwords are not the same."))],
    )
