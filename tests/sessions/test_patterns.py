"""Agendas to start from: kept, copied, shared as files, planned on many panels at once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile, Refused
from panel_app.core.translated import Translated
from panel_app.deliberation.questions.queries import live_question
from panel_app.panels.models import Panel
from panel_app.sessions import patterns
from panel_app.sessions.first_agendas import AGENDAS
from panel_app.sessions.models import Session, SessionTemplate
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.factories.deliberation import make_asking, make_round, make_tables
from tests.factories.panels import make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[User | str], CheckedClient]


def _evening(panel: Panel) -> Session:
    session = make_session(panel, is_open=False)
    make_item(session)
    make_asking(session, is_open=False)
    make_round(session, is_open=False)
    make_tables(session, is_open=False, together="1, 2")
    return session


def _plan(pattern: patterns.Pattern, panel: Panel) -> Session:
    title, place = Translated.of(en="Again"), Translated.of(en="Hall")
    return patterns.plan(
        pattern=pattern,
        panel=panel,
        title=title,
        place=place,
        starts_at=clock.now(),
        actor=ACTOR,
    )


def test_an_evening_travels_as_a_file_and_asks_the_same(app: Flask) -> None:
    with app.app_context():
        session = _evening(make_panel())
        text = json.dumps(patterns.of_session(session).to_json())
        again = _plan(patterns.read(text.encode()), make_panel())
        assert patterns.of_session(again).to_json()["parts"] == json.loads(text)["parts"]
        asked = [live_question(one.items[1]) for one in (session, again)]
        wordings = [
            [str(q.wording) for q in live.questionnaire.newest.questions] for live in asked if live
        ]
        assert wordings[0] == wordings[1] != []
        assert "together" not in again.items[3].settings
        db.session.rollback()


@pytest.mark.parametrize("key", sorted(AGENDAS))
def test_each_agenda_of_the_house_can_be_planned_and_shared(app: Flask, key: str) -> None:
    with app.app_context(), app.test_request_context():
        pattern = patterns.called(key)
        assert patterns.read(json.dumps(pattern.to_json()).encode()) == pattern
        session = _plan(pattern, make_panel())
        assert [str(item.title) for item in session.items] == [str(p.title) for p in pattern.parts]
        assert session.ends_at - session.starts_at == timedelta(minutes=pattern.minutes)


def test_every_fault_of_a_file_is_named(app: Flask) -> None:
    with app.app_context(), app.test_request_context():
        wrong = {
            "format": patterns.FORMAT,
            "version": 9,
            "title": {},
            "parts": [
                {"title": {"en": "Fine"}, "minutes": 10},
                {"title": {"en": ""}, "minutes": 0},
                {"title": {"en": "X"}, "minutes": 5, "kind": "ballot"},
                {"title": {"en": "X"}, "minutes": 5, "kind": "question", "settings": {"a": 1}},
                {"title": {"en": "X"}, "minutes": 5, "kind": "tables", "settings": {"size": 900}},
                7,
            ],
        }
        with pytest.raises(FaultyFile) as refused:
            patterns.read(json.dumps(wrong).encode())
        faults = refused.value.faults
        assert len(faults) == 8
        assert sorted({fault[:6] for fault in faults if fault.startswith("Part")}) == [
            f"Part {number}" for number in (2, 3, 4, 5, 6)
        ]
        part = {"title": {"en": "X"}, "minutes": 5}
        odd = {"format": patterns.FORMAT, "version": 1, "parts": [part]}
        assert patterns.read(json.dumps({**odd, "title": {"cls": "X"}}).encode()).parts
        strange = json.dumps({**odd, "title": {"x" * 11: "X"}}).encode()
        for content in (b"", b"[]", b"{", b'{"format": "other"}', b"[" * 400_000, strange):
            with pytest.raises(FaultyFile):
                patterns.read(content)


def test_ten_areas_are_planned_at_once_and_held_side_by_side(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        areas = [make_panel(slug=f"area-{number}") for number in range(10)]
        email = make_user("organiser").email
        chosen = [panel.public_id for panel in areas]
        db.session.commit()
    desk = sign_in(email)
    page = "/desk/area-0/sessions/templates/three-steps"
    fields = {
        "title_en": "Our area",
        "place_en": "Hall",
        "starts_at": "2027-01-14T18:30",
        "panels": chosen,
    }
    assert desk.submit(page, fields, button="Plan it").status_code == 303
    with app.app_context():
        sessions = db.session.scalars(select(Session)).all()
        assert len(sessions) == 10
        assert len({session.series for session in sessions}) == 1
        assert {len(session.items) for session in sessions} == {6}
        [here] = [one.public_id for one in sessions if one.panel.slug == "area-0"]
        address = f"/desk/area-0/sessions/{here}/side-by-side"
    shown = desk.get(address).text
    assert shown.count('<tr><th scope="row">') == 10
    assert "What is this area like?" in shown


def test_a_session_is_planned_again_as_a_series(app: Flask) -> None:
    with app.app_context():
        session = _evening(make_panel())
        made = patterns.repeat(session=session, times=3, weeks=2, actor=ACTOR)
        assert [one.starts_at - session.starts_at for one in made] == [
            timedelta(weeks=weeks) for weeks in (2, 4, 6)
        ]
        assert {len(one.items) for one in made} == {4}
        with pytest.raises(Refused):
            patterns.repeat(session=session, times=31, weeks=2, actor=ACTOR)


def test_an_agenda_is_kept_downloaded_read_again_and_removed(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        panel = make_panel(slug="hall")
        session = _evening(panel)
        agenda = f"/desk/hall/sessions/{session.public_id}/agenda"
        email = make_user("organiser", panel).email
        db.session.commit()
    desk, page = sign_in(email), "/desk/hall/sessions/templates"
    desk.submit(agenda, {}, action="/keep")
    with app.app_context():
        key = db.session.scalars(select(SessionTemplate.public_id)).one()
    content = desk.get(f"{page}/{key}.json").data
    desk.submit(page, {"file": (io.BytesIO(content), "a.json")}, button="Keep it as a template")
    with app.app_context():
        kept = db.session.scalars(select(SessionTemplate)).all()
        assert kept[0].body == kept[1].body
    wrong = desk.submit(page, {"file": (io.BytesIO(b"x"), "a.json")}, button="Keep it")
    assert wrong.status_code == 422
    desk.submit(page, {}, action=f"{key}/remove")
    desk.submit(agenda, {}, action="/copy")
    with app.app_context():
        assert len(db.session.scalars(select(SessionTemplate)).all()) == 1
        assert len(db.session.scalars(select(Session)).one().items) == 5
