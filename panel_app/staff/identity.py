"""Who is signed in, and what they may do."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_security import current_user
from sqlalchemy import ColumnElement, and_, true
from werkzeug.wrappers import Response

from panel_app.panels.models import Panel
from panel_app.staff.models import User
from panel_app.staff.roles import PERMISSIONS, REHEARSING


def signed_in() -> bool:
    """Whether a member of staff is signed in, and still allowed to."""
    return bool(current_user.is_authenticated and current_user.is_active)


def this_user() -> User:
    """Return the member of staff signed in; only in views that need one."""
    user: User = current_user._get_current_object()
    return user


def actor() -> str:
    """Return how the audit log names the person acting."""
    return f"staff:{this_user().public_id}"


def permissions(panel: Any | None) -> frozenset[str]:
    """Return what the person signed in may do on `panel`, or on no panel in particular."""
    if not signed_in():
        return frozenset()
    held: frozenset[str] = frozenset()
    rehearsed = panel.rehearses_id if isinstance(panel, Panel) else None
    of = rehearsed or (panel.id if isinstance(panel, Panel) else None)
    for given in this_user().staff_roles:
        if given.panel_id is None or given.panel_id == of:
            held |= PERMISSIONS[given.role]
    return held & REHEARSING if rehearsed else held


def panels_with(permission: str) -> ColumnElement[bool]:
    """Return the condition for the panels on which the person signed in has a permission."""
    given = [r for r in this_user().staff_roles if permission in PERMISSIONS[r.role]]
    everywhere = any(role.panel_id is None for role in given)
    mine = true() if everywhere else Panel.id.in_([role.panel_id for role in given])
    return and_(mine, Panel.rehearses_id.is_(None))


def ask_to_sign_in() -> Response:
    """Send the person to the sign-in page, and back here afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=back), 303)
