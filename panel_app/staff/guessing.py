"""Guessing passwords and codes: how often, from which browser, and how many at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from flask import Response, current_app, has_request_context, request
from itsdangerous import BadSignature, URLSafeSerializer

from panel_app.core import ids, logs
from panel_app.core.errors import TooManyTries
from panel_app.core.text import _
from panel_app.web import limits

#: Each hash takes 19 MiB and a processor for 40 ms; more at once would starve the hall's pages.
#: Browsers that signed in before have places of their own: a flood of strangers keeps nobody out.
AT_ONCE = 2
_strangers, _known = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE)

HALF_A_YEAR = 183 * 24 * 3600


@contextmanager
def hashing() -> Iterator[None]:
    """Take a place to hash a password in; no page's thread waits for one.

    Raises TooManyTries at once where all are taken.
    """
    places = _known if has_request_context() and known_browser() else _strangers
    if not places.acquire(blocking=False):
        logs.event("sign_in.crowded", known=places is _known)
        raise TooManyTries(_("Many people are signing in just now. Try again in a minute."))
    try:
        yield
    finally:
        places.release()


def account_key(email: str) -> tuple[str, ...]:
    """Return what wrong passwords for this account are counted by.

    A browser that signed in to it before counts on its own, so that strangers who guess
    can't keep the account's owner out.
    """
    account = ids.digest(email.strip().casefold())
    known = known_browser()
    if known is not None and known[0] == account:
        return ("staff-password", account, known[1])
    return ("staff-password", account)


def check(*key: str) -> None:
    """Raise TooManyTries where too many wrong ones were typed under this key."""
    limits.check_tries(
        *key, message=_("Too many wrong tries. Wait 15 minutes, or use your usual browser.")
    )


def known_browser() -> tuple[str, str] | None:
    """Return the account this browser signed in to before, and the browser's own mark."""
    try:
        account, mark = _serializer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(account), str(mark)


def remember_browser(response: Response, email: str) -> Response:
    """Let this browser count its wrong tries on its own; it signs nobody in."""
    response.set_cookie(
        _cookie(),
        str(_serializer().dumps([ids.digest(email.strip().casefold()), ids.public_id()])),
        max_age=HALF_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _cookie() -> str:
    return str(current_app.config["SESSION_COOKIE_NAME"]).replace("session", "known")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-browser")
