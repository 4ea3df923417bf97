"""The way back to the session, on the pages of whoever is in it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import event

from panel_app.core.db import db
from panel_app.sessions import queries
from tests.factories.panels import make_panel
from tests.factories.sessions import make_item, make_session


def test_session_and_its_parts_are_read_in_one_query(app: Flask) -> None:
    asked: list[object] = []

    def count(*statement: object) -> None:
        asked.append(statement)

    with app.test_request_context():
        panel = make_panel()
        session = make_session(panel)
        for _ in range(2):
            make_item(session)
        db.session.commit()
        panel_id = panel.id
        db.session.expunge_all()
        event.listen(db.engine, "before_cursor_execute", count)
        found = queries.with_open_doors(panel_id)
        assert found is not None
        assert len(found.items) == 2
        queries.on_screen(found)
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 1
