"""What of an idea a person should look at first, and which ideas are alike. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import Any

from panel_app.core.text import _
from panel_app.opinions.tokens import words_of

#: Why a person reads an idea before it is shown.
DOUBTS: Mapping[str, Any] = {
    "name": _("It may name somebody."),
    "reach": _("It may hold an address, a number or a flat that leads to somebody."),
    "blame": _("It may accuse or insult somebody."),
    "photo": _("It came with a photo."),
    "all": _("Every idea is read first."),
}
#: An idea says what and where: one word does neither.
FEWEST_WORDS = 2
_TITLE = re.compile(
    r"\b(mr|mrs|ms|miss|mx|dr|sir|lady|cllr|councillor)\b\.? +\w"
    r"|(জনাব|মিস্টার|মিসেস|বেগম|ডাক্তার|সাহেব)\s"
    r"|(^|\s)(السيد|السيدة|الآنسة|الدكتور|الدكتورة|الأستاذ|الأستاذة)\s",
    re.IGNORECASE,
)
#: Two capital words behind a small one, as in "because John Smith": names of places go with them.
_TWO_CAPITALS = re.compile(r"\b[a-z’']+,? +([A-Z][a-z’'-]+ +[A-Z][a-z’'-]+)\b")
_PLACE_WORDS = frozenset(
    "block house court road street lane park garden gardens green square estate hall centre center"
    " school library tower walk way close avenue place saturday sunday monday tuesday wednesday"
    " thursday friday council".split()
)
_REACH = re.compile(
    r"\S@\S+\.\w|(?:\+?\d[\s-]?){9,}|\bflat +(no\.? *)?\d|\b(?:apartment|door) +\d"
    r"|ফ্ল্যাট\s*(নম্বর\s*)?\d|شقة\s*(رقم\s*)?\d",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(thie(f|ves)|steal(s|ing)?|liar|lies|lying|crook(s|ed)?|criminals?|corrupt(ion)?|bribes?"
    r"|drug ?dealers?|dealing drugs|junkies?|paedophile|pervert|fraud|idiots?|scum|filthy"
    r"|racist|drunks?|prostitutes?)\b"
    r"|চোর|ঘুষ|মিথ্যাবাদী|দুর্নীতি|মাদক|মাতাল"
    r"|لص|سارق|كذاب|رشوة|فساد|مخدرات|سكير",
    re.IGNORECASE,
)
#: How alike two titles are from which one is shown beside the other, from 0 to 1.
ALIKE = 0.34
MOST_ALIKE = 3
#: Shorter words, such as "on" and "the", say nothing of what somebody wants.
_SHORTEST = 3


def doubts(text: str, *, photo: bool = False, every: bool = False) -> list[str]:
    """Return why a person should read a text before it is shown; mostly for no reason."""
    found = {
        "name": bool(_TITLE.search(text)) or any(map(_is_name, _TWO_CAPITALS.findall(text))),
        "reach": bool(_REACH.search(text)),
        "blame": bool(_BLAME.search(text)),
        "photo": photo,
        "all": every,
    }
    return [doubt for doubt, is_there in found.items() if is_there]


def _is_name(capitals: str) -> bool:
    return not set(capitals.casefold().split()) & _PLACE_WORDS


def too_short(title: str) -> bool:
    """Whether a title is one word, which says neither what nor where."""
    return len(title.split()) < FEWEST_WORDS


def alike(text: str, others: Mapping[int, str], most: int = MOST_ALIKE) -> list[int]:
    """Return the numbers of the texts most like `text`, the likest first.

    Words count by how rare they are (inverse document frequency, Spärck Jones 1972), so that what
    every idea says weighs nothing, in any language; likeness is the weight of the words in common
    over that of the shorter text.
    """
    words = {number: _words(other) for number, other in others.items()}
    often = Counter(word for spoken in words.values() for word in spoken)
    mine = _words(text)

    def weight(those: Iterable[str]) -> float:
        return sum(log(1 + (len(words) + 1) / (often[word] + 0.5)) for word in those)

    def likeness(spoken: frozenset[str]) -> float:
        common = mine & spoken
        return weight(common) / min(weight(mine), weight(spoken)) if common else 0.0

    found = {number: likeness(spoken) for number, spoken in words.items()}
    near = [number for number, like in found.items() if like >= ALIKE]
    return sorted(near, key=lambda number: (-found[number], number))[:most]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) >= _SHORTEST)
