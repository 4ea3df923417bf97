"""What a guest's phone can reach: one session, and nothing that counts or belongs to somebody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.sessions import activities, guests
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web.access import rule_of
from tests.checked_client import CheckedClient
from tests.conftest import new_client
from tests.role_walk import World, addresses, make_borough, methods, routes
from tests.test_gets import now

#: Where a refusal leads: to a letter's code, or to signing in.
ELSEWHERE = ("/join", "/staff/login")


@pytest.mark.slow
def test_a_guests_cookie_reaches_no_ballot_case_member_page_or_desk(app: Flask) -> None:
    """Ask for every address that is not for anyone, by GET and by POST, in the demo's borough."""
    world = make_borough(app)
    # A form's token proves which page it came from; who sends it is what is asked here.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    phone = guest_of_tonight(app)
    before = now(app)
    assert [*elsewhere(app, phone, world), *in_other_parts(app, phone)] == []
    after = now(app)
    assert [table for table in after if after[table] != before[table]] == []


def elsewhere(app: Flask, phone: CheckedClient, world: World) -> Iterator[str]:
    """Every address that lets the phone in though it is neither for anyone nor for guests."""
    for route in routes(app):
        if rule_of(app, route.endpoint) not in {"anyone", "participant"}:
            for path in addresses(route, world):
                for method in methods(route):
                    answer = phone.open(path, method=method)
                    sent_away = answer.headers.get("Location", "").startswith(ELSEWHERE)
                    if not sent_away and answer.status_code not in {403, 404}:
                        yield f"{method} {path}: {answer.status_code}"
                    answer.close()


def in_other_parts(app: Flask, phone: CheckedClient) -> Iterator[str]:
    """Every address for guests that answers by the name of a ballot, a case, another evening."""
    with app.app_context():
        tonight = the_session().id
        others = [
            item.public_id
            for item in db.session.scalars(select(AgendaItem).order_by(AgendaItem.id))
            if item.session_id != tonight or not guests_are_asked(item)
        ]
    for route in routes(app):
        if rule_of(app, route.endpoint) == "participant" and "session" not in route.rule:
            for other in others:
                path = route.rule.replace("<public_id>", other)
                path = path.replace("<note_id>", other).replace("<int:seat>", "1")
                for method in methods(route):
                    if phone.open(path, method=method).status_code < 400:
                        yield f"{method} {path}"


def guests_are_asked(item: AgendaItem) -> bool:
    """Whether a part of the agenda asks something of guests."""
    return bool(item.kind and activities.named(item.kind).guests)


def the_session() -> Session:
    """Return the demo's evening that guests take part in now."""
    query = select(Session).where(Session.guests, Session.state == "open").order_by(Session.id)
    session = db.session.scalars(query).first()
    assert session is not None
    return session


def guest_of_tonight(app: Flask) -> CheckedClient:
    """Return a phone that is in as a guest."""
    phone = new_client(app)
    with app.test_request_context():
        session = the_session()
        address = f"/my/session/{session.public_id}"
        token = guests.come(session=session, role="resident", language="en")
        db.session.commit()
    phone.set_cookie(app.config["GUEST_COOKIE_NAME"], token)
    assert "You are here as a guest." in phone.get(address).text
    return phone
