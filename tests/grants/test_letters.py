"""How applicants hear: lost links, reminders, and pages that promise only what is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from panel_app.core import clock, jobs
from panel_app.core.db import db
from panel_app.grants import letters, links
from panel_app.grants.models import ApplicantLink, Application, Programme, Round
from panel_app.grants.services import withdraw_application
from panel_app.outbox import due, lost_links, reach
from panel_app.outbox.desk.services import open_secret, send_again
from panel_app.outbox.models import Message
from panel_app.outbox.sending import send_due
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import make_application, make_draft
from tests.grants.conftest import Scene
from tests.outbox.post_room import Office, by_smtp, post_office


@pytest.fixture
def mailed(app: Flask, scene: Scene, tmp_path: Path) -> Iterator[tuple[Flask, Office]]:
    """Yield an application on the same database that sends mail, and the mail server."""
    office = Office()
    with post_office(office) as port:
        sender = by_smtp(app, tmp_path, port)
        sender.test_client_class = CheckedClient
        yield sender, office
        with sender.app_context():
            db.session.remove()
            db.engine.dispose()


def links_in(office: Office) -> list[str]:
    return [
        found
        for mail in office.mails()
        for found in re.findall(r"http://127\.0\.0\.1:8000(/a/\S+)", mail.get_content())
    ]


def ask(browser: CheckedClient, scene: Scene, contact: str) -> str:
    """Ask for a lost link and return what the page says then."""
    path = f"/apply/{scene.programme_slug}/lost"
    answer = browser.submit(path, {"contact": contact})
    assert answer.status_code == 303
    return text_of(browser.page(answer.location))


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    seen: list[str] = []

    def keep(*about: Any) -> None:
        seen.append(str(about[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def test_a_lost_link_is_sent_again_to_the_contact_alone(
    mailed: tuple[Flask, Office], scene: Scene
) -> None:
    app, office = mailed
    with app.test_request_context():
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    told = ask(browser, scene, "Rosa@Example.org")
    assert told == ask(browser, scene, "nobody@example.org")
    assert "a new link is on its way" in told
    with app.app_context():
        send_due()
    (new,) = links_in(office)
    assert set(office.counted()) == {"rosa@example.org"}
    assert new != f"/a/{token}"
    for link in (new, f"/a/{token}"):
        assert browser.get(link).status_code == 200


def test_a_silent_queue_forgets_no_lost_link(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "fault", lambda app: "Redis does not answer")
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    answer = browser.submit(f"/apply/{scene.programme_slug}/lost", {"contact": "rosa@example.org"})
    assert answer.status_code == 422
    assert "Try again in a few minutes" in answer.text
    assert "rosa@example.org" in answer.text


def test_asking_again_and_again_sends_one_link(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
        index = links.contact_index("rosa@example.org")
        for _each in range(5):
            letters.send_lost_links(scene.programme, index or "")
        assert len(db.session.scalars(select(Message)).all()) == 1


def test_the_answer_comes_before_anybody_looks_for_the_contact(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context():
        make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    queued: list[tuple[object, ...]] = []
    monkeypatch.setitem(app.extensions, "jobs", lambda *work: queued.append(work))
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    asked: list[list[str]] = []
    for contact in ("rosa@example.org", "nobody@example.org"):
        with statements(app) as seen:
            ask(browser, scene, contact)
        asked.append(seen)
    assert asked[0] == asked[1]
    assert len(queued) == 2
    assert "example.org" not in str(queued)


def test_a_list_of_contacts_can_not_be_tried(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        for number in range(lost_links.REQUESTS.amount):
            letters.ask_for_lost_links(programme=programme, contact=f"{number}@example.org")
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    contact = {"contact": "rosa@example.org"}
    refused = browser.submit(f"/apply/{scene.programme_slug}/lost", contact)
    assert refused.status_code == 422
    assert "Try again in an hour, or ask the organiser." in refused.text
    assert "rosa@example.org" in refused.text


@pytest.mark.parametrize(
    ("given", "typed"),
    [("07700 900123", "+44 7700 900-123"), ("0044 7700900123", "07700900123")],
)
def test_a_number_is_known_however_it_is_typed(given: str, typed: str) -> None:
    assert reach.folded(given) == reach.folded(typed)


def test_pages_promise_mail_only_where_something_sends_it(
    app: Flask, mailed: tuple[Flask, Office], scene: Scene
) -> None:
    with app.test_request_context():
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    by_hand, by_mail = app.test_client(), mailed[0].test_client()
    path = f"/a/{token}/answer/contact"
    assert "passes your link and the decision on by hand" in by_hand.get(path).text
    assert "We send" not in by_hand.get(path).text
    assert "We send your link and the decision to an e-mail address" in by_mail.get(path).text
    assert isinstance(by_hand, CheckedClient)
    assert "pass a new link on by hand" in ask(by_hand, scene, "rosa@example.org")


def test_the_applicant_sees_that_somebody_opened_their_link(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application, token = make_draft(db.session.get_one(Programme, scene.programme))
        message = letters.send_link(application, f"http://127.0.0.1:8000/a/{token}")
        db.session.commit()
        number = message.id
    phone = app.test_client()
    assert "opened the letter" not in phone.get(f"/a/{token}").text
    with app.test_request_context():
        message = db.session.get_one(Message, number)
        assert token in open_secret(message=message, actor="staff:test")["body"]
        db.session.commit()
    assert "opened the letter" in phone.get(f"/a/{token}").text


def test_a_link_made_again_is_another_one_and_both_open(
    mailed: tuple[Flask, Office], scene: Scene
) -> None:
    app, office = mailed
    with app.test_request_context():
        application, token = make_draft(db.session.get_one(Programme, scene.programme))
        message = letters.send_link(application, f"http://127.0.0.1:8000/a/{token}")
        db.session.commit()
        send_due()
        send_again(message=message, actor="staff:test")
        db.session.commit()
        send_due()
    first, second = links_in(office)
    assert first != second
    assert {app.test_client().get(link).status_code for link in (first, second)} == {200}


def test_a_draft_is_reminded_of_once_before_its_round_closes(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        old, _ = make_draft(programme, language="bn")
        make_draft(programme, contact={"name": "", "contact": ""})
        make_draft(programme)
        make_application(programme)
        for application in db.session.scalars(select(Application)):
            application.created_at = clock.now() - timedelta(days=2)
        new, _ = make_draft(programme)
        db.session.commit()
        due.remind()
        assert db.session.scalars(select(Message)).all() == []
        db.session.get_one(Round, scene.round).closes_at = clock.now() + timedelta(days=2)
        db.session.commit()
        due.remind()
        due.remind()
        about = [m.subject_ref for m in db.session.scalars(select(Message))]
        assert len(about) == len(set(about)) == 2
        assert letters.ref(old) in about
        assert letters.ref(new) not in about
        bengali = db.session.scalars(select(Message).where(Message.language == "bn")).one()
        assert "এখনো পাঠানো হয়নি" in bengali.wording["title"]


def test_of_a_deleted_draft_no_link_stays(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        make_draft(programme)
        letters.send_lost_links(programme.id, links.contact_index("rosa@example.org") or "")
        withdraw_application(application=db.session.scalars(select(Application)).one())
        db.session.commit()
        assert db.session.scalars(select(ApplicantLink)).all() == []
        assert db.session.scalars(select(Message)).all() == []
