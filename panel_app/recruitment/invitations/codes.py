"""The code of a home's letter: made from the deployment's secret, kept as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac

from panel_app.core import crypto, ids

#: Characters of a code: 60 bits, which nobody finds by trying.
CODE = 12


def code_of(public_id: str, issue: int) -> str:
    """Return the code of an invitation, as it can be printed again: 12 characters."""
    written = f"{public_id}:{issue}".encode()
    number = int.from_bytes(hmac.digest(crypto.master_key("invitation"), written, "sha256")[:8])
    return "".join(ids.CROCKFORD[number >> 5 * at & 31] for at in range(CODE))


def digest(code: str) -> str:
    """Return the keyed hash that a code is found by."""
    key = crypto.master_key("invitation-code")
    return hmac.new(key, ids.normalise_code(code).encode(), hashlib.sha256).hexdigest()
