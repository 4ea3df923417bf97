"""Before an evening: what is ready, what isn't yet, and the card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.balloting import services as balloting
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.sessions.desk import readiness
from panel_app.sessions.models import Session
from tests.checked_client import CheckedClient, text_of
from tests.factories.budgets import make_ballot, make_small_pot
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


@pytest.fixture
def evening(app: Flask) -> str:
    """Return the address of a planned session with two parts of a quarter of an hour each."""
    with app.app_context():
        panel = make_panel()
        panel.languages = ["en"]
        make_members(panel, 6)
        session = make_session(panel, is_open=False)
        make_item(session, title="Welcome")
        make_item(session, title="Goodbye")
        user = make_user("observer", panel)
        db.session.commit()
        return f"{user.email} /desk/{panel.slug}/sessions/{session.public_id}"


def page(sign_in: SignIn, evening: str, name: str) -> str:
    email, address = evening.split(" ")
    return text_of(sign_in(email).page(f"{address}/{name}"))


def the_session() -> Session:
    return db.session.scalars(db.select(Session)).one()


def test_what_is_missing_is_named_with_where_to_mend_it(
    app: Flask, sign_in: SignIn, evening: str
) -> None:
    with app.app_context():
        session = the_session()
        session.ends_at = session.starts_at + timedelta(minutes=20)
        session.panel.languages = ["en", "bn"]
        db.session.commit()
    told = page(sign_in, evening, "ready")
    assert "The parts take 30 minutes, and the evening has 20." in told
    assert "Title, place or parts are not all there yet in: বাংলা." in told
    assert "6 people have a seat." in told


def test_nothing_is_missing_once_it_is_mended(
    app: Flask, sign_in: SignIn, evening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://hall.example")
    assert "You came by localhost, but the codes lead to" in page(sign_in, evening, "ready")
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://localhost")
    monkeypatch.setattr(readiness, "_ITSELF", frozenset())
    assert "What can be looked up from here is ready." in page(sign_in, evening, "ready")


def test_an_address_that_no_phone_reaches_is_named(
    app: Flask, sign_in: SignIn, evening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://127.0.0.1:8000")
    assert "which only this machine reaches" in page(sign_in, evening, "ready")


def test_a_ballot_that_could_not_open_is_named(app: Flask, sign_in: SignIn, evening: str) -> None:
    with app.app_context():
        session = the_session()
        empty = make_ballot(pot := make_small_pot(session.panel, projects=1))
        db.session.delete(pot.projects[0])
        ready = make_ballot(make_small_pot(session.panel, projects=2))
        over = make_ballot(make_small_pot(session.panel, projects=2))
        balloting.open_ballot(ballot=over, closes_at=None, actor=ACTOR)
        balloting.close_ballot(ballot=over, actor=ACTOR)
        for title, ballot in (("Empty", empty), ("Full", ready), ("Over", over)):
            make_item(session, title=title, kind="ballot", settings={"ballot": ballot.public_id})
        db.session.commit()
    told = page(sign_in, evening, "ready")
    assert "“Empty” can’t open yet. Add at least one project to the pot" in told
    assert "“Full” can open." in told
    assert "“Over” can’t open yet. Its ballot is over." in told


def test_the_card_says_when_each_part_begins(app: Flask, sign_in: SignIn, evening: str) -> None:
    with app.app_context():
        session = the_session()
        session.starts_at = clock.now().replace(hour=18, minute=30)
        session.title = Translated.of(en="An evening")
        begins = [part.begins - session.starts_at for part in readiness.plan(session)]
        assert begins == [timedelta(0), timedelta(minutes=15)]
        db.session.commit()
    told = page(sign_in, evening, "card")
    assert "Welcome" in told
    assert "Nothing: put them down" in told
