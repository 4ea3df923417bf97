"""Money as integer pence, read from what people type."""

import re
import unicodedata

from panel_app.core import ids
from panel_app.core.errors import Refused
from panel_app.core.text import _

#: Commas where English (1,234,567) or Bengali (12,34,567) puts them.
_TYPED = re.compile(r"£?(\d{1,3}(?:,\d{2,3}){0,4},\d{3}|\d{1,15})(?:\.(\d{1,2}))?")
_SEPARATORS = str.maketrans({"\u066c": ",", "\u066b": "."})
#: A thousand million pounds, in pence.
LARGEST = 100_000_000_000
LONGEST = 60


def pence(typed: str) -> int:
    """Return the pence in `typed`: `1250`, `£1,250` or `1250.5` (pounds, and pence after a dot).

    Digits and separators of other scripts are read as well. Raises Refused where it is no amount.
    """
    found = _TYPED.fullmatch(plain(typed)) if len(typed) <= LONGEST else None
    if not found:
        raise Refused(_("Type an amount in pounds, such as 1250 or 1250.50."))
    amount = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    if amount > LARGEST:
        raise Refused(_("That amount is too large."))
    return amount


def pounds(pence: int) -> str:
    """Write an amount in pounds as data: `1250.50`, without sign or grouping."""
    return f"{pence // 100}.{pence % 100:02d}"


def plain(typed: str) -> str:
    """Return `typed` with western digits and separators, without spaces and invisible marks."""
    visible = (c for c in typed if unicodedata.category(c) not in {"Zs", "Cf"})
    return "".join(ids.western(c) for c in visible).translate(_SEPARATORS)
