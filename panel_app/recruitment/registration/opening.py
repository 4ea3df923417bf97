"""Whether somebody can register by a way in just now, and how a robot is told from a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from limits import parse

from panel_app.core import clock
from panel_app.core.text import _, gettext
from panel_app.recruitment.lotteries import in_use
from panel_app.recruitment.registration.models import RegistrationPage
from panel_app.web import limits, robots
from panel_app.web.i18n import moment

#: Registrations that one open link begins, and that one code does: more come from a machine. A
#: library's whole queue has one address on the network, so addresses are not counted.
A_LINK, A_CODE = parse("600 per 10 minutes"), parse("20 per hour")
#: A whole registration takes a person longer.
WHOLE = timedelta(seconds=5)
_TOO_MANY = _("Very many people register just now. Try again in ten minutes.")


def closed(page: RegistrationPage) -> Any | None:
    """Return why nobody can register by this way in just now; None where people can."""
    now = clock.now()
    if in_use(page.panel) is not None:
        return gettext("The draw is under way, so registration has ended.")
    if page.opens_at is not None and now < page.opens_at:
        return gettext("Registration opens on %(moment)s.", moment=moment(page.opens_at))
    if page.closes_at is not None and now >= page.closes_at:
        return gettext("Registration closed on %(moment)s.", moment=moment(page.closes_at))
    return None


def signed(page: RegistrationPage) -> str:
    """Return a token that says when a form was shown, and for which way in."""
    return robots.signed(page.public_id)


def check_robot(page: RegistrationPage, *, token: str, trap: str) -> None:
    """Refuse a form that came back faster than anybody reads, or with what nobody sees filled in.

    Raises Refused; a person presses once more.
    """
    robots.check(page.public_id, token=token, trap=trap)


def count(page: RegistrationPage, code_digest: str | None) -> None:
    """Count one more that begins. Raises TooManyTries past what people do."""
    if code_digest is not None:
        limits.take(A_CODE, "registration-code", code_digest, message=_TOO_MANY)
    else:
        limits.take(A_LINK, "registration", page.public_id, message=_TOO_MANY)
