"""What a facilitator should look at twice in a statement; it never refuses one by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from panel_app.deliberation.rude_words import rude
from panel_app.opinions.tokens import words_of

#: Digits of every script, with what people write between those of a phone number.
_PHONE = re.compile(r"(?:\+|00)?\d(?:[\s().-]{0,2}\d){8,14}")
_MAIL = re.compile(r"\S+@\S+\.\w{2,}")
_SITE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
#: A British postcode, and a house number with a street or a home: “14 Rose Lane”, “flat 3”.
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_STREETS = "Road|Street|Lane|Avenue|Court|Gardens|Crescent|Terrace|Mews|Square|Close|House|Walk"
_HOME = re.compile(
    rf"\b(?:\d+[a-zA-Z]?,? (?:[A-Z]\w+ ){{1,2}}(?:{_STREETS}|{_STREETS.lower()})"
    r"|(?:[Ff]lat|[Aa]partment|ফ্ল্যাট|شقة) ?\d+)\b"
)
#: A first name alone is looked for where it is longer than this and written with a capital.
SHORTEST_NAME = 4


#: The kinds of flags, as `Flags` names them.
KINDS = ("rude", "names", "contacts")


@dataclass(frozen=True, slots=True)
class Flags:
    """The words of a statement that may hurt, name a person, or say where to reach one."""

    rude: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rude or self.names or self.contacts)


class Names:
    """The names of people who could be meant."""

    def __init__(self, names: Iterable[str]) -> None:
        split = [words for words in map(words_of, names) if words]
        self._single = {word for words in split for word in words if len(word) >= SHORTEST_NAME}
        self._whole = {frozenset(pair) for words in split for pair in _pairs(words)}

    def in_text(self, text: str) -> list[str]:
        """Return whole names, and single ones written with a capital inside a sentence."""
        words = words_of(text)
        pairs = pairwise(words)
        whole = [f"{a} {b}" for a, b in pairs if frozenset((a, b)) in self._whole]
        told = {word for name in whole for word in name.split()}
        capital = [word for word in _capitals(text) if word in self._single and word not in told]
        return list(dict.fromkeys([*whole, *capital]))


def flags_of(text: str, language: str, names: Names) -> Flags:
    """Return what may be amiss in a text written in a language."""
    return Flags(rude(text, language), names.in_text(text), contacts(text))


def contacts(text: str) -> list[str]:
    """Return what looks like a phone number, an address for mail or of a site, or of a home."""
    plain = unicodedata.normalize("NFKC", text)
    patterns = (_MAIL, _SITE, _PHONE, _POSTCODE, _HOME)
    return list(dict.fromkeys(f[0].strip() for p in patterns for f in p.finditer(plain)))


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return [(one, other) for at, one in enumerate(words) for other in words[at + 1 :]]


def _capitals(text: str) -> list[str]:
    """Return words with a capital that begin no sentence, folded; English has them for months."""
    inside = re.findall(r"(?<=[^\s.!?:])\s+([^\W\d_]\w+)", text)
    return [word for typed in inside if typed[0].isupper() for word in words_of(typed)]
