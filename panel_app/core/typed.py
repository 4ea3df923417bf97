"""Text that people typed, made safe to keep: without control characters and direction overrides."""

from __future__ import annotations

import unicodedata

#: They turn the order of other people's letters around; marks for single letters stay.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT = frozenset("\n")


def cleaned(typed: str) -> str:
    """Return `typed` with line ends as `\\n`, without characters that nobody types on purpose.

    What shows nothing at all, such as joiners alone, is empty.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in lines if c in _KEPT or _ordinary(c)).strip()
    return kept if any(map(_visible, kept)) else ""


def one_line(typed: str) -> str:
    """Return `typed` cleaned, with every run of spaces and line ends as one space."""
    return " ".join(cleaned(typed).split())


def _ordinary(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _OVERRIDES


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"
