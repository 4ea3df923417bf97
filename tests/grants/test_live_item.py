"""Deciding a round in a session: console, phones and wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.casework.models import Case
from panel_app.core.db import db
from panel_app.grants import rounds
from panel_app.grants.models import Programme, Round
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.sessions.models import AgendaItem
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import make_application, make_programme, make_round
from tests.factories.sessions import make_item, make_session
from tests.grants.conftest import Scene


@dataclass(frozen=True)
class Evening:
    """A session with the grants item open; two applications are in the round."""

    phone: str
    console: str
    wall: str
    item: int
    item_id: str
    topic: str
    applications: list[str]


@pytest.fixture
def evening(app: Flask, scene: Scene) -> Evening:
    """Open a session on the scene's round."""
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        titles = ("Breakfast club", "Lantern walk")
        sent = [make_application(programme, title={"title": title}) for title in titles]
        session = make_session(db.session.get_one(Panel, scene.panel))
        item = make_item(session, kind="grants", settings={"round": scene.round_id}, is_open=True)
        db.session.commit()
        desk = f"/desk/{scene.slug}/sessions/{session.public_id}"
        return Evening(
            f"/my/session/{session.public_id}",
            f"{desk}/",
            f"{desk}/wall",
            item.id,
            item.public_id,
            session.topic,
            [application.public_id for application in sent],
        )


def test_first_application_is_on_the_table_when_the_item_opens(
    evening: Evening, scene: Scene, join: Callable[[int], CheckedClient]
) -> None:
    shown = text_of(join(scene.members[0]).page(evening.phone))
    assert "Breakfast club" in shown
    assert "Do you have a connection" in shown
    assert "free breakfast for 25" not in shown


def test_whole_evening_from_declaration_to_result(
    app: Flask,
    evening: Evening,
    scene: Scene,
    join: Callable[[int], CheckedClient],
    enter: Callable[[Role], CheckedClient],
) -> None:
    desk = enter("facilitator")
    phones = [join(number) for number in scene.members[:4]]
    for phone in phones[:3]:
        answer = phone.submit(evening.phone, {"level": "none"}, action="connection")
        assert answer.headers["Location"] == evening.phone
    phones[3].submit(evening.phone, {"level": "direct"}, action="connection")
    answer = desk.submit(evening.console, button="Open the vote")
    assert answer.headers["Location"] == evening.console
    for phone in phones[:3]:
        assert "more than half of those who vote" in text_of(phone.page(evening.phone))
        phone.submit(evening.phone, {"outcome": "part", "amount": "1000"}, action="vote")
        assert "Your vote is in" in text_of(phone.page(evening.phone))
    stays_out = text_of(phones[3].page(evening.phone))
    assert "You stay out" in stays_out
    assert "What should we decide?" not in stays_out
    wall = text_of(desk.page(evening.wall))
    assert "3 of 5 have voted" in wall
    assert "Fund part" not in wall
    desk.submit(evening.console, button="Close the vote")
    assert "The votes say: Fund part of it, £1,000." in text_of(desk.page(evening.console))
    path = (
        f"/desk/{scene.slug}/grants/applications/{evening.applications[0]}?next={evening.console}"
    )
    sent = {"outcome": "part", "reason": "Start with half of it"}
    answer = desk.submit(path, sent, action="decision")
    assert answer.headers["Location"] == evening.console
    for page in (desk.page(evening.wall), phones[0].page(evening.phone)):
        assert "Funded in part: £1,000" in text_of(page)
    assert "£9,000" in text_of(desk.page(evening.wall))
    assert "Quillfeather" not in text_of(desk.page(evening.wall))


def test_facilitator_steps_on_but_not_during_a_vote(
    evening: Evening, enter: Callable[[Role], CheckedClient]
) -> None:
    desk = enter("facilitator")
    desk.submit(evening.console, action=evening.applications[1])
    assert "Lantern walk" in text_of(desk.page(evening.wall))
    desk.submit(evening.console, button="Open the vote")
    page = desk.page(evening.console)
    assert not [f for f in page.iter("form") if "/grants/live/" in (f.get("action") or "")]


def test_other_rounds_application_is_not_there(
    app: Flask, evening: Evening, scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        programme = make_programme(db.session.get_one(Panel, scene.panel))
        make_round(programme)
        other = make_application(programme).public_id
        db.session.commit()
    desk = enter("facilitator")
    key = desk.token_on(evening.console)
    for item in (evening.item_id, "nothing"):
        path = f"/desk/{scene.slug}/grants/live/{item}/{other}"
        assert desk.post(path, data={"csrf_token": key}).status_code == 404


def test_a_vote_moves_the_sessions_version(
    app: Flask, evening: Evening, scene: Scene, join: Callable[[int], CheckedClient]
) -> None:
    with app.app_context():
        before = versions.current(evening.topic)
    join(scene.members[0]).submit(evening.phone, {"level": "none"}, action="connection")
    with app.app_context():
        assert versions.current(evening.topic) > before


def test_closing_the_item_closes_the_vote_and_keeps_results(
    app: Flask, evening: Evening, enter: Callable[[Role], CheckedClient]
) -> None:
    desk = enter("facilitator")
    desk.submit(evening.console, button="Open the vote")
    desk.submit(evening.console, action="/close", button="Close the round")
    with app.app_context():
        item = db.session.get_one(AgendaItem, evening.item)
        assert item.snapshot
        assert item.snapshot["decided"] == []
        assert item.snapshot["left"] == 1_000_000
        assert not [case for case in db.session.scalars(select(Case)) if case.voting]


def test_an_application_that_moved_on_leaves_the_table(
    app: Flask, evening: Evening, scene: Scene, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        make_round(db.session.get_one(Programme, scene.programme), closes_in=21)
        before = versions.current(evening.topic)
        rounds.close_round(round_=db.session.get_one(Round, scene.round), actor="staff:test")
        db.session.commit()
        assert versions.current(evening.topic) > before
    assert "Breakfast club" not in text_of(enter("facilitator").page(evening.wall))


def test_settings_offer_the_panels_rounds(
    scene: Scene, evening: Evening, enter: Callable[[Role], CheckedClient]
) -> None:
    desk = enter("facilitator")
    page = desk.page(evening.console.rstrip("/") + "/items/new/grants")
    assert "Small grants, round 1" in text_of(page)
