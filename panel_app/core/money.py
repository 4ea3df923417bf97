"""Money as integer pence: read from what people type, and written as text."""

import unicodedata
from collections.abc import Callable

from panel_app import amounts
from panel_app.core import ids
from panel_app.core.errors import Refused
from panel_app.core.text import _

_SEPARATORS = str.maketrans({"\u066c": ",", "\u066b": "."})
#: A thousand million pounds, in pence.
LARGEST = 100_000_000_000
LONGEST = amounts.LONGEST
TYPE_POUNDS = _("Type an amount in pounds, such as 1250 or 1250.50.")
UNCLEAR = _("That may be thousands or pence. Type it in pounds, such as 1250 or 1250.50.")


def pence(typed: str) -> int:
    """Return the pence in `typed`, such as `1250`, `£1,250.50`, `500 pounds` or `1.5k`.

    Raises Refused where it is no amount, or may be two.
    """
    try:
        amount = amounts.pounds(typed) * 100
    except amounts.Unreadable as fault:
        raise Refused(UNCLEAR if fault.unclear else TYPE_POUNDS) from fault
    if amount.denominator != 1:
        raise Refused(TYPE_POUNDS)
    if amount > LARGEST:
        raise Refused(_("That amount is too large."))
    return int(amount)


def as_text(pence: int, grouped: Callable[[int], str] = "{:,}".format) -> str:
    """Write an amount for people: `£1,250`, and the pence where there are any.

    `grouped` writes the whole pounds in the reader's digits.
    """
    fraction = f".{abs(pence) % 100:02}" if pence % 100 else ""
    return f"{'−' if pence < 0 else ''}£{grouped(abs(pence) // 100)}{fraction}"


def typed(pence: int | None) -> str:
    """Write an amount as it stands in a form's field; nothing for none."""
    return "" if pence is None else as_text(pence, str).removeprefix("£")


def pounds(pence: int) -> str:
    """Write an amount in pounds as data: `1250.50`, without sign or grouping."""
    return f"{pence // 100}.{pence % 100:02d}"


def plain(typed: str) -> str:
    """Return `typed` with western digits and separators, without spaces and invisible marks."""
    visible = (c for c in typed if unicodedata.category(c) not in {"Zs", "Cf"})
    return "".join(ids.western(c) for c in visible).translate(_SEPARATORS)
