"""Registering with the code of a home's letter."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.core.db import db, found
from panel_app.core.errors import Conflict
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations import services as invitations
from panel_app.recruitment.invitations.models import AddressList, Invitation
from panel_app.recruitment.registration import queries
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.rules import is_postcode
from panel_app.recruitment.registration.services import Invited


def opened(code: str) -> tuple[RegistrationPage, Invited]:
    """Return the way in that a letter's code leads to, and the home that it went to.

    Raises Refused, with the reason, where nobody can register with the code, and NotFound where the
    panel has no way in.
    """
    invitation = invitations.find(code)
    panel = db.session.get_one(Panel, invitation.panel_id)
    cells = _address(invitation)
    postcode = next((cell for cell in cells if is_postcode(cell)), "")
    lines = ", ".join(cell for cell in cells if cell != postcode)
    return found(queries.for_letters(panel)), Invited(invitation.code_digest, lines, postcode)


def use(registration: Registration | None) -> None:
    """Use the code up that somebody registered with. Raises Conflict where another was faster."""
    if registration is None or registration.code_digest is None:
        return
    invitation = _of(registration)
    if invitation is None:
        raise Conflict(_("This code does not work any more: a newer letter was printed."))
    invitations.use(invitation)


def give_back(registration: Registration) -> None:
    """Let a code be used again whose registration was taken back, and nobody used since."""
    invitation = _of(registration) if registration.state == "withdrawn" else None
    if invitation is None:
        return
    others = Registration.code_digest == registration.code_digest, Registration.state == "sent"
    if db.session.scalar(select(Registration.id).where(*others)) is None:
        invitations.release(invitation)


def _of(registration: Registration) -> Invitation | None:
    mine = Invitation.code_digest == registration.code_digest
    return db.session.scalar(select(Invitation).where(mine))


def _address(invitation: Invitation) -> list[str]:
    mine = select(AddressList.address_columns).where(AddressList.panel_id == invitation.panel_id)
    details = invitation.address.details
    columns = db.session.scalar(mine) or list(details)
    return [str(details[column]) for column in columns if details.get(column)]
