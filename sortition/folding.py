"""The one way in which values, headings, ids and addresses are compared."""

import re
import unicodedata
from functools import lru_cache

_DASH = re.compile(r"[\u00ad\u2212\u2010-\u2015\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
#: Marks of direction, and blanks of no width, that programs leave in a text unseen.
_UNSEEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d) *([-–]) *(?=\d)")
_BEFORE_PER_CENT = re.compile(r"(?<=\d) (?=%)")
#: Three noughts would be thousands.
_WHOLE = re.compile(r"([+-]?\d+)[.,]00?(%)?")


@lru_cache(4096)
def fold(text: str) -> str:
    """A text as it is compared.

    Accents composed or not, case, white space (line breaks and tabs too), dashes, digits of any
    script and unseen marks make no difference; `2.0` is 2 and `50 %` is 50%.
    """
    folded = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    folded = unicodedata.normalize("NFC", folded.casefold())
    folded = " ".join(_DASH.sub("-", folded).split())
    if not folded.isascii():
        folded = "".join(str(unicodedata.decimal(mark, mark)) for mark in folded)
    folded = _BEFORE_PER_CENT.sub("", _BETWEEN_NUMBERS.sub(r"\1", folded))
    whole = _WHOLE.fullmatch(folded)
    return whole[1] + (whole[2] or "") if whole else folded
