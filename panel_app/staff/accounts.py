"""Making staff accounts and giving them roles."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any

from flask import current_app, has_app_context
from flask_security import hash_password
from sqlalchemy import select

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.finality import Act
from panel_app.core.text import _
from panel_app.panels.models import Panel
from panel_app.staff.models import StaffRole, User
from panel_app.staff.roles import Role

SHORTEST_PASSWORD = 12
FEWEST_LETTERS = 5
#: Fewer guesses are within reach of whoever has stolen the hashes, for a while.
FEWEST_GUESSES = 10**9
TRIES_FOR_BLANKS = 100
#: What comes after the first letters is not weighed: that takes time by their square.
LONGEST_WEIGHED = 72
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    role: Role,
    panel: Panel | None = None,
    actor: str = "system",
) -> User:
    """Make an account with one role, on `panel` or everywhere.

    Raises Refused where the address is none or taken, or the password is easily guessed.
    """
    email = email.strip().lower()
    if not _ADDRESS.fullmatch(email):
        raise Refused(_("Type an address such as name@example.org."), field="email")
    for fault in password_faults(password, email):
        raise Refused(fault, field="password")
    if called(email):
        raise Refused(_("There is an account with this address already."), field="email")
    user = User(
        email=email,
        name=name,
        password=hash_password(unicodedata.normalize("NFKD", password)),
        active=True,
        fs_uniquifier="",
    )
    end_sessions(user)
    db.session.add(user)
    db.session.flush()
    give_role(user=user, role=role, panel=panel, actor=actor)
    return user


def password_faults(password: str, email: str) -> list[Any]:
    """Return what is wrong with a new password, in words: short, common, or the address."""
    name = email.partition("@")[0].casefold()
    if len(password) < SHORTEST_PASSWORD:
        return [_("Choose a password of at least 12 characters.")]
    if len(set(password.casefold())) < FEWEST_LETTERS:
        return [_("Choose a password with more different characters.")]
    if password.casefold().startswith(name) and len(password) - len(name) < SHORTEST_PASSWORD // 2:
        return [_("Choose a password that is not your address.")]
    if _guesses(password, email) < FEWEST_GUESSES:
        return [
            _(
                "This password is on lists of common ones, or easily guessed. Take three or four"
                " words that don’t belong together."
            )
        ]
    return []


def _guesses(password: str, email: str) -> float:
    """Return how many guesses find a password that common ones, names and patterns are tried for.

    Wheeler: zxcvbn, low-budget password strength estimation (USENIX Security 2016).
    """
    from zxcvbn import zxcvbn

    typed = password[:LONGEST_WEIGHED]
    known = ["panel", "app", *re.split(r"\W", f"{email.partition('@')[0]} {_organisation()}")]
    # Blanks and dashes hide a common password from the list, and cost who guesses a few tries each.
    joined = re.sub(r"[\W_]", "", typed) or typed
    plain, without = (float(zxcvbn(text, known)["guesses"]) for text in (typed, joined))
    return min(plain, without * TRIES_FOR_BLANKS)


def _organisation() -> str:
    return str(current_app.extensions["settings"].organisation) if has_app_context() else ""


def called(email: str) -> User | None:
    """Return the account with this address, if there is one."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def name_of(actor: str | None) -> str:
    """Return the name of the account that the audit log calls `actor`; empty for none."""
    number = (actor or "").removeprefix("staff:")
    return db.session.scalar(select(User.name).where(User.public_id == number)) or ""


def give_role(*, user: User, role: Role, panel: Panel | None, actor: str) -> StaffRole:
    """Give a role on `panel`, or everywhere where it is None.

    Raises Conflict where the person has it already.
    """
    panel_id = panel.id if panel else None
    if any(r.role == role and r.panel_id == panel_id for r in user.staff_roles):
        raise Conflict(_("This person has that role already."), field="role")
    given = StaffRole(user=user, panel_id=panel_id, role=role)
    db.session.add(given)
    db.session.flush()
    audit.record(
        "staff.role_given",
        actor=actor,
        subject=f"staff:{user.public_id}",
        role=role,
        panel=panel.public_id if panel else None,
    )
    return given


def take_role(*, given: StaffRole, actor: str) -> None:
    """Take a role away; the next request of that person is refused.

    Raises Conflict where nobody would be left to look after the accounts.
    """
    if given.role == "administrator" and given.panel_id is None:
        _keep_an_administrator(without=given.user)
    audit.record(
        "staff.role_taken",
        actor=actor,
        subject=f"staff:{given.user.public_id}",
        role=given.role,
        panel=_panel_of(given),
    )
    db.session.delete(given)
    db.session.flush()


def set_active(*, user: User, active: bool, actor: str) -> None:
    """Let a person sign in, or not; switching off ends their sessions.

    Raises Conflict where nobody would be left to look after the accounts.
    """
    if not active:
        _keep_an_administrator(without=user)
    user.active = active
    end_sessions(user)
    action = "staff.switched_on" if active else "staff.switched_off"
    audit.record(action, actor=actor, subject=f"staff:{user.public_id}")


def keep_switched(act: Act) -> str | None:
    """Keep an account as it was switched last, though an older copy has it otherwise."""
    user = db.session.scalar(select(User).where(User.public_id == act.public_id))
    if user is None:
        return f"Account {act.public_id} ({act.action}, {act.at}) is not in this copy."
    user.active = act.action == "staff.switched_on"
    end_sessions(user)
    return None


def keep_taken(act: Act) -> str | None:
    """Keep a role taken away that an older copy gives back."""
    user = db.session.scalar(select(User).where(User.public_id == act.public_id))
    for given in list(user.staff_roles) if user else ():
        if given.role == act.details["role"] and act.details.get("panel") == _panel_of(given):
            db.session.delete(given)
    db.session.flush()
    return None


def _panel_of(given: StaffRole) -> str | None:
    return given.panel.public_id if given.panel else None


def end_sessions(user: User) -> None:
    """Make every session of this person, on any browser, worthless."""
    user.fs_uniquifier = secrets.token_hex(32)


def _keep_an_administrator(*, without: User) -> None:
    others = (
        select(StaffRole.user_id)
        .join(User)
        .where(
            StaffRole.role == "administrator",
            StaffRole.panel_id.is_(None),
            User.active,
            User.id != without.id,
        )
        .with_for_update()
    )
    is_one = any(r.role == "administrator" and r.panel_id is None for r in without.staff_roles)
    if is_one and db.session.scalars(others).first() is None:
        raise Conflict(_("Make somebody else an administrator first."))
