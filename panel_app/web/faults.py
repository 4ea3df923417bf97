"""Errors as pages in the reader's language; nothing of the inside is shown."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_login import AnonymousUserMixin  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    PendingRollbackError,
)
from sqlalchemy.exc import TimeoutError as NoPlace
from werkzeug.exceptions import HTTPException

from panel_app.core import logs
from panel_app.core.db import db, read_only
from panel_app.core.errors import DomainError
from panel_app.core.text import _
from panel_app.web import access, addresses, typed

TITLES = {
    400: _("We could not read that"),
    403: _("You can’t open this page"),
    404: _("There is nothing here"),
    405: _("That can’t be done here"),
    409: _("Something has changed meanwhile"),
    413: _("That is too large"),
    422: _("Something needs another look"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
    503: _("Busy just now"),
    507: _("There is no room left"),
}
ADVICE = {
    400: _("Go back: what you typed is still there. Check it and send it again."),
    403: _("If you think you should be able to, ask the organiser."),
    404: _("Check the address, or scan your QR code again."),
    405: _("Go back and use the buttons on the page."),
    409: _("Open the page again to see how things stand now."),
    413: _("Send a smaller file, or a shorter text."),
    422: _("Go back and check what you typed."),
    429: _("Wait 15 minutes, or scan the QR code on your letter."),
    500: _("It has been noted. Go back and try again in a minute."),
    503: _("Nothing was lost. Try again in a few seconds."),
    507: _(
        "There is no room left on the server, so nothing new can be stored just now. What was"
        " stored is safe. Please tell the organiser."
    ),
}

#: Said of a form without its token.
_TOO_LONG = _("This page was open for too long, or cookies are off, so nothing was sent.")
_STILL_HERE = _(
    "This page was open for too long, so nothing was sent yet. What you typed is still here:"
    " look at it and send it again."
)

#: PostgreSQL's name for a write where only looking is allowed.
READ_ONLY = "25006"
#: What SQLite calls a mistake in our code, where it reports everything as operational.
OUR_FAULTS = frozenset({"SQLITE_ERROR", "SQLITE_READONLY", "SQLITE_MISUSE"})


def init_app(app: Flask) -> None:
    """Answer every kind of failure with a page."""
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    for gone in (InterfaceError, InternalError, NoPlace, PendingRollbackError):
        app.register_error_handler(gone, _gone)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(OverflowError, _unfit)
    app.register_error_handler(Exception, _fault)


def _answer(status: int, message: object | None = None) -> Response:
    """Undo what was begun, and render the page without holding up those who write."""
    db.session.rollback()
    read_only.set(True)
    if "_login_user" not in g:
        # Rendering would have the sign-in library ask the database, which may be what failed.
        g._login_user = AnonymousUserMixin()
    known = status if status in TITLES else 400
    shown = render_template(
        "web/error.html",
        heading=TITLES[known],
        message=message or ADVICE[known],
        back=addresses.way_back(found=status != 404),
        written=typed.written(typed.without_secrets(addresses.form())),
    )
    return make_response(shown, status)


def _refusal(error: DomainError) -> Response:
    return _answer(error.status, error.message)


def _stale_form(error: CSRFError) -> Response:
    if "X-Queue" in request.headers:
        return Response(status=400, headers={"X-Stale-Form": "1"})
    address = None if access.sent_from_elsewhere() else addresses.here()
    if address is None:
        return _answer(400, _TOO_LONG)
    db.session.rollback()
    response = typed.again(address, typed.sent(), said=_STILL_HERE)
    if response.status_code != 200:
        return typed.kept(typed.to_be_in() if 300 <= response.status_code < 400 else None)
    response.status_code = 400
    return response


def _http(error: HTTPException) -> Response:
    if error.code is not None and 300 <= error.code < 400:
        return make_response(error.get_response())
    response = _answer(error.code or 500)
    if error.code == 405 and hasattr(error, "valid_methods") and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _clash(error: IntegrityError) -> Response:
    """Two people did the same at once, and a constraint of the database kept one."""
    logs.event("database.clash", path=logs.without_secrets(request.path))
    return _answer(409)


def _unfit(error: Exception) -> Response:
    """A number or a text that no column holds: no form of ours sends it."""
    return _answer(400)


def _full(error: OperationalError) -> bool:
    """Whether the disk is full: SQLite's and PostgreSQL's names for it."""
    name = getattr(error.orig, "sqlite_errorname", "")
    return name == "SQLITE_FULL" or getattr(error.orig, "sqlstate", "") == "53100"


def _gone(error: Exception) -> Response:
    """The database went away, or has no place free; a page that only looks and writes is ours."""
    if getattr(getattr(error, "orig", None), "sqlstate", "") == READ_ONLY:
        return _fault(error)
    logs.event("database.gone", **logs.place(error))
    response = _answer(503)
    response.headers["Retry-After"] = "2"
    return response


def _busy(error: OperationalError) -> Response:
    if getattr(error.orig, "sqlite_errorname", "") in OUR_FAULTS:
        return _fault(error)
    if _full(error):
        logs.event("database.disk_full")
        return _answer(507)
    logs.event("database.busy", path=logs.without_secrets(request.path))
    response = _answer(503)
    response.headers["Retry-After"] = "2"
    return response


def _fault(error: Exception) -> Response:
    if current_app.testing:
        raise error
    logs.event("fault", path=logs.without_secrets(request.path), **logs.place(error))
    return _answer(500)
