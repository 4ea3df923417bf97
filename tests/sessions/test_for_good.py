"""What can't be undone is asked about first; everything else can be taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from markupsafe import Markup

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.feature import offer
from panel_app.sessions import services
from panel_app.sessions.activities import Activity, ActivityForm
from panel_app.sessions.models import AgendaItem
from panel_app.staff.step_up import FRESH
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

QUESTION = "can’t be opened again"


class Desk:
    """A facilitator at the console of a session: Seal, which closes for good, then Talk."""

    def __init__(self, app: Flask, sign_in: Callable[[str], CheckedClient]) -> None:
        with app.app_context():
            panel = make_panel()
            session, email = make_session(panel), make_user("facilitator", panel).email
            seal = make_item(session, title="Seal", kind="seal")
            make_item(session, title="Talk")
            services.open_item(item=seal, actor=ACTOR)
            self.console = f"/desk/{panel.slug}/sessions/{session.public_id}/"
            self.items = f"/desk/{panel.slug}/items"
            db.session.commit()
        self.browser, self.app = sign_in(email), app

    def press(self, button: str) -> str:
        """Press a button of the console; return the answer's text."""
        return self.browser.submit(self.console, button=button).text

    def states(self) -> list[str]:
        """Return how the parts stand, in order."""
        with self.app.app_context():
            query = db.session.query(AgendaItem).order_by(AgendaItem.position)
            return [item.state for item in query]


@pytest.fixture
def desk(app: Flask, sign_in: Callable[[str], CheckedClient]) -> Desk:
    offer(
        app,
        Activity(
            kind="seal",
            name="Sealing",
            settings=ActivityForm,
            phone=lambda item, member: Markup(""),
            wall=lambda item: Markup(""),
            console=lambda item: Markup(""),
            snapshot=lambda item: {},
            opens_again="never",
        ),
    )
    return Desk(app, sign_in)


@pytest.mark.parametrize(
    ("button", "afterwards"),
    [("Close the round", ["closed", "waiting"]), ("Next: Talk", ["closed", "open"])],
)
def test_pressing_what_closes_for_good_asks_first(
    desk: Desk, button: str, afterwards: list[str]
) -> None:
    assert QUESTION in desk.press(button)
    assert desk.states() == ["open", "waiting"]
    number = {"Close the round": 0, "Next: Talk": 1}[button]
    with desk.app.app_context():
        item = db.session.query(AgendaItem).order_by(AgendaItem.position).all()[number]
        action = f"{desk.items}/{item.public_id}/{'open' if number else 'close'}"
    token = desk.browser.token_on(desk.console)
    answer = desk.browser.post(action, data={"csrf_token": token, "sure": "1"})
    assert answer.status_code == 303
    assert desk.states() == afterwards
    shown = text_of(desk.browser.page(desk.console))
    assert "Open it again" not in shown
    assert "Back to" not in shown


def test_ending_the_session_warns_of_it(desk: Desk) -> None:
    assert QUESTION in text_of(desk.browser.page(f"{desk.console}close"))


def test_what_opens_again_is_gone_back_to(desk: Desk) -> None:
    with desk.app.app_context():
        session = db.session.query(AgendaItem).first().session  # type: ignore[union-attr]
        talk, question = session.items[1], make_item(session, title="Question")
        services.open_item(item=talk, actor=ACTOR)
        services.open_item(item=question, actor=ACTOR)
        db.session.commit()
    desk.press("Back to: Talk")
    assert desk.states() == ["closed", "open", "closed"]


@pytest.mark.parametrize("button", ["Close the round", "Next: Talk", "End the session…"])
def test_closing_for_good_asks_for_the_password_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    later = clock.now() + FRESH + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    token = desk.browser.token_on(desk.console)
    with desk.app.app_context():
        seal, talk = db.session.query(AgendaItem).order_by(AgendaItem.position)
        address = {
            "Close the round": f"{desk.items}/{seal.public_id}/close",
            "Next: Talk": f"{desk.items}/{talk.public_id}/open",
            "End the session…": f"{desk.console}close",
        }[button]
    asked = desk.browser.post(address, data={"csrf_token": token, "sure": "1"})
    assert asked.status_code == 303
    assert "/staff/verify" in asked.headers["Location"]
    assert desk.states() == ["open", "waiting"]
