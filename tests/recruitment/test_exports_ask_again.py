"""Whoever exports people types the password again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.staff.models import User
from panel_app.staff.step_up import FRESH
from tests.checked_client import CheckedClient
from tests.factories.panels import make_panel
from tests.factories.staff import make_user


def test_csv_of_the_pool_asks_for_the_password_again(
    app: Flask,
    sign_in: Callable[[User | str], CheckedClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with app.app_context():
        panel = make_panel()
        slug, email = panel.slug, make_user("organiser", panel).email
        db.session.commit()
    desk = sign_in(email)
    assert desk.get(f"/desk/{slug}/pool?as=csv").mimetype == "text/csv"
    later = clock.now() + FRESH + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    asked = desk.get(f"/desk/{slug}/pool?as=csv")
    assert asked.status_code == 303
    assert "/staff/verify" in asked.location
    assert desk.get(f"/desk/{slug}/pool").status_code == 200
