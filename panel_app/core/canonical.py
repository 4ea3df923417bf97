"""One way to write a value as bytes, so that its fingerprint is the same everywhere."""

import hashlib
import json
from typing import Any


def dumps(value: Any) -> str:
    """Write `value` as JSON with sorted keys, no spaces and unescaped letters.

    Raises ValueError for numbers that JSON can't hold (NaN, infinities).
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of the canonical form of `value`, hexadecimal."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()
