"""Addresses that are written differently but may be one household, for a person to look at."""

import re
from collections import defaultdict
from collections.abc import Iterable

from sortition.folding import fold

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
_WORD = re.compile(r"\d+[a-z]?\b|[^\W\d_]+")
_SHORT = {
    "street": "st", "road": "rd", "avenue": "ave", "lane": "ln", "drive": "dr", "court": "ct",
    "close": "cl", "crescent": "cres", "terrace": "ter", "square": "sq", "gardens": "gdns",
    "place": "pl", "house": "hse", "apartment": "flat", "apt": "flat", "unit": "flat",
    "saint": "st",
}  # fmt: skip


def likely_homes(addresses: Iterable[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Groups of different addresses that have the same words and numbers in another writing."""
    groups: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for address in dict.fromkeys(addresses):
        groups[_essence(address)].append(address)
    return [group for key, group in groups.items() if key and len(group) > 1]


def _essence(address: tuple[str, ...]) -> tuple[str, ...]:
    text = _POSTCODE.sub(r"\1\2", fold(" ".join(address)))
    codes = [match[0] for match in _POSTCODE.finditer(text)]
    words = [_SHORT.get(word, word) for word in _WORD.findall(_POSTCODE.sub(" ", text))]
    return tuple(sorted([*codes, *words]))
