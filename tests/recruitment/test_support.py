"""What would help members come: theirs to ask, the organiser's to answer, nobody else's to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels import next_steps
from panel_app.panels import services as panels
from panel_app.panels.models import Member, Panel
from panel_app.recruitment import roll, support
from panel_app.recruitment.models import Person, Support
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR
from tests.factories.sessions import make_session
from tests.factories.staff import make_user

LIST = "id,name,address\n1,Amina Begum,Flat 1\n2,Omar Said,Flat 2\n"


def coming_panel() -> Panel:
    """Return a panel of two who said yes, with a meeting to come; commits."""
    panel = make_panel(slug="hillgrove")
    panel.kind, panel.size = "roll", 0
    db.session.flush()
    roll.load_roll(panel=panel, source=LIST, actor=ACTOR)
    for member in panel.members:
        panels.confirm_seat(member=member, language="en")
    session = make_session(panel, is_open=False)
    session.starts_at, session.ends_at = (clock.now() + timedelta(days=d) for d in (7, 8))
    db.session.commit()
    return panel


def test_what_was_asked_is_kept_sealed_and_keeps_its_answer(app: Flask) -> None:
    with app.test_request_context():
        member = coming_panel().members[0]
        support.ask(member=member, kinds=["quiet", "childcare"], words="two children")
        support.answer(member=member, kind="childcare", state="promised", actor=ACTOR)
        support.ask(member=member, kinds=["childcare", "travel"], words="three children")
        asked = support.asked_by(member)
        assert dict(asked.needs) == {"travel": "asked", "childcare": "promised"}
        assert asked.words == "three children"
        sealed = db.session.scalars(select(Support.content)).one()
        assert b"child" not in sealed
        logged = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert logged is not None
        assert logged.action == "support.answered"
        assert logged.details == {}


def test_bad_answers_and_words_without_a_place_are_refused(app: Flask) -> None:
    with app.test_request_context():
        member = coming_panel().members[0]
        with pytest.raises(Refused):
            support.ask(member=member, kinds=["other"], words="")
        with pytest.raises(Conflict):
            support.answer(member=member, kind="travel", state="done", actor=ACTOR)


def test_members_are_asked_only_while_a_meeting_is_to_come(app: Flask) -> None:
    with app.test_request_context():
        panel = coming_panel()
        member = panel.members[0]
        titles = [str(step.title) for step in next_steps.of(member)]
        assert "What would help you come?" in titles
        later = make_panel()
        roll_less = db.session.scalars(select(Member).where(Member.panel_id == later.id)).all()
        assert roll_less == []
        member.state = "invited"
        assert list(support.of_member(member)) == []


def test_what_was_asked_goes_with_the_person(app: Flask) -> None:
    with app.test_request_context():
        member = coming_panel().members[0]
        support.ask(member=member, kinds=["hearing"], words="left ear")
        person = db.session.scalars(select(Person).where(Person.member_id == member.id)).one()
        assert "left ear" in str(support.told(person))
        support.forget(person)
        assert db.session.scalars(select(Support)).all() == []


def test_a_member_asks_and_reads_what_is_promised(
    app: Flask, sign_in: Any, join: Callable[[int], CheckedClient]
) -> None:
    with app.test_request_context():
        panel = coming_panel()
        first = panel.members[0].id
        organiser, looker = make_user("organiser").email, make_user("facilitator").email
        db.session.commit()
    phone = join(first)
    assert "/my/support" in phone.get("/my/").text
    empty = phone.submit("/my/support", {"kinds": ["other"], "words": ""})
    assert empty.status_code == 422
    sent = phone.submit("/my/support", {"kinds": ["interpreter"], "words": "Sylheti"})
    assert sent.status_code == 303
    desk: CheckedClient = sign_in(organiser)
    shown = text_of(desk.page("/desk/hillgrove/support"))
    assert "Sylheti" in shown
    assert "An interpreter: asked for" in shown
    assert desk.submit("/desk/hillgrove/support", action="/promised").status_code == 303
    assert "An interpreter: promised" in text_of(phone.page("/my/support"))
    assert "An interpreter: promised" in text_of(phone.page("/my/"))
    assert sign_in(looker).get("/desk/hillgrove/support").status_code == 403
