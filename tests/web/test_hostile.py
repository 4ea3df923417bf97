"""Requests that no browser of ours sends: nothing breaks, nothing is believed."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel_app.web.addresses import local_address
from tests.checked_client import CheckedClient
from tests.conftest import new_client

EVIL = ["\x00", "a\x00b", "'; DROP TABLE panel; --", "../../etc/passwd", "{{7*7}}", "\ud7ff\ufffd",
        "\u202e", "💥", "9" * 400, "-1", "%", "\r\nSet-Cookie: x=1", "<script>"]  # fmt: skip
ELSEWHERE = ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
             "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "///evil.example",
             "/x\x00", "", "help", " /help"]  # fmt: skip


@pytest.mark.parametrize("given", ELSEWHERE)
def test_only_our_own_addresses_are_followed(app: Flask, given: str) -> None:
    with app.test_request_context():
        assert local_address(given) == "/"
        assert local_address("/help?x=1") == "/help?x=1"


@pytest.mark.parametrize("given", [given for given in ELSEWHERE if "\0" not in given])
def test_form_leads_nowhere_else(client: CheckedClient, given: str) -> None:
    answer = client.submit("/language", {"next": given}, button="English")
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("value", EVIL)
def test_any_parameter_of_any_page_is_answered(app: Flask, value: str) -> None:
    """A fault of a view is raised here, because the application is testing."""
    browser = FlaskClient(app)
    for rule in app.url_map.iter_rules():
        if rule.arguments and "GET" in (rule.methods or set()):
            path = re.sub(r"<[^>]+>", quoted(value), rule.rule)
            assert browser.get(path).status_code < 500, f"{rule.rule} with {value!r}"


def quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "replace"))


@pytest.mark.parametrize("value", EVIL)
def test_any_field_is_answered(client: CheckedClient, value: str) -> None:
    for path in ("/language", "/staff/login"):
        answer = client.submit(path, {"email": value, "password": value, "next": value})
        assert answer.status_code < 500


def test_query_of_any_kind_is_answered(client: CheckedClient) -> None:
    for value in EVIL:
        for path in ("/help?l=", "/language?next=", "/staff/login?next="):
            expected = 400 if "\0" in value else 200
            assert client.get(path + quoted(value)).status_code == expected


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "NONSENSE"])
def test_other_methods_are_refused(client: CheckedClient, method: str) -> None:
    for path in ("/help", "/language", "/staff/login"):
        assert client.open(path, method=method).status_code in {403, 405}


def test_method_cannot_be_overridden(client: CheckedClient) -> None:
    headers = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "POST"}
    assert client.get("/help", headers=headers).status_code == 200
    assert client.get("/help?_method=POST").status_code == 200


def test_forged_host_and_proxy_are_not_believed(client: CheckedClient) -> None:
    headers = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "10.9.8.7",
        "X-Forwarded-Proto": "https",
    }
    for path in ("/", "/help", "/staff/login", "/language"):
        answer = client.get(path, headers=headers)
        assert "evil.example" not in answer.text
        assert "10.9.8.7" not in answer.text
        assert "Secure" not in answer.headers.get("Set-Cookie", "")
    assert "evil" not in client.get("/desk/", headers=headers).headers["Location"]


def test_form_from_another_site_is_refused(client: CheckedClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        client.get("/language")
        token = client.get("/language").text.partition('csrf_token" value="')[2].partition('"')[0]
        sent = {"csrf_token": token, "language": "bn"}
        assert client.post("/language", data=sent, headers=headers).status_code == 403
        assert client.post("/language", data=sent).status_code == 303


def test_token_of_another_browser_is_refused(app: Flask) -> None:
    one, other = new_client(app), new_client(app)
    token = one.get("/language").text.partition('csrf_token" value="')[2].partition('"')[0]
    other.get("/language")
    sent = {"csrf_token": token, "language": "bn"}
    assert other.post("/language", data=sent).status_code == 400


def test_too_much_is_refused_before_it_is_read(client: CheckedClient) -> None:
    many = {f"f{n}": "x" for n in range(1_500)}
    assert client.post("/language", data={"next": "x" * (17 * 1024 * 1024)}).status_code == 413
    files = {name: (io.BytesIO(b"x"), "x.csv") for name in many}
    answer = client.post("/language", data=files, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize("body", ["[" * 10_000, '{"a":' * 5_000, "null", '"\\ud800"', "{"])
def test_json_where_a_form_is_expected_is_refused(client: CheckedClient, body: str) -> None:
    for path in ("/language", "/staff/login"):
        answer = client.post(path, data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500
