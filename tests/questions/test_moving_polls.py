"""Polls of before keep their question, answers and result; and back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from panel_app.core.db import db
from panel_app.deliberation.questions import queries
from panel_app.panels.models import Member
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from tests.conftest import POSTGRESQL
from tests.factories.deliberation import answer_question, make_asking
from tests.factories.panels import make_members, make_panel
from tests.factories.questions import make_question
from tests.factories.sessions import ACTOR, make_session

pytestmark = pytest.mark.skipif(bool(POSTGRESQL), reason="its database would be another's")


def test_polls_become_questions_and_polls_again(app: Flask) -> None:
    with app.app_context():
        panel = make_panel()
        members = make_members(panel, 12)
        session = make_session(panel)
        choice = make_asking(session, by_seat=True)
        for place, member in enumerate(members):
            answer_question(choice, member, q1="ab"[place % 2])
        sessions.close_item(item=choice, actor=ACTOR)
        waiting = make_asking(session, by_seat=True, is_open=False)
        other = make_asking(session, make_question("scale"), is_open=False)
        ids, first = (choice.id, waiting.id, other.id), members[0].id
        db.session.commit()
        downgrade(revision="20261126_questions")
        kinds = db.session.execute(text("SELECT kind FROM agenda_item ORDER BY id"))
        assert [kind for (kind,) in kinds] == ["poll", "poll", None]
        chosen = "SELECT o.position, count(*) FROM poll_answer a JOIN poll_option o"
        counts = db.session.execute(text(f"{chosen} ON o.id = a.option_id GROUP BY o.position"))
        assert {tuple(row) for row in counts} == {(1, 6), (2, 6)}
        db.session.remove()
        upgrade()
        after = db.session.get_one(AgendaItem, ids[0])
        assert after.snapshot is not None
        assert after.snapshot["answers"] == 12
        rows = after.snapshot["questions"]["q1"]["rows"]
        assert [row[1] for row in rows] == [6, 6, 0]
        put = queries.put_in(after)
        assert [str(option.wording) for option in put.questions[0].options] == [
            "Mondays",
            "Tuesdays",
            "Never",
        ]
        assert queries.results(put)[0].rows[0].row.low == 6
        assert queries.people(after) == 12
        given = queries.given_by(put, db.session.get_one(Member, first))
        assert given is not None
        assert given.answers == {"q1": "o1"}
        assert queries.live_question(db.session.get_one(AgendaItem, ids[1])) is not None
