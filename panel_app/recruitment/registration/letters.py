"""Registering with the code of a home's letter."""

from __future__ import annotations

from panel_app.core.errors import NotFound
from panel_app.core.text import _
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.recruitment.registration.services import Invited


def opened(code: str) -> tuple[RegistrationPage, Invited]:
    """Return the way in that a letter's code leads to, and the home that it went to.

    Raises NotFound where no letter has this code.
    """
    raise NotFound(_("This code does not work. Check it against your letter, letter by letter."))


def use(registration: Registration | None) -> None:
    """Use the code up that somebody registered with."""


def give_back(registration: Registration) -> None:
    """Let a code be used again whose registration was taken back."""
