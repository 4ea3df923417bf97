"""A panel's home: each step says how it stands, and one button is the next thing to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session
from tests.factories.staff import make_user


@pytest.fixture
def desk(app: Flask, sign_in: Callable[[str], CheckedClient]) -> CheckedClient:
    with app.app_context():
        panel = make_panel()
        panel.slug = "hillgrove"
        email = make_user("organiser", panel).email
        db.session.commit()
    return sign_in(email)


def hillgrove() -> Panel:
    return db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()


def test_empty_panel_begins_with_its_targets(desk: CheckedClient) -> None:
    page = desk.page("/desk/hillgrove/")
    filled = [e for e in page.iter("a") if e.get("class") == "btn"]
    assert [text_of(e) for e in filled] == ["Set the targets"]
    assert "Nothing is due." in text_of(page)


def test_letters_without_an_answer_are_the_next_step(app: Flask, desk: CheckedClient) -> None:
    with app.app_context():
        panel = hillgrove()
        members = make_members(panel, 3)
        for member, state in zip(members, ("confirmed", "declined", "invited"), strict=True):
            member.state = state
        panel.sender = ""
        db.session.commit()
    words = text_of(desk.page("/desk/hillgrove/"))
    assert "1 of 3 said yes." in words
    assert "yes 1" in words
    assert "not coming 1" in words
    assert "The sender’s name and address on the letters" in words


def test_dates_of_the_week_and_no_others_are_named(app: Flask, desk: CheckedClient) -> None:
    with app.app_context():
        panel = hillgrove()
        for days in (2, 30):
            session = make_session(panel)
            session.state, session.starts_at = "planned", clock.now() + timedelta(days=days)
            session.title = Translated.of("en", en=f"Evening in {days} days")
        db.session.commit()
    words = text_of(desk.page("/desk/hillgrove/"))
    assert "Evening in 2 days" in words
    assert "Evening in 30 days" not in words
