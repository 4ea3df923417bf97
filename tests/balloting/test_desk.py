"""Ballots on the desk: opened and closed in a second step, naming nobody."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.core import ids
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, the_ballot
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


def desk_phone(app: Flask, sign_in: SignIn, role: Role) -> CheckedClient:
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        email = make_user(role, panel).email
        db.session.commit()
    return sign_in(email)


def test_facilitator_closes_in_a_second_step(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "facilitator")
    with app.app_context():
        for member in vote.members[:3]:
            cast(vote, member, vote.projects[:1])
    shown = text_of(desk.page(vote.desk))
    assert "Voted so farfewer than five of 6" in shown
    asked = text_of(desk.page(f"{vote.desk}/close"))
    assert "Fewer than five have voted so far" in asked
    assert "destroyed uncounted" in asked
    with app.app_context():
        assert the_ballot(vote).state == "open"
    assert desk.submit(f"{vote.desk}/close", button="Close and count").status_code == 303
    with app.app_context():
        assert the_ballot(vote).state == "closed"
        assert the_ballot(vote).cleaned
    closed = text_of(desk.page(vote.desk))
    assert "fewer than five of 6" in closed
    assert "Closed and counted" not in closed


def test_opening_refuses_a_time_in_the_past_and_keeps_it_typed(
    app: Flask, sign_in: SignIn, vote: Vote
) -> None:
    desk = desk_phone(app, sign_in, "organiser")
    with app.app_context():
        db.session.execute(Ballot.__table__.update().values(state="draft"))  # type: ignore[attr-defined]
        db.session.commit()
    refused = desk.submit(f"{vote.desk}/open", {"closes_at": "2020-01-01T10:00"})
    assert refused.status_code == 422
    assert "2020-01-01T10:00" in refused.text
    opened = desk.submit(f"{vote.desk}/open", {"closes_at": "2099-01-01T10:00"})
    assert opened.status_code == 303
    with app.app_context():
        assert the_ballot(vote).closes_at is not None


def test_observer_sees_turnout_and_may_do_nothing(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "observer")
    page = desk.page(vote.desk)
    assert not [a for a in page.iter("a") if "/close" in (a.get("href") or "")]
    assert desk.get(f"{vote.desk}/close").status_code == 403
    assert desk.get(f"{vote.desk}/open").status_code == 403


def test_desk_names_nobody(app: Flask, sign_in: SignIn, vote: Vote) -> None:
    desk = desk_phone(app, sign_in, "organiser")
    with app.app_context():
        made = cast(vote, vote.members[0], vote.projects[:1])
        secrets = [made.tracker, made.nonce, made.commitment, ids.spell(made.tracker)]
    assert not [secret for secret in secrets if secret in desk.get(vote.desk).text]
    # The words alone: a random code may spell anything.
    assert "seat" not in text_of(desk.page(vote.desk)).lower()
