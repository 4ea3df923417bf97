"""Signing in and out: what is kept, what is refused, when a session ends."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel_app.core import clock, ids, logs
from panel_app.core.db import db
from panel_app.core.errors import TooManyTries
from panel_app.staff import guessing
from panel_app.staff.accounts import create_user, password_faults, set_active, take_role
from panel_app.staff.models import User
from panel_app.staff.roles import Role
from panel_app.web import limits
from tests.checked_client import CheckedClient
from tests.conftest import POSTGRESQL, new_client
from tests.factories.panels import make_panel
from tests.factories.staff import PASSWORD, make_user

SignIn = Callable[[User | str], CheckedClient]


@pytest.fixture
def email(app: Flask) -> str:
    """Return the address of an organiser, with nothing counted against it."""
    return an_account(app, "organiser")


def an_account(app: Flask, role: Role) -> str:
    with app.app_context():
        user = make_user(role)
        db.session.commit()
        limits.forget_tries("staff-password", ids.digest(user.email))
        return user.email


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return a function that moves the clock on."""
    start, moved = datetime.now(tz=clock.now().tzinfo), timedelta(0)

    def move(by: timedelta) -> None:
        nonlocal moved
        moved += by
        monkeypatch.setattr(clock, "now", lambda: start + moved)

    return move


def try_password(browser: FlaskClient, email: str, password: str) -> int:
    assert isinstance(browser, CheckedClient)
    return browser.submit("/staff/login", {"email": email, "password": password}).status_code


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/desk/").status_code == 200


def copy_of(app: Flask, browser: FlaskClient) -> CheckedClient:
    """Return another browser that has stolen this one's session."""
    thief, cookie = new_client(app), browser.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    return thief


def test_password_is_kept_as_argon2id_with_the_parameters(app: Flask, email: str) -> None:
    with app.app_context():
        kept = db.session.query(User).filter_by(email=email).one().password
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


COMMON = ["password1234", "123456789012", "iloveyou1234", "P@ssw0rd1234", "Summer2026!!"]


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaaaa", "abababababab", "asha.khan1234", "pass word 1234",
     "i-love-you-1234", "PanelApp2026", "Hillgrove Council", *COMMON],
)  # fmt: skip
def test_guessable_password_is_refused(app: Flask, password: str) -> None:
    with app.app_context():
        assert password_faults(password, "asha.khan@example.org")


def test_good_password_is_accepted() -> None:
    assert password_faults(PASSWORD, "asha@example.org") == []
    assert password_faults("ashas very long sentence", "asha@example.org") == []


def test_password_may_be_typed_in_either_unicode_form(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        create_user(
            email="e@example.org", name="E", password="caf\u00e9 au lait x", role="organiser"
        )
        db.session.commit()
    assert try_password(new_client(app), "e@example.org", "cafe\u0301 au lait x") == 302


def test_refusal_says_the_same_of_an_unknown_account(app: Flask, email: str) -> None:
    browser = new_client(app)
    answers = [
        browser.submit("/staff/login", {"email": address, "password": "wrong password"}).text
        for address in (email, "nobody@example.org")
    ]
    known, unknown = (a.replace(email, "").replace("nobody@example.org", "") for a in answers)
    assert "The address or the password is not right." in known
    assert without_tokens(known) == without_tokens(unknown)


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_session_planted_before_signing_in_knows_nothing(app: Flask, email: str) -> None:
    browser = new_client(app)
    browser.get("/staff/login")
    planted = copy_of(app, browser)
    with browser.session_transaction() as before:
        secret = before["csrf_token"]
    assert try_password(browser, email, PASSWORD) == 302
    assert is_in(browser)
    assert not is_in(planted)
    browser.get("/desk/account")
    with browser.session_transaction() as after:
        assert after["csrf_token"] != secret


def test_signing_out_ends_copies_of_the_cookie(app: Flask, email: str, sign_in: SignIn) -> None:
    browser = sign_in(email)
    thief = copy_of(app, browser)
    assert is_in(thief)
    assert browser.get("/staff/logout").status_code == 405
    assert is_in(browser)
    token = browser.get("/desk/").text.partition('csrf_token" value="')[2].partition('"')[0]
    assert browser.post("/staff/logout", data={"csrf_token": token}).status_code == 302
    assert not is_in(browser)
    assert not is_in(thief)


def test_session_ends_after_half_an_hour_idle(
    email: str, sign_in: SignIn, later: Callable[[timedelta], None]
) -> None:
    browser = sign_in(email)
    for _ in range(3):
        later(timedelta(minutes=25))
        assert is_in(browser)
    later(timedelta(minutes=31))
    assert not is_in(browser)
    assert not is_in(browser)


def test_session_ends_after_twelve_hours_of_work(
    email: str, sign_in: SignIn, later: Callable[[timedelta], None]
) -> None:
    browser = sign_in(email)
    for _ in range(35):
        later(timedelta(minutes=20))
        assert is_in(browser)
    later(timedelta(minutes=21))
    assert not is_in(browser)


def test_nobody_is_remembered_beyond_the_session(app: Flask, email: str) -> None:
    browser = new_client(app)
    answer = browser.submit("/staff/login", {"email": email, "password": PASSWORD, "remember": "y"})
    assert answer.status_code == 302
    assert "remember_token" not in str(answer.headers)
    browser.delete_cookie("session")
    assert not is_in(browser)


def test_token_in_address_or_header_signs_nobody_in(app: Flask, email: str) -> None:
    with app.test_request_context():
        token = db.session.query(User).filter_by(email=email).one().get_auth_token()
    browser = new_client(app)
    assert browser.get("/desk/", headers={"Authentication-Token": token}).status_code == 303
    assert browser.get(f"/desk/?auth_token={token}").status_code == 303


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example"]
)
def test_signing_in_leads_nowhere_else(app: Flask, email: str, next_page: str) -> None:
    browser = new_client(app)
    sent = {"email": email, "password": PASSWORD}
    answer = browser.submit(f"/staff/login?next={next_page}", sent)
    where = answer.headers.get("Location", "/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


def test_signing_in_leads_back(app: Flask, email: str) -> None:
    browser = new_client(app)
    asked = browser.get("/desk/account")
    assert asked.status_code == 303
    sent = {"email": email, "password": PASSWORD}
    assert browser.submit(asked.headers["Location"], sent).headers["Location"] == "/desk/account"


def test_guessing_is_stopped_and_the_owner_still_gets_in(app: Flask, email: str) -> None:
    """Ten strangers' tries close the account to strangers, not to the owner's own browser."""
    usual = new_client(app)
    assert try_password(usual, email, PASSWORD) == 302
    usual.delete_cookie("session")
    stranger = new_client(app)
    tries = [try_password(stranger, email, f"wrong guess {n}") for n in range(12)]
    assert tries == [200] * 10 + [429] * 2
    assert try_password(new_client(app), email, PASSWORD) == 429
    assert try_password(usual, email, PASSWORD) == 302


def test_known_browser_is_limited_too(app: Flask, email: str) -> None:
    usual = new_client(app)
    assert try_password(usual, email, PASSWORD) == 302
    usual.delete_cookie("session")
    assert [try_password(usual, email, "wrong guess") for _ in range(11)] == [200] * 10 + [429]
    assert try_password(new_client(app), email, PASSWORD) == 302


def test_mark_of_another_account_helps_nobody(app: Flask, email: str) -> None:
    stranger = new_client(app)
    assert try_password(stranger, an_account(app, "observer"), PASSWORD) == 302
    stranger.delete_cookie("session")
    assert [try_password(stranger, email, "wrong guess") for _ in range(11)][-1] == 429
    forged = new_client(app)
    forged.set_cookie("known", "WyJhIiwiYiJd.forged")
    assert try_password(forged, email, PASSWORD) == 429


def test_unknown_account_is_limited_alike(app: Flask) -> None:
    address = f"{ids.public_id()}@example.org"
    tries = [try_password(new_client(app), address, "wrong guess") for _ in range(11)]
    assert tries == [200] * 10 + [429]


def test_lock_outs_leave_events_that_name_nobody(
    app: Flask, email: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs.logger, "propagate", True)
    stranger = new_client(app)
    with caplog.at_level(logging.INFO, "panel_app"):
        for _ in range(11):
            try_password(stranger, email, "wrong guess")
    # What hears the logger hears the root too: each event once.
    heard = {id(record): record for record in caplog.records if record.name == "panel_app"}
    kinds = Counter(record.getMessage() for record in heard.values())
    assert (kinds["tries.wrong"], kinds["tries.locked_out"]) == (10, 1)
    told = " ".join(str(vars(record)) for record in caplog.records)
    for secret in (email, ids.digest(email), "wrong guess"):
        assert secret not in told


def test_few_passwords_are_hashed_at_once_and_nobody_waits() -> None:
    inside, refused = [], []
    all_others_refused = threading.Event()

    def hash_one() -> None:
        try:
            with guessing.hashing():
                inside.append(1)
                all_others_refused.wait(30)
        except TooManyTries:
            refused.append(1)
            if len(refused) == 10 - guessing.AT_ONCE:
                all_others_refused.set()

    crowd = [threading.Thread(target=hash_one) for _ in range(10)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert (len(inside), len(refused)) == (guessing.AT_ONCE, 10 - guessing.AT_ONCE)


def test_flood_of_strangers_keeps_no_known_browser_out(app: Flask, email: str) -> None:
    owner = new_client(app)
    owner.submit("/staff/login", {"email": email, "password": PASSWORD})
    with contextlib.ExitStack() as flood:
        for _ in range(guessing.AT_ONCE):
            flood.enter_context(guessing.hashing())
        stranger = new_client(app).submit("/staff/login", {"email": email, "password": PASSWORD})
        assert stranger.status_code == 429
        again = owner.submit("/staff/verify", {"password": PASSWORD})
        assert again.status_code in {302, 303}


@pytest.mark.skipif(bool(POSTGRESQL), reason="SQLite has the one lock")
def test_wrong_password_needs_no_write_lock(app: Flask, email: str) -> None:
    """Otherwise whoever guesses passwords would hold up every vote."""
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    voter = sqlite3.connect(file, isolation_level=None)
    voter.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    assert try_password(new_client(app), email, "wrong guess") == 200
    assert time.monotonic() - started < 4
    voter.execute("ROLLBACK")
    voter.close()


def test_demoted_staff_are_refused_at_the_next_request(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        panel = make_panel()
        user = make_user("organiser", panel)
        db.session.commit()
        email, slug = user.email, panel.slug
    browser = sign_in(email)
    assert browser.get(f"/desk/{slug}/").status_code == 200
    with app.app_context():
        user = db.session.query(User).filter_by(email=email).one()
        take_role(given=user.staff_roles[0], actor="system")
        db.session.commit()
    assert browser.get(f"/desk/{slug}/").status_code == 404


def test_switched_off_account_is_out_at_once_and_stays_out(
    app: Flask, email: str, sign_in: SignIn
) -> None:
    browser = sign_in(email)
    with app.app_context():
        set_active(
            user=db.session.query(User).filter_by(email=email).one(), active=False, actor="system"
        )
        db.session.commit()
    assert not is_in(browser)
    assert try_password(new_client(app), email, PASSWORD) == 200


def test_changing_the_password_ends_other_sessions(app: Flask, email: str, sign_in: SignIn) -> None:
    browser, other = sign_in(email), sign_in(email)
    sent = {"password": PASSWORD, "new_password": "aaaaaaaaaaaaaaa",
            "new_password_confirm": "aaaaaaaaaaaaaaa"}  # fmt: skip
    refused = browser.submit("/staff/change", sent)
    assert "more different characters" in refused.text
    wrong = browser.submit("/staff/change", sent | {"password": "wrong password"})
    assert "The password is not right." in wrong.text
    fresh = "another long sentence"
    sent |= {"new_password": fresh, "new_password_confirm": fresh}
    assert browser.submit("/staff/change", sent).status_code == 302
    assert not is_in(other)
    assert is_in(browser)
    assert try_password(new_client(app), email, fresh) == 302


@pytest.mark.parametrize("path", ["/staff/tf-rescue", "/staff/tf-select", "/staff/fs-static/x.js"])
def test_pages_of_the_library_that_we_do_not_use_are_closed(
    email: str, sign_in: SignIn, path: str
) -> None:
    assert sign_in(email).get(path).status_code == 404
