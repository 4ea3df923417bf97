"""What is held about a member of staff, and how that goes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.holdings import ERASED, Found, Held, Holder, NobodyIn, Place, Sought, Who
from panel_app.core.text import _
from panel_app.staff import accounts
from panel_app.staff.models import User


def find(sought: Sought) -> Iterator[Found]:
    """Find accounts by name or address."""
    words = sought.words
    fits = User.name.icontains(words, autoescape=True) | User.email.icontains(
        words, autoescape=True
    )
    for user in db.session.scalars(select(User).where(fits).order_by(User.id)):
        yield Found(f"staff:{user.public_id}", user.name)


def called(public_id: str) -> Iterator[str]:
    """Name the account with this identifier."""
    if db.session.scalar(select(User.id).where(User.public_id == public_id)):
        yield f"staff:{public_id}"


def tell(who: Who) -> Iterator[Held]:
    """Tell an account: name, address, roles, last sign-in."""
    for user in _users(who):
        seen = user.last_signed_in_at
        yield Held(
            _("Staff account"),
            [
                (_("Name"), user.name),
                (_("E-mail address"), user.email),
                (_("Roles"), ", ".join(given.role for given in user.staff_roles)),
                (_("Last signed in"), seen.isoformat() if seen else ""),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Switch an account off for good and empty it.

    Raises Conflict where nobody would be left to look after the accounts.
    """
    for user in _users(who):
        if user.active:
            accounts.set_active(user=user, active=False, actor=actor)
        user.name, user.email = ERASED, f"{user.public_id}@erased.invalid"
        # No password has this as its hash.
        user.password = f"!{secrets.token_hex(16)}"
        user.tf_primary_method = user.tf_totp_secret = user.tf_phone_number = None
        user.totp_counter = user.mf_recovery_codes = user.last_signed_in_at = None
        user.language = None
        user.staff_roles.clear()
    db.session.flush()


def stays(who: Who) -> Iterator[Any]:
    """Say what the log rests on."""
    if who.ids("staff"):
        yield _("A random identifier in the log, which says that one person did what it names.")


def _users(who: Who) -> list[User]:
    return list(db.session.scalars(select(User).where(User.public_id.in_(who.ids("staff")))))


HOLDER = Holder(
    name="staff",
    places=[
        Place(
            what="Staff names, addresses, password hashes, second steps and roles",
            columns=["staff_user", "staff_role"],
            seen_by="administrators",
            goes="switched off and emptied; a random identifier stays for the log",
        )
    ],
    find=find,
    called=called,
    tell=tell,
    erase=erase,
    stays=stays,
)
NOBODY = NobodyIn({"account_group": "the sign-in library's groups, which are not used"})
