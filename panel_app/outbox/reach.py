"""How a contact can be reached, and when two ways of typing one are the same. Pure."""

from __future__ import annotations

from panel_app.outbox.models import Channel


def channel(contact: str) -> Channel:
    """Return how a contact can be reached: `mail`, `sms`, or `letter` without one."""
    if not contact:
        return "letter"
    return "mail" if "@" in contact else "sms"


def folded(contact: str) -> str:
    """Return one spelling of a contact: case and spaces of an address, marks of a number."""
    if "@" in contact:
        return "".join(contact.split()).casefold()
    digits = "".join(str(int(c)) for c in contact if c.isdecimal())
    for abroad in ("0044", "44"):
        if digits.startswith(abroad):
            return "0" + digits.removeprefix(abroad).removeprefix("0")
    return digits
