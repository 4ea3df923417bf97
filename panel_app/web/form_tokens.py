"""Form tokens that live as long as the seat, and sessions that outlive a clock put right."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import SignatureExpired, TimestampSigner
from markupsafe import Markup
from wtforms.widgets import HiddenInput


def init_app(app: Flask) -> None:
    """Ask every form for its token."""
    app.session_interface = Sessions()
    app.before_request(_use_the_seats)
    app.jinja_env.globals["form_token"] = form_token
    FormTokens(app)


def form_token(form: FlaskForm | None = None) -> Markup:
    """Return the hidden fields of a form that sends something: its token, then its own."""
    hidden = [field for field in form or () if isinstance(field.widget, HiddenInput)]
    token = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return token + Markup("").join(field() for field in hidden if field.name != "csrf_token")


class FormTokens(CSRFProtect):  # type: ignore[misc]
    """Takes the token that was made from the phone's seat; without a seat, the session's.

    A session ends with the browser's or after a month. An answer may wait on a phone for longer,
    and a page may stay open overnight: what holds the seat may send its forms.
    """

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form without its token. Raises CSRFError."""
        if self._is_of_seat():
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)

    def _is_of_seat(self) -> bool:
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return False
        sent, expected = self._get_csrf_token() or "", _of_seat() or ""
        return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


def _use_the_seats() -> None:
    """Have the forms of this request carry the seat's token."""
    token = _of_seat()
    if token:
        g.csrf_token = token


def _of_seat() -> str | None:
    """Return the token of this phone's seat or guest; None without one, and for staff."""
    names = ("DEVICE_COOKIE_NAME", "GUEST_COOKIE_NAME")
    seat = next(filter(None, (request.cookies.get(current_app.config[n]) for n in names)), None)
    if not seat or "_user_id" in session:
        return None
    key = f"form token {current_app.config['SECRET_KEY']}".encode()
    return hmac.new(key, seat.encode(), hashlib.sha256).hexdigest()


class PatientSigner(TimestampSigner):
    """Refuses what is too old, never what is dated a little ahead.

    A server's clock that is put right by some seconds would otherwise take every fresh session
    for a forgery, and with it the token of every open form.
    """

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """Return the value that was signed. Raises BadSignature, SignatureExpired."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and age > max_age:
            raise SignatureExpired("too old", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, signed by a patient signer."""

    def get_signing_serializer(self, app: Flask) -> Any:
        """Return what reads and writes the cookie."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer
