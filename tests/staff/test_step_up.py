"""The gravest acts ask for the password again, and are not done meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.staff.models import StaffRole, User
from panel_app.staff.step_up import FRESH
from tests.checked_client import CheckedClient
from tests.factories.balloting import Vote, make_vote, the_ballot
from tests.factories.staff import PASSWORD, make_user

SignIn = Callable[[User | str], CheckedClient]
Later = Callable[[], None]


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(app)


@pytest.fixture
def organiser(app: Flask, vote: Vote, sign_in: SignIn) -> CheckedClient:
    """Return the browser of an organiser who has just signed in."""
    with app.app_context():
        panel = db.session.query(Panel).filter_by(slug=vote.panel_slug).one()
        email = make_user("organiser", panel).email
        db.session.commit()
    return sign_in(email)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Return what lets the time pass in which a password counts as just typed."""

    def pass_() -> None:
        now = clock.now() + FRESH + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: now)

    return pass_


@pytest.mark.parametrize("path", ["ballots/{}/close", "letters/print", "letters/print?from=20"])
def test_grave_page_asks_for_the_password_and_leads_back(
    organiser: CheckedClient, vote: Vote, later: Later, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/desk/{vote.panel_slug}/{path.format(vote.public_id)}"
    assert organiser.get(path).status_code == 200
    later()
    asked = organiser.get(path)
    assert (asked.status_code, asked.headers["Location"][:14]) == (303, "/staff/verify?")
    right = organiser.submit(asked.headers["Location"], {"password": PASSWORD})
    assert right.headers["Location"] == path


def test_ballot_stays_open_until_the_password_is_typed(
    app: Flask, organiser: CheckedClient, vote: Vote, later: Later
) -> None:
    token = organiser.page(f"{vote.desk}/close").find(".//input[@name='csrf_token']")
    assert token is not None
    later()
    answer = organiser.post(f"{vote.desk}/close", data={"csrf_token": token.get("value")})
    assert answer.headers["Location"] == f"/staff/verify?next={vote.desk}/close"
    with app.app_context():
        assert the_ballot(vote).state == "open"


def test_nobody_is_given_or_takes_a_role_until_the_password_is_typed(
    app: Flask, organiser: CheckedClient, vote: Vote, later: Later
) -> None:
    page = f"/desk/{vote.panel_slug}/staff"
    facts = {"email": "new@example.org", "name": "New", "role": "observer", "password": PASSWORD}
    token = organiser.page(page).find(".//input[@name='csrf_token']")
    assert token is not None
    sent = {"csrf_token": token.get("value"), **facts}
    with app.app_context():
        [before] = roles = db.session.query(StaffRole).all()
        number = before.id
    later()
    assert "password" in organiser.post(page, data=sent).text
    removed = organiser.post(f"{page}/{number}/remove", data={"csrf_token": token.get("value")})
    assert removed.headers["Location"].startswith("/staff/verify")
    with app.app_context():
        assert db.session.query(StaffRole).count() == len(roles)
