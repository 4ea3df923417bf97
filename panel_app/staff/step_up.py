"""The step up: the gravest acts ask for the password again, unless it was just typed.

They are changes of accounts, closing a ballot, printing everyone's names and codes, and every
export with a row for each person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from panel_app.core import clock
from panel_app.core.text import _
from panel_app.web import addresses, typed

#: How long a password counts as just typed.
FRESH = timedelta(minutes=15)

View = TypeVar("View", bound=Callable[..., Any])


def fresh(view: View) -> View:
    """Ask for the password first where it was last typed more than 15 minutes ago.

    Place it beneath `access.needs`. After the password the person is back on the page that was on
    screen and presses again.
    """

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> Any:
        return view(*arguments, **named) if is_fresh() else ask_again()

    return guarded  # type: ignore[return-value]


def is_fresh() -> bool:
    """Whether the person signed in typed the password within the last 15 minutes."""
    typed_at: float = session.get("fs_paa", 0.0)
    return clock.now().timestamp() - typed_at <= FRESH.total_seconds()


def ask_again(back: str | None = None) -> Response:
    """Send the person to type the password, and back: to this page where no other is named.

    What was typed stays on a page that waits for it.
    """
    if request.method == "POST" and typed.sent().keys() - {"next", "sure"}:
        return typed.kept("password")
    flash(_("Type your password again first."), "warn")
    here = addresses.here() or addresses.way_back(found=True)[0]
    return redirect(url_for("security.verify", next=back or here), 303)
