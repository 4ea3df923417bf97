"""The public minutes: what was on at a session that is over, and what was shown of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select

from panel_app.core.db import db
from panel_app.sessions.models import AgendaItem, Attendance, Session
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client

#: Of the demo's panels, the one that is drawn.
OF_THE_PANEL = Session.panel.has(slug="hillgrove")


def address(app: Flask, *, state: str = "closed") -> str:
    """Return the address of the minutes of the session in a state."""
    with app.app_context():
        session = db.session.scalars(
            select(Session).where(Session.state == state, OF_THE_PANEL)
        ).one()
        return f"/p/hillgrove/minutes/{session.public_id}"


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_minutes_in_every_language(hillgrove: Flask, language: str) -> None:
    anyone = new_client(hillgrove)
    for path in (address(hillgrove), "/p/hillgrove/minutes", "/p/hillgrove/ballots"):
        assert anyone.page(f"{path}?l={language}").get("lang") == language


def test_the_public_page_leads_to_the_minutes(hillgrove: Flask) -> None:
    anyone = new_client(hillgrove)
    path = address(hillgrove)
    assert path in anyone.get("/p/hillgrove/").text
    assert path in anyone.get("/p/hillgrove/minutes").text


def test_minutes_show_results_in_words_and_pictures(hillgrove: Flask) -> None:
    shown = new_client(hillgrove).page(address(hillgrove))
    words = text_of(shown)
    assert "Who came" in words
    assert "people took part" in words
    assert "of 20" in words
    assert "of 20 agree" in words
    assert "on average" in words or "not shown" in words
    assert shown.findall(".//{*}svg")


def test_what_was_not_shown_is_not_in_the_minutes(hillgrove: Flask) -> None:
    path = address(hillgrove)
    with hillgrove.app_context():
        for item in db.session.scalars(select(AgendaItem)):
            item.revealed = False
        db.session.commit()
    words = text_of(new_client(hillgrove).page(path))
    assert "took part" not in words
    assert "of 20" not in words


def test_few_who_came_are_not_counted_out(hillgrove: Flask) -> None:
    path = address(hillgrove)
    with hillgrove.app_context():
        held = select(Session.id).where(Session.state == "closed", OF_THE_PANEL).scalar_subquery()
        came = db.session.scalars(select(Attendance.id).where(Attendance.session_id == held)).all()
        db.session.execute(delete(Attendance).where(Attendance.id.in_(came[3:])))
        db.session.commit()
    assert "fewer than five" in text_of(new_client(hillgrove).page(path))


def test_a_session_that_goes_on_has_no_minutes(hillgrove: Flask) -> None:
    anyone: CheckedClient = new_client(hillgrove)
    assert anyone.get(address(hillgrove, state="open")).status_code == 404
    assert anyone.get("/p/hillgrove/minutes/nothing").status_code == 404
