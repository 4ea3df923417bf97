"""Every answer carries the headers; every failure is a page in the reader's language."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from panel_app.app import create_app
from panel_app.core import logs
from panel_app.core.db import db
from panel_app.core.errors import Conflict, NotAllowed, NotFound, Refused, TooManyTries
from panel_app.web import access
from panel_app.web.faults import ADVICE, TITLES
from panel_app.web.headers import HEADERS
from tests.checked_client import CheckedClient
from tests.conftest import new_client

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@access.needs("anyone")
def break_with(kind: str) -> str:
    """Fail in one of the ways that a view can."""
    if kind.isdecimal():
        abort(int(kind))
    if kind == "secret":
        raise RuntimeError("canary 07700 900123")
    if kind == "write":
        db.session.execute(text("DELETE FROM panel"))
    if kind == "clash":
        raise IntegrityError("INSERT", {}, Exception())
    if kind == "busy":
        raise OperationalError("BEGIN", {}, Exception("locked"))
    if kind == "huge":
        db.session.execute(text("SELECT CAST(:n AS INTEGER)"), {"n": 10**30})
    refusals = (Refused, NotFound, NotAllowed, TooManyTries, Conflict)
    raise {r.__name__: r for r in refusals}[kind]("Because of the rules.")


@pytest.fixture
def failing(app: Flask) -> CheckedClient:
    """Return a phone on an application that answers faults as in production."""
    app.add_url_rule("/break/<kind>", "break", break_with)
    app.testing = False
    return new_client(app)


@pytest.mark.parametrize(
    "path",
    ["/", "/help", "/nowhere", "/desk/", "/static/app.css", "/static/nothing.css", "/health",
     "/break/500", "/break/secret", "/break/303", "/break/413", "/language"],
)  # fmt: skip
def test_headers_are_exact_on_every_answer(failing: CheckedClient, path: str) -> None:
    headers = failing.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers
    assert ("no-store" in headers["Cache-Control"]) == (path != "/static/app.css")


def test_https_is_remembered_and_cookies_stay_on_it(migrated: str, app: Flask) -> None:
    settings = replace(app.extensions["settings"], public_url="https://panel.example.org")
    phone = create_app(settings).test_client()
    answer = phone.get("/language", base_url="https://panel.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/p/hillgrove", "//evil.example/p/hillgrove", "/desk/staff"])
@pytest.mark.parametrize("host", ["app", "evil.example", "panel.example.org"])
def test_host_of_a_request_leads_nobody_anywhere(app: Flask, host: str, path: str) -> None:
    answer = app.test_client().get(path, headers={"Host": host})
    assert answer.status_code in {302, 303, 308}
    location = answer.headers["Location"]
    assert location.startswith("/")
    assert not location.startswith("//")
    assert host not in location.partition("?")[0].replace("/evil.example/p", "")
    assert host not in answer.text.replace("/evil.example/p", "")


def test_form_without_referrer_is_accepted_over_https(migrated: str, app: Flask) -> None:
    """Our pages forbid referrers, so a check that wants one would refuse every form."""
    settings = replace(app.extensions["settings"], public_url="https://panel.example.org")
    phone = create_app(settings).test_client()
    base = "https://panel.example.org"
    token = phone.get("/language", base_url=base).text.partition('csrf_token" value="')[2]
    sent = {"csrf_token": token.partition('"')[0], "language": "bn"}
    for origin, status in (("null", 303), (base, 303), ("https://evil.example", 403)):
        headers = {"Origin": origin}
        answer = phone.post("/language", data=sent, base_url=base, headers=headers)
        assert answer.status_code == status, origin


STATUSES = {"400": 400, "403": 403, "404": 404, "405": 405, "409": 409, "413": 413, "418": 418,
            "422": 422, "429": 429, "500": 500, "503": 503, "Refused": 422, "NotFound": 404,
            "NotAllowed": 403, "TooManyTries": 429, "Conflict": 409, "secret": 500, "write": 500,
            "clash": 409, "busy": 503, "huge": 400}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
@pytest.mark.parametrize("kind", STATUSES)
def test_failure_is_a_page(failing: CheckedClient, kind: str, language: str) -> None:
    answer = failing.get(f"/break/{kind}?l={language}")
    assert answer.status_code == STATUSES[kind]
    assert f'lang="{language}"' in answer.text
    for inside in ("Traceback", "canary", "sqlalchemy", ".py", "DELETE"):
        assert inside not in answer.text
    if kind[0].isupper():
        assert "Because of the rules." in answer.text


def test_titles_and_advice_cover_the_same_failures() -> None:
    assert TITLES.keys() == ADVICE.keys()
    assert {error.status for error in (Refused, NotFound, NotAllowed, TooManyTries, Conflict)} <= (
        TITLES.keys()
    )


def test_busy_database_says_when_to_come_back(failing: CheckedClient) -> None:
    assert failing.get("/break/busy").headers["Retry-After"] == "2"


def test_fault_is_logged_without_what_it_said(
    failing: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    logs.logger.propagate = True
    with caplog.at_level(logging.INFO, "panel_app"):
        failing.get("/break/secret?code=canary")
    logs.logger.propagate = False
    written = [vars(r)["values"] for r in caplog.records]
    assert written[0]["kind"] == "RuntimeError"
    assert "canary" not in repr(written)


def test_silent_database_is_still_a_page(failing: CheckedClient, app: Flask) -> None:
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    if not address.startswith("sqlite"):
        pytest.skip("the file is taken away, which PostgreSQL has not")
    with app.app_context():
        db.engine.dispose()
    file = Path(address.removeprefix("sqlite:///"))
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    answer = failing.get("/health")
    file.rmdir()
    assert answer.status_code == 503
    assert "<h1>" in answer.text


def test_wrong_method_names_the_right_ones(client: CheckedClient) -> None:
    answer = client.put("/help")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
