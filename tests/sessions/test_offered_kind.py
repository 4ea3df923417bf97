"""A new kind of activity is one value: it works everywhere once a feature offers it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms import IntegerField

from panel_app.core.db import db
from panel_app.core.feature import offer
from panel_app.panels.models import Member
from panel_app.sessions.activities import Activity, ActivityForm
from panel_app.sessions.models import AgendaItem
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_members, make_panel
from tests.factories.sessions import make_session
from tests.factories.staff import make_user


class ClapForm(ActivityForm):
    """How often to clap."""

    times = IntegerField("Times", default=3)

    def settings(self) -> dict[str, int | None]:
        return {"times": self.times.data}


@pytest.fixture
def clapping(app: Flask) -> list[str]:
    happened: list[str] = []

    def noted(name: str) -> Callable[..., None]:
        return lambda item, **by: happened.append(name)

    def phone(item: AgendaItem, member: Member) -> Markup:
        return Markup("<p>Seat {}, clap {} times</p>").format(member.seat, item.settings["times"])

    offer(
        app,
        Activity(
            kind="clap",
            name="Clapping",
            settings=ClapForm,
            phone=phone,
            wall=lambda item: Markup("<p>Everyone claps</p>"),
            console=lambda item: Markup("<p>Loud enough?</p>"),
            snapshot=lambda item: {"claps": 42},
            added=noted("added"),
            opened=noted("opened"),
            closed=noted("closed"),
        ),
    )
    return happened


def test_offered_kind_works_on_phone_wall_and_console(
    app: Flask,
    clapping: list[str],
    join: Callable[[int], CheckedClient],
    sign_in: Callable[[str], CheckedClient],
) -> None:
    with app.app_context():
        panel = make_panel()
        member = make_members(panel, 1)[0].id
        session = make_session(panel).public_id
        email, slug = make_user("facilitator", panel).email, panel.slug
        db.session.commit()
    desk, phone = sign_in(email), join(member)
    console = f"/desk/{slug}/sessions/{session}"
    fields = {"title_en": "Applause", "activity-times": "7"}
    assert "Clapping" in text_of(desk.page(f"{console}/agenda"))
    desk.submit(f"{console}/items/new/clap", fields)
    desk.submit(f"{console}/", button="Next: Applause")
    assert "Seat 1, clap 7 times" in text_of(phone.page(f"/my/session/{session}"))
    assert "Everyone claps" in text_of(desk.page(f"{console}/wall"))
    assert "Loud enough?" in text_of(desk.page(f"{console}/"))
    desk.submit(f"{console}/", button="Close the round")
    with app.app_context():
        assert db.session.query(AgendaItem).one().snapshot == {"claps": 42}
    assert clapping == ["added", "opened", "closed"]
