"""Pure rules of contributions: when two say the same, and in which order they stand."""

from __future__ import annotations

import unicodedata

from panel_app.opinions.tokens import words_of


def folded(text: str) -> str:
    """Return what two texts share that say the same: their words, whatever stands between."""
    words = " ".join(words_of(text))
    return words or unicodedata.normalize("NFKC", text).casefold().strip()


def place(people: int | None, number: int) -> tuple[int, int]:
    """Return a key that sorts the most wanted first, among those alike the newest."""
    return -(people or 0), -number
