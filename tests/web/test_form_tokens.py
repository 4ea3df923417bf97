"""A form's token lives as long as the seat, and no longer; clocks that are put right do no harm."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import BadSignature, SignatureExpired

from panel_app.core.db import db
from panel_app.web.form_tokens import PatientSigner
from tests.checked_client import CheckedClient
from tests.factories.panels import make_members, make_panel

Join = Callable[[int], CheckedClient]
PAGE = "/my/phone"


@pytest.fixture
def members(app: Flask) -> list[int]:
    with app.app_context():
        made = [member.id for member in make_members(make_panel(), 2)]
        db.session.commit()
        return made


def leave(phone: CheckedClient, token: str, **headers: str) -> int:
    return phone.post("/my/leave-phone", data={"csrf_token": token}, headers=headers).status_code


def test_page_kept_open_overnight_still_sends(join: Join, members: list[int]) -> None:
    phone = join(members[0])
    token = phone.token_on(PAGE)
    phone.delete_cookie("session")
    assert leave(phone, token) == 303


def test_token_of_another_seat_is_refused(join: Join, members: list[int]) -> None:
    stranger = join(members[1]).token_on(PAGE)
    assert leave(join(members[0]), stranger) == 400


def test_queue_is_told_that_its_token_is_stale(join: Join, members: list[int]) -> None:
    sent = {"csrf_token": "x"}
    answer = join(members[0]).post("/my/leave-phone", data=sent, headers={"X-Queue": "k"})
    assert (answer.status_code, answer.headers["X-Stale-Form"]) == (400, "1")


def test_clock_put_back_ten_seconds_refuses_nobody(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = client.token_on("/language")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 10)
    answer = client.post("/language", data={"csrf_token": token, "language": "bn"})
    assert answer.status_code == 303


class Earlier(PatientSigner):
    """Signs as it would have long ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 100


def test_session_still_ends_with_its_time() -> None:
    signed = Earlier("key").sign(b"value")
    assert PatientSigner("key").unsign(signed, max_age=101) == b"value"
    with pytest.raises(SignatureExpired):
        PatientSigner("key").unsign(signed, max_age=99)
    with pytest.raises(BadSignature):
        PatientSigner("other").unsign(signed, max_age=101)
