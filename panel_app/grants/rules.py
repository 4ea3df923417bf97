"""Which amounts and names a programme allows. Pure."""

from __future__ import annotations

import re

from panel_app.core.errors import Refused
from panel_app.core.text import _

_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")


def is_slug(name: str) -> bool:
    """Whether `name` can stand in an address: up to 60 lower-case letters, digits and dashes."""
    return bool(_SLUG.match(name)) and name.isascii()


def granted(outcome: str, amount: int | None, asks: int) -> int | None:
    """Return the pence that an outcome gives, None for nothing.

    `fund` gives what was asked; `part` gives `amount`, above nothing and below what was asked.
    Raises Refused for any other amount.
    """
    if outcome == "part":
        if amount is None or not 0 < amount < asks:
            raise Refused(
                _("For part of it, type an amount above nothing and below what they ask for."),
                field="amount",
            )
        return amount
    allowed = {None, asks} if outcome == "fund" else {None}
    if amount not in allowed:
        raise Refused(
            _("Leave the amount empty: only funding a part of it needs one."), field="amount"
        )
    return asks if outcome == "fund" else None
