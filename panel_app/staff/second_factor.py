"""The second factor: a number from an app, good once."""

from __future__ import annotations

from typing import Any

from flask_security import Totp, UserMixin

from panel_app.core.db import db, found, locked
from panel_app.staff.models import User


class OnceOnly(Totp):
    """Time-based numbers (RFC 6238), each accepted once: a copied one is useless."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """Return the newest number's counter that was used, holding the account meanwhile."""
        return locked(_row(user)).totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Remember the counter of the number just used."""
        _row(user).totp_counter = tmatch.counter
        db.session.flush()


def _row(user: UserMixin) -> User:
    """Return the account itself: the library may hand over a proxy of it."""
    return found(db.session.get(User, user.id))
