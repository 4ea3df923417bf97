"""The codes of receipts and of printed papers: nine random characters and one that checks them.

Both look alike, so that the public list doesn't tell which vote came on paper. The check is linear
over the field of 32 elements, so that one wrong character, or two neighbours exchanged, never fits.
"""

from __future__ import annotations

from panel_app.core import ids

LENGTH = 10
_VALUE = {character: value for value, character in enumerate(ids.CROCKFORD)}


def new() -> str:
    """Return a new code: 45 random bits and their check."""
    drawn = ids.code(LENGTH - 1)
    return drawn + ids.CROCKFORD[_doubled(_sum(drawn))]


def holds(code: str) -> bool:
    """Whether a normalised code is as long as one of ours and fits its last character."""
    return len(code) == LENGTH and _VALUE.keys() >= set(code) and _sum(code) == 0


def _sum(code: str) -> int:
    value = 0
    for character in code:
        value = _doubled(value) ^ _VALUE[character]
    return value


def _doubled(value: int) -> int:
    """Multiply by x modulo x⁵ + x² + 1, whose powers of x are all different up to the 31st."""
    return value << 1 ^ (0b100101 if value & 0b10000 else 0)
