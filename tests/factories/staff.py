"""Staff accounts."""

from __future__ import annotations

from itertools import count

from panel_app.panels.models import Panel
from panel_app.staff.accounts import create_user
from panel_app.staff.models import User
from panel_app.staff.roles import Role

PASSWORD = "a long enough password"
_numbers = count(1)


def make_user(role: Role, panel: Panel | None = None) -> User:
    """Return an account with one role, on `panel` or everywhere; its password is PASSWORD."""
    email = f"{role}{next(_numbers)}@example.org"
    return create_user(email=email, name=role.title(), password=PASSWORD, role=role, panel=panel)
