"""A lost link, asked for again: it goes to the contact alone, and nobody learns who registered."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.outbox import lost_links
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import template_for
from panel_app.recruitment.registration import holdings, lost, queries, services
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from tests.checked_client import CheckedClient, text_of
from tests.factories.registration import begin_registration, make_way_in, register


@pytest.fixture
def way(app: Flask) -> str:
    """Return the address of a way in by which Person 0 and Person 1 registered."""
    with app.test_request_context():
        page = make_way_in()
        register(page, 0)
        register(page, 1)
        begin_registration(page, 2)
        db.session.commit()
        return f"/register/{page.public_id}"


def ask(client: CheckedClient, way: str, contact: str) -> str:
    """Ask for a link and return what the page says then."""
    client.page(way)
    answer = client.submit(f"{way}/lost", {"contact": contact})
    assert answer.status_code == 303
    return text_of(client.page(answer.location))


def letters(app: Flask) -> list[tuple[str, str]]:
    """Return to whom links went, and the links."""
    with app.app_context():
        words = [message.wording for message in db.session.scalars(select(Message))]
    return [
        (each["to"], re.search(r"(/registration/\S+)", each["body"])[1])  # type: ignore[index]
        for each in words
    ]


def test_another_link_goes_to_the_contact_and_the_page_says_the_same_to_everybody(
    app: Flask, client: CheckedClient, way: str
) -> None:
    told = ask(client, way, "PERSON0@example.org")
    assert told == ask(client, way, "nobody@example.org")
    assert told == ask(client, way, "person2@example.org"), "what was only begun has no link"
    assert "If it was given here" in told
    ((to, link),) = letters(app)
    assert to == "person0@example.org"
    assert "Person 0" in client.get(link).text
    assert "Person 1" not in client.get(link).text


def test_either_link_works_and_asking_again_and_again_sends_one(
    app: Flask, client: CheckedClient
) -> None:
    with app.test_request_context():
        page = make_way_in()
        begun, token = begin_registration(page)
        services.send(registration=begun)
        db.session.commit()
        way = f"/register/{page.public_id}"
    for _each in range(3):
        ask(client, way, "person0@example.org")
    ((_to, link),) = letters(app)
    for either in (link, f"/registration/{token}"):
        assert "Person 0" in client.get(either).text
    with app.app_context():
        kept = repr([row._mapping for row in db.session.execute(select(Registration.__table__))])
    assert link.rsplit("/", 1)[1] not in kept


def test_a_link_is_found_by_nobody_who_guesses(app: Flask, client: CheckedClient, way: str) -> None:
    ask(client, way, "person0@example.org")
    ((_to, link),) = letters(app)
    number = link.rsplit("/", 1)[1].split(".")[0]
    for guess in (number, f"{number}.", f"{number}.{'A' * 43}", f"{link[:-1]}é", f"{link}x"):
        assert client.get(f"/registration/{guess.rsplit('/', 1)[-1]}").status_code == 404


def test_who_changed_the_contact_is_found_by_the_new_one(
    app: Flask, client: CheckedClient, way: str
) -> None:
    ask(client, way, "person0@example.org")
    with app.test_request_context():
        row = db.session.scalars(select(Registration).order_by(Registration.id)).first()
        assert row is not None
        after = {**row.answers, "contact": "new@example.org"}
        services.save_answer(registration=row, question="contact", answers=after)
        db.session.commit()
    assert letters(app) == [], "what waits for the earlier address is taken back"
    ask(client, way, "person0@example.org")
    assert letters(app) == []
    ask(client, way, "new@example.org")
    assert [to for to, _link in letters(app)] == ["new@example.org"]


def test_whoever_withdrew_or_was_forgotten_has_no_link(
    app: Flask, client: CheckedClient, way: str
) -> None:
    ask(client, way, "person0@example.org")
    ((_to, link),) = letters(app)
    with app.test_request_context():
        first, second = db.session.scalars(
            select(Registration).where(Registration.state == "sent").order_by(Registration.id)
        )
        services.withdraw(registration=second)
        holdings.forget(first)
        db.session.commit()
    assert letters(app) == [], "messages about somebody go with them"
    assert client.get(link).status_code == 404
    for contact in ("person0@example.org", "person1@example.org"):
        ask(client, way, contact)
    assert letters(app) == []


def test_a_link_of_another_panel_is_not_asked_for_here(
    app: Flask, client: CheckedClient, way: str
) -> None:
    with app.test_request_context():
        other = f"/register/{make_way_in().public_id}"
        db.session.commit()
    ask(client, other, "person0@example.org")
    assert letters(app) == []


def test_a_list_of_contacts_can_not_be_tried(app: Flask, client: CheckedClient, way: str) -> None:
    with app.test_request_context():
        page = db.session.scalars(select(RegistrationPage)).one()
        for number in range(lost_links.REQUESTS.amount):
            lost.ask(page=page, contact=f"{number}@example.org")
    refused = client.submit(f"{way}/lost", {"contact": "person0@example.org"})
    assert refused.status_code == 422
    assert "Try again in an hour, or ask the organiser." in refused.text
    assert letters(app) == []


def test_a_message_that_failed_is_written_again_with_the_same_link(
    app: Flask, client: CheckedClient, way: str
) -> None:
    ask(client, way, "person0@example.org")
    ((_to, link),) = letters(app)
    with app.test_request_context():
        template = template_for("registration.link")
        assert template is not None
        assert template.renew is not None
        with clock.ago(-lost.PAUSE):
            again = template.renew(db.session.scalars(select(Message)).one())
        assert link in again.wording["body"]


def test_somebody_entered_by_staff_gets_a_link_too(
    app: Flask, client: CheckedClient, way: str
) -> None:
    with app.test_request_context():
        page = db.session.scalars(select(RegistrationPage)).one()
        row = register(page, 7)
        row.token_digest = None
        db.session.commit()
        assert queries.own_token(row)
    ask(client, way, "person7@example.org")
    ((_to, link),) = letters(app)
    assert "Person 7" in client.get(link).text
