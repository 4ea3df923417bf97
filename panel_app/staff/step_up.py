"""The step up: the gravest acts ask for the password again, unless it was just typed.

They are changes of accounts, closing a ballot, printing everyone's names and codes, and every
export with a row for each person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, flash, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from panel_app.core import clock
from panel_app.core.text import _

#: How long a password counts as just typed.
FRESH = timedelta(minutes=15)

View = TypeVar("View", bound=Callable[..., Any])


def fresh(view: View) -> View:
    """Ask for the password first where it was last typed more than 15 minutes ago.

    Place it beneath `access.needs`. After the password the person is back on the page at this
    address (on the list of panels where the address only takes a POST) and presses again.
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
    """Send the person to type the password, and back: to this page where no other is named."""
    flash(_("Type your password again first."), "warn")
    return redirect(url_for("security.verify", next=back or _way_back()), 303)


def _way_back() -> str:
    """Return this page's address where it can be opened, and the start page otherwise."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return url_for("staff.desk")
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
