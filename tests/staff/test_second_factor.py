"""The second step, from setting it up to the recovery codes, and the step up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from passlib.totp import TOTP

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, parse, text_of
from tests.conftest import new_client
from tests.factories.staff import PASSWORD, make_user

SignIn = Callable[[User | str], CheckedClient]


@pytest.fixture
def email(app: Flask) -> str:
    """Return the address of an administrator."""
    with app.app_context():
        user = make_user("administrator")
        db.session.commit()
        return user.email


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the numbers: one must not run out between the app and the form."""
    moment = int(time.time())
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: moment))


def set_up(browser: CheckedClient) -> TOTP:
    """Set the second step up as a person does; return the app on their phone."""
    shown = browser.submit("/staff/tf-setup", {"setup": "authenticator"})
    assert shown.status_code == 200
    assert "<svg" in shown.text
    key = next(text_of(p) for p in parse(shown.text).iter("p") if p.get("class") == "code")
    phone = TOTP(key=key, format="base32")
    form = next(f for f in parse(shown.text).iter("form") if "tf-setup" in (f.get("action") or ""))
    sent = {i.get("name", ""): i.get("value", "") for i in form.iter("input")}
    # The number of half a minute ago is still good; the present one is kept for signing in.
    sent["code"] = phone.generate(TOTP.now() - 30).token
    assert browser.post(form.get("action", ""), data=sent).status_code == 302
    return phone


def first_step(app: Flask, email: str) -> CheckedClient:
    browser = new_client(app)
    asked = browser.submit("/staff/login", {"email": email, "password": PASSWORD}, follow=True)
    assert "Type the number that your app shows" in asked.text
    assert browser.get("/desk/").status_code == 303
    return browser


def second_step(browser: CheckedClient, code: str) -> bool:
    browser.submit("/staff/tf-validate", {"code": code})
    return browser.get("/desk/").status_code == 200


def test_whole_way_from_setting_up_to_signing_in(app: Flask, email: str, sign_in: SignIn) -> None:
    phone = set_up(sign_in(email))
    browser = first_step(app, email)
    assert not second_step(browser, "000000")
    assert second_step(browser, phone.generate().token)


def test_number_is_good_once(app: Flask, email: str, sign_in: SignIn) -> None:
    phone = set_up(sign_in(email))
    number = phone.generate().token
    one, other = first_step(app, email), first_step(app, email)
    assert [second_step(one, number), second_step(other, number)] == [True, False]


def test_numbers_cannot_be_tried_without_end(app: Flask, email: str, sign_in: SignIn) -> None:
    phone = set_up(sign_in(email))
    browser = first_step(app, email)
    answers = [
        browser.submit("/staff/tf-validate", {"code": f"{n:06}"}).status_code for n in range(11)
    ]
    assert answers[-1] == 429 or 429 in answers
    refused = browser.post("/staff/tf-validate", data={"code": phone.generate().token})
    assert refused.status_code >= 400


def test_secret_and_codes_are_sealed_in_the_database(
    app: Flask, email: str, sign_in: SignIn
) -> None:
    browser = sign_in(email)
    phone = set_up(browser)
    codes = new_codes(browser)
    with app.app_context():
        user = db.session.query(User).filter_by(email=email).one()
        kept = repr((user.tf_totp_secret, user.mf_recovery_codes))
    assert phone.base32_key not in kept
    assert not [code for code in codes if code in kept]


def new_codes(browser: CheckedClient) -> list[str]:
    shown = browser.submit("/staff/mf-recovery-codes", button="Make new codes")
    return re.findall(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", shown.text)


def test_recovery_code_works_once(app: Flask, email: str, sign_in: SignIn) -> None:
    browser = sign_in(email)
    set_up(browser)
    codes = new_codes(browser)
    assert len(codes) == len(set(codes)) >= 5

    def recover(code: str) -> bool:
        browser = first_step(app, email)
        browser.submit("/staff/mf-recovery", {"code": code})
        return browser.get("/desk/").status_code == 200

    assert not recover("aaaa-bbbb-cccc")
    assert recover(codes[0])
    assert not recover(codes[0])
    assert recover(codes[1])


def test_second_step_can_be_given_up(app: Flask, email: str, sign_in: SignIn) -> None:
    browser = sign_in(email)
    set_up(browser)
    browser.submit("/staff/tf-setup", {"setup": "disable"})
    assert sign_in(email).get("/desk/").status_code == 200


def test_second_step_alone_opens_nothing(client: CheckedClient) -> None:
    for path in ("/staff/tf-validate", "/staff/mf-recovery"):
        assert client.get(path).status_code in {302, 303}


def test_what_cannot_be_undone_asks_for_the_password_again(
    app: Flask, email: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(email)
    assert browser.get("/desk/staff/new").status_code == 200
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=16))
    asked = browser.get("/desk/staff/new")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/staff/verify?next=/desk/staff/new"
    wrong = browser.submit(asked.headers["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now)
    right = browser.submit(asked.headers["Location"], {"password": PASSWORD})
    assert right.headers["Location"] == "/desk/staff/new"


def test_post_that_cannot_be_undone_is_not_done_meanwhile(
    app: Flask, email: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(email)
    with app.app_context():
        other = make_user("observer")
        db.session.commit()
        public_id = other.public_id
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=16))
    answer = browser.submit(f"/desk/staff/{public_id}", button="Switch the account off")
    assert answer.headers["Location"].startswith("/staff/verify")
    with app.app_context():
        assert db.session.query(User).filter_by(public_id=public_id).one().active
