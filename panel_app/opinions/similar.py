"""Telling a moderator that a statement is nearly one that is already there."""

from __future__ import annotations

from collections.abc import Mapping

from panel_app.opinions.tokens import words_of

#: Share of words in common from which a statement nearly repeats another.
NEARLY_THE_SAME = 0.7


def nearest(text: str, others: Mapping[int, str]) -> int | None:
    """Return the number of the statement that `text` nearly repeats, or None.

    Likeness is twice the words in common over the words of both (Dice 1945), from 0 to 1.
    Common words count: “not” turns a statement round.
    """
    words = frozenset(words_of(text))
    likeness = {number: _dice(words, frozenset(words_of(o))) for number, o in others.items()}
    best = max(likeness, key=lambda number: (likeness[number], -number), default=None)
    return best if best is not None and likeness[best] >= NEARLY_THE_SAME else None


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
