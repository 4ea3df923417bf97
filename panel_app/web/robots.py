"""How a robot is told from a person on forms that anybody may send, without asking either."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from panel_app.core import clock
from panel_app.core.errors import Refused
from panel_app.core.text import _

#: What a form is filled in no faster than, and how long a page may lie open.
SHORTEST, LONGEST = timedelta(seconds=2), timedelta(hours=24)
_LONG = _("This page lay open for long. Press once more.")


def signed(form: str) -> str:
    """Return a token that says when a form was shown; `form` is which one, by an identifier."""
    return _signer().dumps([form, int(clock.now().timestamp() * 1000)])


def check(form: str, *, token: str, trap: str) -> None:
    """Refuse a form that came back faster than anybody reads, or with what nobody sees filled in.

    Raises Refused; a person presses once more.
    """
    if trap:
        raise Refused(_("Leave the field empty that asks for nothing."))
    try:
        shown_for, millis = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise Refused(_LONG) from None
    age = clock.now().timestamp() - millis / 1000
    if shown_for != form or age > LONGEST.total_seconds():
        raise Refused(_LONG)
    if age < SHORTEST.total_seconds():
        raise Refused(_("That was very quick. Press once more."))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="shown")
