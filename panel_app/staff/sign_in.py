"""Signing in: argon2id passwords, an optional second factor, sessions that end."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask_login import user_logged_in, user_logged_out  # type: ignore[import-untyped]
from flask_security import Security, SQLAlchemyUserDatastore
from werkzeug.wrappers import Response

from panel_app.core import clock
from panel_app.core.crypto import master_key
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.staff import accounts, sign_in_forms, step_up
from panel_app.staff.models import AccountGroup, User
from panel_app.staff.second_factor import OnceOnly
from panel_app.web.access import Rule

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SIGNED_IN_AT = "signed_in_at"
_SEEN_AT = "seen_at"
#: Kept when a session begins: the library's marks of who signed in, and how.
_KEPT = {"_user_id", "_fresh", "_id", "fs_cc", "fs_paa"}

#: Rules of the views that the sign-in library brings.
RULES: Mapping[str, Rule] = {
    "security.login": "anyone",
    "security.logout": "staff",
    "security.verify": "staff",
    "security.change_password": "staff",
    "security.two_factor_setup": "staff",
    "security.two_factor_setup_validate": "staff",
    "security.two_factor_token_validation": "anyone",
    "security.mf_recovery": "anyone",
    "security.mf_recovery_codes": "staff",
    "security.static": "nobody",
    "security.tf_select": "nobody",
    "security.two_factor_rescue": "nobody",
}

#: The library's pages, in our own words and looks.
TEMPLATES: Mapping[str, str] = {
    f"SECURITY_{name}_TEMPLATE": f"staff/security/{name.lower()}.html"
    for name in (
        "LOGIN_USER",
        "VERIFY",
        "CHANGE_PASSWORD",
        "TWO_FACTOR_SETUP",
        "TWO_FACTOR_VERIFY_CODE",
        "MULTI_FACTOR_RECOVERY",
        "MULTI_FACTOR_RECOVERY_CODES",
    )
}

#: What the library says, in our words.
MESSAGES: Mapping[str, tuple[Any, str]] = {
    "SECURITY_MSG_INVALID_PASSWORD": (_("The password is not right."), "error"),
    "SECURITY_MSG_PASSWORD_IS_THE_SAME": (_("Choose a password that is new."), "error"),
    "SECURITY_MSG_PASSWORD_NOT_PROVIDED": (_("Type your password."), "error"),
    "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (_("The two passwords are not the same."), "error"),
    "SECURITY_MSG_PASSWORD_CHANGE": (_("Your password is changed."), "success"),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": (_("This code is not right, or was used."), "error"),
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (
        _("This number is not right, or was used. Wait for the next one."),
        "error",
    ),
    "SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _("The second step is set up. Make recovery codes, in case you lose the phone."),
        "success",
    ),
    "SECURITY_MSG_TWO_FACTOR_DISABLED": (_("You sign in with the password alone."), "success"),
    "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (_("Type your password again first."), "error"),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_("Thank you. Go on."), "info"),
}

CONFIGURATION: dict[str, Any] = {
    **TEMPLATES,
    **MESSAGES,
    "SECURITY_URL_PREFIX": "/staff",
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    # argon2id, t=2, 19 MiB, p=1: about 40 ms (OWASP's first choice).
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 2,
        "argon2__memory_cost": 19_456,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKD",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": False,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/desk/account",
    "SECURITY_TWO_FACTOR_ERROR_VIEW": "/staff/login",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_FRESHNESS": step_up.FRESH,
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
    "SECURITY_REMEMBER_DEFAULT": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_POST_LOGIN_VIEW": "/desk/",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_FLASH_MESSAGES": True,
    # Sessions end by our own clock, below; the cookie's outlives them.
    "PERMANENT_SESSION_LIFETIME": LONGEST,
    "SESSION_REFRESH_EACH_REQUEST": False,
}


def init_app(app: Flask, *, organisation: str) -> None:
    """Add the sign-in pages and end sessions that are idle or too long."""
    app.config.update(CONFIGURATION)
    with app.app_context():
        app.config["SECURITY_PASSWORD_SALT"] = master_key("password").hex()
        app.config["SECURITY_TOTP_SECRETS"] = {"1": master_key("totp").hex()}
        recovery = base64.urlsafe_b64encode(master_key("recovery-codes"))
        app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"] = [recovery]
    app.config["SECURITY_TOTP_ISSUER"] = organisation
    # Before the library, which asks on every request who is signed in.
    app.before_request(_end_old_session)
    app.before_request(_keep_signed_in)
    datastore = SQLAlchemyUserDatastore(db, User, AccountGroup)
    Security(app, datastore, totp_cls=OnceOnly, **sign_in_forms.forms())
    # Sign-in by a token in the address or a header would outlive the session.
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]
    user_logged_in.connect(_start, app)
    user_logged_out.connect(_end, app)


def _start(app: Flask, user: User) -> None:
    """Begin with an empty session: whoever planted the old one knows nothing of the new."""
    for key in set(session) - _KEPT:
        session.pop(key)
    g.pop("csrf_token", None)
    session.permanent = True
    session[_SIGNED_IN_AT] = session[_SEEN_AT] = clock.now().isoformat(timespec="seconds")
    user.last_signed_in_at = clock.now()


def _end(app: Flask, user: User) -> None:
    """Make copies of the cookie useless: every session of this person ends."""
    if isinstance(user, User):
        accounts.end_sessions(user)
        db.session.commit()


def _end_old_session() -> None:
    """Forget a session that is idle or too old, before anything asks whose it is."""
    if "_user_id" not in session or request.endpoint == "static":
        return
    now = clock.now()
    started, seen = (_moment(session.get(key)) for key in (_SIGNED_IN_AT, _SEEN_AT))
    if started is None or seen is None or now - seen > IDLE or now - started > LONGEST:
        session.clear()
    elif now - seen > timedelta(minutes=1):
        session[_SEEN_AT] = now.isoformat(timespec="seconds")


def _keep_signed_in() -> Response | None:
    """Lead on whoever is signed in already: the library's answer to a GET would sign them out."""
    if "_user_id" in session and request.endpoint == "security.two_factor_token_validation":
        return redirect(url_for("staff.account"), 303)
    return None


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
