"""Asking for a grant on a phone, without an account."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import func, select

from panel_app.core import clock, ids, logs
from panel_app.core.db import db
from panel_app.grants import services, views
from panel_app.grants.models import Application, Programme, Round
from panel_app.outbox.models import Message
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import ANSWERS, make_draft, make_round
from tests.grants.conftest import Scene


def start(client: CheckedClient, scene: Scene) -> str:
    """Begin an application; return the path of its home page."""
    answer = client.submit(f"/apply/{scene.programme_slug}/start", {"fits": "yes"})
    assert answer.status_code == 303
    return answer.headers["Location"].removesuffix("/answer/kind")


def answer_all(client: CheckedClient, home: str) -> None:
    for question, given in ANSWERS.items():
        answer = client.submit(f"{home}/answer/{question}", given)
        assert answer.status_code == 303, question


def form_key(page: str) -> str:
    """Return the page's safeguard for forms."""
    found = re.search(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def only(app: Flask) -> Application:
    return db.session.scalars(select(Application)).one()


def test_whole_way_from_programme_to_status(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    page = text_of(client.page(f"/apply/{scene.programme_slug}"))
    assert "£2,000" in page
    assert "6 residents" in page
    home = start(client, scene)
    answer_all(client, home)
    review = text_of(client.page(f"{home}/check"))
    assert "£1,850" in review
    assert "Saturday breakfast club" in review
    sent = client.submit(f"{home}/check", button="Send")
    assert sent.headers["Location"] == home
    assert "number 1" in text_of(client.page(home))
    with app.app_context():
        application = only(app)
        assert (application.state, application.reference) == ("submitted", 1)
        assert application.round_id == scene.round


def test_each_question_leads_to_the_next(client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    for question, following in zip(ANSWERS, [*list(ANSWERS)[1:], None], strict=True):
        answer = client.submit(f"{home}/answer/{question}", ANSWERS[question])
        wanted = f"{home}/answer/{following}" if following else f"{home}/check"
        assert answer.headers["Location"] == wanted


def test_a_machine_begins_no_more_than_its_number(
    app: Flask, client: CheckedClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "STARTS", parse("2 per hour"))
    for _ in range(2):
        start(client, scene)
    refused = client.submit(f"/apply/{scene.programme_slug}/start", {"fits": "yes"})
    assert refused.status_code == 429
    assert "Very many applications" in refused.text
    with app.app_context():
        assert db.session.query(Application).count() == 2


def test_going_back_keeps_what_was_typed(client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    sent = {"amount": "about fifty", "go": "back"}
    answer = client.submit(f"{home}/answer/amount", sent)
    assert answer.headers["Location"] == f"{home}/answer/mission"
    shown = client.page(f"{home}/answer/amount")
    assert next(i for i in shown.iter("input") if i.get("name") == "amount").get("value") == (
        "about fifty"
    )


def test_a_fault_is_shown_and_nothing_is_lost(client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    answer = client.submit(f"{home}/answer/title", {"title": "x" * 81})
    assert answer.status_code == 422
    assert "at most 80 characters" in answer.text
    assert "x" * 81 in client.get(f"{home}/answer/title").text


def test_a_changed_answer_leads_back_to_the_check(client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    answer_all(client, home)
    changed = client.submit(f"{home}/answer/title?review=yes", {"title": "Sunday lunch"})
    assert changed.headers["Location"] == f"{home}/check"
    assert "Sunday lunch" in client.get(f"{home}/check").text


def test_doubtful_one_is_told_why_and_may_ask_all_the_same(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    path = f"/apply/{scene.programme_slug}/start"
    told = client.submit(path, {"fits": "no"})
    assert told.status_code == 200
    assert "bills or debts" in told.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Application)) == 0
    answer = client.submit(path, {"fits": "no", "anyway": "yes"})
    assert answer.status_code == 303
    with app.app_context():
        assert only(app).answers["fits"] is False


def test_no_answer_to_the_rules_starts_nothing(client: CheckedClient, scene: Scene) -> None:
    assert client.submit(f"/apply/{scene.programme_slug}/start").status_code == 422


def test_get_never_starts_or_sends(app: Flask, client: CheckedClient, scene: Scene) -> None:
    for _again in range(3):
        client.page(f"/apply/{scene.programme_slug}/start")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Application)) == 0
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    for path in ("", "/check", "/withdraw", "/answer/title"):
        client.page(f"/a/{token}{path}")
    with app.app_context():
        assert only(app).state == "draft"


def test_sending_twice_sends_once(app: Flask, client: CheckedClient, scene: Scene) -> None:
    with app.app_context():
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    page = client.get(f"/a/{token}/check")
    key = form_key(page.text)
    for _again in range(3):
        answer = client.post(f"/a/{token}/check", data={"csrf_token": key})
        assert answer.headers["Location"] == f"/a/{token}"
    with app.app_context():
        application = only(app)
        assert application.reference == 1
        assert application.state == "submitted"


def test_incomplete_one_is_not_sent(app: Flask, client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    client.submit(f"{home}/answer/kind", ANSWERS["kind"])
    answer = client.submit(f"{home}/check", button="Send")
    assert answer.headers["Location"].startswith(f"{home}/answer/title")
    with app.app_context():
        assert only(app).state == "draft"


@pytest.mark.parametrize("kind", ["individual", "group", "organisation"])
@pytest.mark.parametrize(
    ("title", "refusal"),
    [
        ("Rosa Quillfeather's lunch", "Take your name out"),
        ("Dance, write to rosa@example.org", "Take addresses and telephone numbers out"),
        ("Dance, call 07700 900123", "Take addresses and telephone numbers out"),
    ],
)
def test_title_tells_nobody_whoever_asks(
    client: CheckedClient, scene: Scene, kind: str, title: str, refusal: str
) -> None:
    home = start(client, scene)
    answer_all(client, home)
    client.submit(f"{home}/answer/kind", {"kind": kind})
    client.submit(f"{home}/answer/title", {"title": title})
    sent = client.submit(f"{home}/check", button="Send", follow=True)
    assert refusal in sent.text


def test_token_is_kept_as_hash_and_answers_are_sealed(app: Flask, scene: Scene) -> None:
    with app.app_context():
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
        application = only(app)
        assert application.token_digest == ids.digest(token)
        stored = repr([getattr(application, c.key) for c in Application.__table__.columns])
        for secret in (token, "Quillfeather", "rosa@example.org", "free breakfast"):
            assert secret not in stored


def test_a_token_opens_only_its_own(client: CheckedClient, app: Flask, scene: Scene) -> None:
    with app.app_context():
        programme = db.session.get_one(Programme, scene.programme)
        _first, mine = make_draft(programme, title={"title": "Mine alone"})
        _second, _other = make_draft(programme, title={"title": "Somebody else's"})
        db.session.commit()
    assert "Mine alone" in client.get(f"/a/{mine}/check").text
    assert "Somebody else" not in client.get(f"/a/{mine}/check").text
    for wrong in (mine[:-1], mine + "A", mine[::-1], "..", ids.token()):
        for path in ("", "/check", "/answer/title", "/withdraw"):
            assert client.get(f"/a/{wrong}{path}").status_code == 404


def test_contact_gets_the_link_once(app: Flask, client: CheckedClient, scene: Scene) -> None:
    home = start(client, scene)
    given = ANSWERS["contact"]
    client.submit(f"{home}/answer/contact", given)
    client.submit(f"{home}/answer/contact", given)
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert home in message.wording["body"]
        assert message.wording["to"] == "rosa@example.org"
        assert home.encode() not in message.sealed


def test_a_corrected_contact_gets_the_link_instead(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    home = start(client, scene)
    for contact in ("rose@example.org", "rosa@example.org"):
        client.submit(f"{home}/answer/contact", {"name": "", "contact": contact})
    with app.app_context():
        assert db.session.scalars(select(Message)).one().wording["to"] == "rosa@example.org"
    client.submit(f"{home}/answer/contact", {"name": "", "contact": ""})
    with app.app_context():
        assert db.session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("state", ["waiting", "sent"])
def test_of_a_deleted_draft_no_message_stays(
    app: Flask, client: CheckedClient, scene: Scene, state: str
) -> None:
    home = start(client, scene)
    client.submit(f"{home}/answer/contact", ANSWERS["contact"])
    with app.app_context():
        db.session.scalars(select(Message)).one().state = state
        db.session.commit()
    client.submit(f"{home}/withdraw", button="Yes")
    with app.app_context():
        assert db.session.scalars(select(Message)).all() == []


def test_late_application_rolls_to_the_next_round(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        following = make_round(programme, closes_in=21)
        db.session.get_one(Round, scene.round).closes_at = clock.now() - timedelta(seconds=1)
        db.session.flush()
        draft, _token = make_draft(programme)
        assert services.submit_application(application=draft).round_id == following.id


def test_without_a_round_answers_are_kept(app: Flask, client: CheckedClient, scene: Scene) -> None:
    with app.app_context():
        db.session.get_one(Round, scene.round).state = "closed"
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    answer = client.submit(f"/a/{token}/check", button="Send")
    assert answer.status_code == 409
    assert "answers are kept" in answer.text
    assert "Saturday breakfast club" in client.get(f"/a/{token}/check").text


def test_draft_is_deleted_with_a_second_step(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    home = start(client, scene)
    client.submit(f"{home}/withdraw", button="Yes")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Application)) == 0
    assert client.get(home).status_code == 404


def test_sent_one_can_be_taken_back_until_decided(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    with app.app_context():
        draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        services.submit_application(application=draft)
        db.session.commit()
    client.submit(f"/a/{token}/withdraw", button="Yes")
    assert "took this application back" in client.get(f"/a/{token}").text
    with app.app_context():
        application = only(app)
        assert application.state == "withdrawn"
        assert application.case
        assert application.case.state == "withdrawn"


def test_sent_answers_cannot_be_changed(app: Flask, client: CheckedClient, scene: Scene) -> None:
    with app.app_context():
        _draft, token = make_draft(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    page = client.get(f"/a/{token}/answer/title").text
    key = form_key(page)
    client.submit(f"/a/{token}/check", button="Send")
    sent = {"csrf_token": key, "title": "Another"}
    answer = client.post(f"/a/{token}/answer/title", data=sent)
    assert answer.status_code == 422
    with app.app_context():
        assert only(app).answers["title"] == "Saturday breakfast club"


@pytest.mark.parametrize("question", ["name", "fits", "sealed", "round_id", ".."])
def test_unknown_questions_are_not_there(
    client: CheckedClient, scene: Scene, question: str
) -> None:
    assert client.get(f"{start(client, scene)}/answer/{question}").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "\u202eevil",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "'; DROP TABLE x;--",
        "x" * 20_000,
    ],
)
@pytest.mark.parametrize("question", ["title", "amount", "contact"])
def test_hostile_answers_break_nothing(
    client: CheckedClient, scene: Scene, question: str, typed: str
) -> None:
    home = start(client, scene)
    fields = dict.fromkeys(ANSWERS[question], typed)
    answer = client.submit(f"{home}/answer/{question}", fields)
    assert answer.status_code in ({400} if "\0" in typed else {303, 422})
    assert "<script>alert" not in client.get(f"{home}/check").text


@pytest.mark.parametrize("language", ["ar", "bn"])
def test_pages_hold_in_other_languages(client: CheckedClient, scene: Scene, language: str) -> None:
    client.set_cookie("language", language)
    home = start(client, scene)
    answer_all(client, home)
    for path in (f"/apply/{scene.programme_slug}", home, f"{home}/check", f"{home}/withdraw"):
        assert client.page(path).get("lang") == language


def test_unpublished_or_closed_programme_takes_nothing(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    with app.app_context():
        programme = db.session.get_one(Programme, scene.programme)
        programme.open = False
        db.session.commit()
    answer = client.submit(f"/apply/{scene.programme_slug}/start", {"fits": "yes"})
    assert answer.status_code == 422
    assert "Ask for a grant" not in client.get(f"/apply/{scene.programme_slug}").text
    with app.app_context():
        db.session.get_one(Programme, scene.programme).panel.published = False
        db.session.commit()
    assert client.get(f"/apply/{scene.programme_slug}").status_code == 404


def test_logs_hold_no_token_name_or_answer(
    client: CheckedClient, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("panel_app")
    level = logger.level
    logger.addHandler(caplog.handler)
    logger.setLevel(logging.DEBUG)
    try:
        home = start(client, scene)
        answer_all(client, home)
        client.submit(f"{home}/check", button="Send")
        client.get(f"{home}/nothing")
        logs.event("fault", path=logs.without_secrets(f"{home}/check"))
    finally:
        logger.removeHandler(caplog.handler)
        logger.setLevel(level)
    written = repr([record.__dict__ for record in caplog.records])
    assert "fault" in written
    for secret in (home.removeprefix("/a/"), "Quillfeather", "rosa@example.org", "breakfast"):
        assert secret not in written
