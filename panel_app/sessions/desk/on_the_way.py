"""Making what a part of an agenda needs, and coming back to the agenda.

While somebody is on the way every page of theirs leads back to the part; it is kept in their
session cookie.
"""

from __future__ import annotations

from flask import request, session

_KEY = "on_the_way"


def begin(address: str) -> None:
    """Remember the page of the part that something is made for."""
    session[_KEY] = address


def end() -> None:
    """Forget it: the part was added, or can be."""
    session.pop(_KEY, None)


def back() -> str | None:
    """Return the page of the part, for every other page of the person on the way."""
    address: str | None = session.get(_KEY) if request.path.startswith("/desk/") else None
    return None if address == request.path else address
