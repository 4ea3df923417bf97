"""Pure rules of statements: their order, likeness, what of the figures may be told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

#: Share of words in common from which a statement nearly repeats another (Dice 1945).
NEARLY_THE_SAME = 0.7
_WORD = re.compile(r"\w+")


def place(member: str, statement: str) -> str:
    """Return a key that sorts statements: stable for a member, different between members.

    New statements find their place without moving the others.
    """
    return hashlib.sha256(f"{member} {statement}".encode()).hexdigest()


def nearest(text: str, others: Mapping[int, str]) -> int | None:
    """Return the number of the statement that `text` nearly repeats, or None.

    Likeness is twice the words in common over the words of both (Dice 1945), from 0 to 1.
    """
    words = _words(text)
    likeness = {number: _dice(words, _words(other)) for number, other in others.items()}
    best = max(likeness, key=lambda number: (likeness[number], -number), default=None)
    return best if best is not None and likeness[best] >= NEARLY_THE_SAME else None


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
