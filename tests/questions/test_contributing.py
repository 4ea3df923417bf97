"""The kind that CONTRIBUTING adds, run as it stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.deliberation.questions import queries
from panel_app.panels.models import Member
from panel_app.questions import kinds
from panel_app.questions.kinds.kind import Kind
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.deliberation import answer_question
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import ACTOR, make_session
from tests.factories.staff import make_user

CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
MOST_LINES = 60


def documented() -> str:
    """Return the module that the section on kinds of question shows."""
    section = CONTRIBUTING.read_text().split("## How to add a question kind")[1].split("\n## ")[0]
    found = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def time_of_day(monkeypatch: pytest.MonkeyPatch) -> type[Kind]:
    """Add the documented kind, for the length of a test."""
    made: dict[str, Any] = {"__name__": "panel_app.questions.kinds.time"}
    exec(documented(), made)
    kind: type[Kind] = made["TimeOfDay"]
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, kind))
    return kind


def test_it_is_short() -> None:
    assert documented().count("\n") + 1 < MOST_LINES


def test_it_is_written_put_previewed_answered_and_counted(
    app: Flask,
    time_of_day: type[Kind],
    sign_in: Callable[[User | str], CheckedClient],
    join: Callable[[int], CheckedClient],
) -> None:
    with app.app_context():
        panel = make_panel()
        members = [member.id for member in make_members(panel, 6)]
        session = make_session(panel)
        new = f"/desk/{panel.slug}/sessions/{session.public_id}/items/new/question"
        phone_path, email = (
            f"/my/session/{session.public_id}",
            make_user("facilitator", panel).email,
        )
        db.session.commit()
    desk = sign_in(email)
    made = desk.submit(new, {"title_en": "When shall we meet?", "activity-asks": time_of_day.name})
    assert made.status_code == 303
    editor = next(
        str(link.get("href"))
        for link in desk.page(made.headers["Location"]).iter("a")
        if "/questionnaires/" in (link.get("href") or "")
    )
    assert "Time of day" in text_of(desk.page(editor))
    another = desk.submit(f"{editor}/new/time", {"wording_en": "Until when?", "required": ""})
    assert another.status_code == 303
    preview = f"{editor}/preview"
    assert desk.submit(preview, {"q1": "half six"}, button="Try").status_code == 422
    assert "18:30" in desk.submit(preview, {"q1": "18.30", "q2": "20:00"}, button="Try").text
    with app.app_context():
        item = db.session.query(AgendaItem).one()
        sessions.open_item(item=item, actor=ACTOR)
        for member_id in members[1:]:
            answer_question(item, db.session.get_one(Member, member_id), q1="18:15")
        db.session.commit()
    phone = join(members[0])
    shown = phone.page(phone_path)
    assert any(field.get("type") == "time" for field in shown.iter("input"))
    sent = {"q1": "18:45", "q2": "20:00"}
    assert phone.submit(phone_path, sent, action="/answer").status_code == 303
    with app.app_context():
        item = db.session.query(AgendaItem).one()
        sessions.close_item(item=item, actor=ACTOR)
        sessions.reveal(item=item, actor=ACTOR)
        assert queries.counts(item)["questions"]["q1"]["rows"] == [["18", 6, 6, 6]]
        db.session.commit()
    assert "6 of 6" in text_of(phone.page(phone_path))
