"""The finished panel that is shown as an example."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.panels.desk.path import PathStep
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.staff import make_user


def test_empty_desk_leads_to_a_finished_panel_with_every_step(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        email = make_user("organiser").email
        examples = [str(step.example) for step in offered(PathStep)]
        db.session.commit()
    desk = sign_in(email)
    assert "/desk/example" in desk.get("/desk/").text
    shown = text_of(desk.page("/desk/example"))
    assert "all figures are invented" in shown
    assert [words for words in examples if words not in shown] == []
