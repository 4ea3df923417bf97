"""Pure rules of statements: their order, and what of the figures may be told."""

from __future__ import annotations

import hashlib


def place(member: str, statement: str) -> str:
    """Return a key that sorts statements: stable for a member, different between members.

    New statements find their place without moving the others.
    """
    return hashlib.sha256(f"{member} {statement}".encode()).hexdigest()
