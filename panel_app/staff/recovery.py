"""Letting staff in again who forgot the password or lost the second step."""

from __future__ import annotations

import unicodedata

from flask import current_app
from flask_security import hash_password
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from panel_app.core import audit, ids
from panel_app.core.db import db, locked
from panel_app.core.errors import NotFound, Refused
from panel_app.core.text import _
from panel_app.staff import accounts
from panel_app.staff.models import User

#: Seconds that a link works: it is handed over in person or read out, not sent round.
LASTS = 24 * 3600


def make_link(*, user: User, actor: str) -> str:
    """Return the secret part of a link under which this person chooses a new password, once.

    Raises Refused where the account is switched off.
    """
    if not user.active:
        raise Refused(_("This person can’t sign in."))
    audit.record("staff.recovery_offered", actor=actor, subject=f"staff:{user.public_id}")
    return str(_serializer().dumps([user.public_id, _state(user)]))


def holder(token: str) -> User:
    """Return whose link this is. Raises NotFound for one that was used, ran out or never was."""
    try:
        public_id, state = _serializer().loads(token, max_age=LASTS)
    except (BadSignature, ValueError, TypeError) as fault:
        raise _unknown() from fault
    user = db.session.scalar(select(User).where(User.public_id == public_id, User.active))
    if user is None or state != _state(user):
        raise _unknown()
    return user


def recover_by_link(*, token: str, password: str) -> None:
    """Set the password of whoever holds the link; the link works no more.

    Raises NotFound as `holder` does, and Refused where the password is easily guessed.
    """
    locked(holder(token))
    recover(user=holder(token), password=password, actor=f"staff:{holder(token).public_id}")


def recover(*, user: User, password: str, actor: str) -> None:
    """Set a password, take the second step away, and end every sign-in of this person.

    Raises Refused where the password is easily guessed.
    """
    for fault in accounts.password_faults(password, user.email):
        raise Refused(fault, field="password")
    user.password = hash_password(unicodedata.normalize("NFKD", password))
    user.tf_primary_method = user.tf_totp_secret = user.totp_counter = None
    user.mf_recovery_codes = None
    accounts.end_sessions(user)
    audit.record("staff.recovered", actor=actor, subject=f"staff:{user.public_id}")


def _state(user: User) -> str:
    """Return what changes with the password and with every ended sign-in, told to nobody."""
    return ids.digest(user.password + user.fs_uniquifier)[:22]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="staff-recovery")


def _unknown() -> NotFound:
    return NotFound(_("This link was used, or has run out. Ask an administrator for another."))
