"""What a part of an agenda needs is made on the way; no part is moved where nobody reaches it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.sessions import queries, services
from panel_app.sessions.models import Session
from tests.checked_client import CheckedClient, parse, text_of
from tests.factories.budgets import make_pot
from tests.factories.panels import make_panel
from tests.factories.sessions import ACTOR, make_item, make_session
from tests.factories.staff import make_user

SignIn = Callable[[str], CheckedClient]


class Desk:
    """A panel with a session, and nothing that an agenda could be about."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            panel = make_panel()
            session = make_session(panel, is_open=False)
            self.slug, self.session = panel.slug, session.public_id
            self.organiser = make_user("organiser", panel).email
            self.facilitator = make_user("facilitator", panel).email
            db.session.commit()

    def part(self, kind: str) -> str:
        return f"/desk/{self.slug}/sessions/{self.session}/items/new/{kind}"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def led_back(page: CheckedClient, path: str, to: str) -> bool:
    """Whether a page of the desk leads back to the part that something is made for."""
    return to in {link.get("href") for link in parse(page.get(path).text).iter("a")}


def test_ballot_is_made_on_the_way_from_the_agenda(desk: Desk, sign_in: SignIn) -> None:
    browser, part, home = sign_in(desk.organiser), desk.part("ballot"), f"/desk/{desk.slug}/"
    assert "there is no pot yet" in browser.get(part).text
    pots = browser.submit(part, action="/first")
    assert pots.headers["Location"] == f"{home}pots/new"
    assert led_back(browser, pots.headers["Location"], part)
    pot = browser.submit(f"{home}pots/new", {"name_en": "Estate", "amount": "1000"})
    page = pot.headers["Location"]
    assert led_back(browser, page, part)
    assert browser.submit(part, action="/first").headers["Location"] == page
    words = {"title_en": "Lamps", "summary_en": "Lamps.", "cost": "500"}
    browser.submit(f"{page}/projects/new", words)
    browser.submit(f"{page}/ballots/new", {"question_en": "Which?"})
    assert led_back(browser, page, part)
    added = browser.submit(part, {"title_en": "The vote", "minutes": "10"})
    assert added.headers["Location"].endswith("/agenda")
    assert not led_back(browser, page, part)


def test_round_is_made_on_the_way_from_the_agenda(desk: Desk, sign_in: SignIn) -> None:
    browser, part = sign_in(desk.organiser), desk.part("grants")
    assert "there is no programme yet" in browser.get(part).text
    made = browser.submit(part, action="/first").headers["Location"]
    assert made.endswith("/programmes/new")
    assert led_back(browser, made, part)


@pytest.mark.parametrize("kind", ["ballot", "grants"])
def test_facilitator_is_told_who_can_make_it(desk: Desk, sign_in: SignIn, kind: str) -> None:
    browser = sign_in(desk.facilitator)
    page = browser.page(desk.part(kind))
    assert "An organiser of the panel can make it" in text_of(page)
    token = browser.token_on(f"/desk/{desk.slug}/sessions/new")
    answer = browser.post(f"{desk.part(kind)}/first", data={"csrf_token": token})
    assert answer.status_code == 403


def test_pot_of_another_panel_is_none_of_ours(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    with app.app_context():
        make_pot(make_panel())
        db.session.commit()
    assert "there is no pot yet" in sign_in(desk.organiser).get(desk.part("ballot")).text


def test_no_part_is_moved_before_one_that_was_on(app: Flask) -> None:
    with app.app_context():
        session = make_session(make_panel())
        first, second, third = (make_item(session, title=t) for t in ("One", "Two", "Three"))
        services.open_item(item=first, actor=ACTOR)
        with pytest.raises(Conflict):
            services.move_item(item=second, towards="earlier", actor=ACTOR)
        with pytest.raises(Conflict):
            services.move_item(item=first, towards="later", actor=ACTOR)
        services.move_item(item=third, towards="earlier", actor=ACTOR)
        assert [item.title.texts()["en"] for item in session.items] == ["One", "Three", "Two"]


def test_agenda_offers_no_move_that_is_refused(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        panel = make_panel()
        session = make_session(panel)
        for title in ("One", "Two", "Three"):
            make_item(session, title=title)
        services.open_item(item=session.items[0], actor=ACTOR)
        email = make_user("facilitator", panel).email
        path = f"/desk/{panel.slug}/sessions/{session.public_id}/agenda"
        db.session.commit()
    buttons = [text_of(b) for b in sign_in(email).page(path).iter("button")]
    moves = [words for words in buttons if words.startswith(("Earlier", "Later"))]
    assert moves == ["Later: Two", "Earlier: Three"]


def test_part_that_lies_before_the_one_on_screen_is_still_reached(app: Flask) -> None:
    with app.app_context():
        session: Session = make_session(make_panel())
        first, second = (make_item(session, title=title) for title in ("One", "Two"))
        services.open_item(item=second, actor=ACTOR)
        assert queries.coming(session) == first
