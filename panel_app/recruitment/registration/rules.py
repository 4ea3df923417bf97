"""Who may register: by age and by postcode, with plain reasons. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from panel_app.core import ids
from panel_app.core.text import _
from sortition.bands import band_of
from sortition.folding import fold

#: The oldest age that a form takes.
OLDEST = 120
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_AREA = re.compile(r"([A-Z]{1,2}([0-9][A-Z0-9]?)?)( ?[0-9][A-Z]{0,2})?")
#: What a feature is called that tells ages apart.
_AGE = re.compile(r"\b(ages?|aged|years old|বয়স)\b|العمر|الفئة العمرية|السن\b")


def area_of(typed: str) -> str | None:
    """Return an area as it is kept: `E14`, `E14 7`, a whole postcode; None for another text."""
    text = "".join(ids.western(c) for c in " ".join(typed.upper().split()))
    whole = _POSTCODE.fullmatch(text)
    if whole:
        return f"{whole[1]} {whole[2]}"
    return text if _AREA.fullmatch(text) and (" " in text or text.isalnum()) else None


def is_postcode(text: str) -> bool:
    """Whether a text is a whole postcode."""
    return _POSTCODE.fullmatch(area_of(text) or "") is not None


def lies_in(postcode: str, area: str) -> bool:
    """Whether a postcode is in an area: letters (`E`), a district (`E14`), or more (`E14 7`)."""
    found = _POSTCODE.fullmatch(area_of(postcode) or "")
    if found is None:
        return False
    outward, inward = found[1], found[2]
    district, _space, rest = area.partition(" ")
    if district.isalpha():
        return re.split(r"[0-9]", outward)[0] == district
    return outward == district and inward.startswith(rest)


def area_fault(areas: Iterable[str], postcode: str) -> Any | None:
    """Return why somebody with this postcode can't register, or None."""
    wanted = list(areas)
    if not wanted or any(lies_in(postcode, area) for area in wanted):
        return None
    if not is_postcode(postcode):
        return _("Type your whole postcode, such as E14 7AB.")
    return _(
        "This panel is for people whose postcode begins with %(areas)s.", areas=", ".join(wanted)
    )


def age_fault(youngest: int | None, oldest: int | None, age: int) -> Any | None:
    """Return why somebody of this age can't register, or None."""
    if youngest is not None and age < youngest:
        return _("You need to be %(age)s or older to take part in this panel.", age=youngest)
    if oldest is not None and age > oldest:
        return _("You need to be %(age)s or younger to take part in this panel.", age=oldest)
    return None


def ages_in(feature: str, values: Iterable[str], on: date) -> Callable[[str], str | None] | None:
    """Return what puts an age into its band, where a feature's values are bands of ages."""
    return band_of(values, on) if _AGE.search(fold(feature.replace("_", " "))) else None
