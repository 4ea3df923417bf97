"""Identifiers, tokens and codes that nobody can guess, and how they are compared."""

import hashlib
import secrets
import unicodedata

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def public_id() -> str:
    """Return an identifier for an address bar: 12 characters, 60 random bits."""
    return code(12).lower()


def token() -> str:
    """Return a secret for a link or a cookie: 43 characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def code(length: int = 8) -> str:
    """Return a code that a person can read aloud and type: `length` characters, 5 bits each."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def spell(value: str, group: int = 4) -> str:
    """Group a code for the eye: `K7M42QXT` becomes `K7M4-2QXT`."""
    return "-".join(value[i : i + group] for i in range(0, len(value), group))


def normalise_code(typed: str) -> str:
    """Undo what people do to a code: case, spaces, dashes, O for 0, I and L for 1.

    Digits of other scripts count as well; everything but letters and digits is dropped.
    """
    kept = (western(c) for c in unicodedata.normalize("NFKC", typed) if c.isalnum())
    return "".join(kept).upper().translate(_LOOK_ALIKES)


def western(character: str) -> str:
    """Return the digit 0 to 9 for a digit of any script, and other characters as they are."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def digest(secret: str) -> str:
    """Return the form of a token or code that is kept: SHA-256, hexadecimal.

    Enough for secrets of 112 random bits and more (ASVS 6.5.2). A short code is
    guarded by a limit on tries besides.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
