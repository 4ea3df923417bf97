"""What hides a voter and seals a choice: handles, trackers, nonces and commitments."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from panel_app.balloting import numbers
from panel_app.core import canonical, ids

TRACKER = numbers.LENGTH
NONCE = 26


def handle(key: bytes, member_public_id: str) -> bytes:
    """Return the name that a member's paper is kept under: HMAC-SHA256 under the ballot's key."""
    return hmac.digest(key, member_public_id.encode(), "sha256")


def new_tracker() -> str:
    """Return the code of a receipt: 10 characters, 45 random bits and a check."""
    return numbers.new()


def new_nonce() -> str:
    """Return the code that opens a receipt: 26 characters, 130 random bits."""
    return ids.code(NONCE)


def commitment(nonce: str, choice: Any) -> str:
    """Return SHA-256 of the nonce followed by the choice's canonical JSON, hexadecimal."""
    return hashlib.sha256((nonce + canonical.dumps(choice)).encode()).hexdigest()
