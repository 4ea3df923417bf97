"""Which names a programme allows in addresses. Pure."""

from __future__ import annotations

import re

_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")


def is_slug(name: str) -> bool:
    """Whether `name` can stand in an address: up to 60 lower-case letters, digits and dashes."""
    return bool(_SLUG.match(name)) and name.isascii()
