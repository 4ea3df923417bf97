"""A programme's own questions: changed by the organiser, a page each, some hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.grants import case_subject, questionnaire
from panel_app.grants.models import Application, Programme
from panel_app.questions import services
from panel_app.questions.question import Condition
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import ANSWERS, make_application, make_draft
from tests.factories.questions import make_question, options
from tests.grants.conftest import Scene

Enter = Callable[[Role], CheckedClient]
ACTOR = "staff:test"


def ask_more(scene: Scene) -> None:
    """Ask whether it was done before, when, in what order, and a second contact."""
    asked = db.session.get_one(Programme, scene.programme).questionnaire
    assert asked
    after = Condition("before", "yes")
    for question in (
        make_question("yes_no", "before", wording="Was it done before?"),
        make_question("line", "when", wording="When was that?", only_if=after, high=50),
        make_question("ranking", "order", options=options("Food", "Rent", "Fun"), required=False),
        make_question("line", "referee", wording="Who knows you?", hidden=True, high=80),
    ):
        services.change_question(questionnaire=asked, question=question, actor=ACTOR)
    db.session.commit()


def start(client: CheckedClient, scene: Scene) -> str:
    answer = client.submit(f"/apply/{scene.programme_slug}/start", {"fits": "yes"})
    return answer.headers["Location"].rpartition("/answer/")[0]


def test_an_added_question_has_its_page_and_depends_on_an_answer(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    with app.test_request_context():
        ask_more(scene)
    home = start(client, scene)
    for code, given in ANSWERS.items():
        client.submit(f"{home}/answer/{code}", given)
    no = client.submit(f"{home}/answer/before", {"before": "no"})
    assert no.headers["Location"] == f"{home}/answer/order"
    assert client.get(f"{home}/answer/when").status_code == 404
    yes = client.submit(f"{home}/answer/before", {"before": "yes"})
    assert yes.headers["Location"] == f"{home}/answer/when"
    client.submit(f"{home}/answer/when", {"when": "In 2024"})
    assert "In 2024" in text_of(client.page(f"{home}/check"))
    incomplete = client.submit(f"{home}/check", button="Send")
    assert incomplete.headers["Location"].startswith(f"{home}/answer/referee")


def test_a_button_that_moves_an_option_keeps_the_order_and_the_page(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    with app.test_request_context():
        ask_more(scene)
    home = start(client, scene)
    moved = client.submit(f"{home}/answer/order", {"order": ["a", "b", "c"], "order.up.b": "1"})
    assert moved.headers["Location"].rstrip("?").endswith("/answer/order")
    with app.app_context():
        assert db.session.scalars(select(Application)).one().answers["order"] == ["b", "a", "c"]


def test_what_is_hidden_no_member_reads(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        ask_more(scene)
        more = {
            "before": {"before": "yes"},
            "when": {"when": "In 2024"},
            "referee": {"referee": "Ulla Upnor"},
        }
        application = make_application(db.session.get_one(Programme, scene.programme), **more)
        case = application.case
        assert case
        read = repr((case_subject.answers(case), case_subject.facts(case)))
        assert "In 2024" in read
        for secret in ("Ulla", "Quillfeather", "rosa@example.org"):
            assert secret not in read
        assert "Quillfeather" not in case_subject.summary(case)


def test_who_asks_stays_hidden_and_asked(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        asked = db.session.get_one(Programme, scene.programme).questionnaire
        assert asked
        contact = next(one for one in asked.newest.questions if one.code == "contact")
        with pytest.raises(Conflict):
            services.change_question(
                questionnaire=asked, question=replace(contact, hidden=False), actor=ACTOR
            )
        for code in questionnaire.FIXED:
            with pytest.raises(Conflict):
                services.remove_question(questionnaire=asked, code=code, actor=ACTOR)
        needed = replace(contact, required=True)
        services.change_question(questionnaire=asked, question=needed, actor=ACTOR)


def test_a_draft_keeps_the_questions_it_was_begun_with(
    app: Flask, client: CheckedClient, scene: Scene
) -> None:
    home = start(client, scene)
    with app.test_request_context():
        ask_more(scene)
    assert client.get(f"{home}/answer/before").status_code == 404
    assert client.get(f"{start(client, scene)}/answer/before").status_code == 200


def test_missions_and_the_largest_grant_are_the_programmes(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        draft, _token = make_draft(programme)
        programme.largest_grant = 100_000
        programme.missions = [
            replace(m, title=m.title.retyped({"en": "New"})) for m in programme.missions
        ]
        asked = {one.code: one for one in questionnaire.questions_of(draft)}
        assert asked["amount"].high == 100_000
        assert {str(option.wording) for option in asked["mission"].options} == {"New"}
        assert "amount" in questionnaire.faults(draft)


def test_organiser_changes_the_questions_until_one_was_sent(
    app: Flask, enter: Enter, scene: Scene
) -> None:
    with app.app_context():
        asked = db.session.get_one(Programme, scene.programme).questionnaire
        assert asked
        path = f"/desk/{scene.slug}/questionnaires/{asked.public_id}"
    desk = enter("organiser")
    assert path in desk.get(f"/desk/{scene.slug}/grants").text
    assert "set where this was set up" in text_of(desk.page(f"{path}/amount/edit"))
    sent = desk.submit(f"{path}/costs/edit", {"wording_en": "What will it cost?"}, button="Save")
    assert sent.status_code == 303
    assert enter("facilitator").get(f"{path}/costs/edit").status_code == 403
    with app.test_request_context():
        make_application(db.session.get_one(Programme, scene.programme))
        db.session.commit()
    assert "was sent already" in text_of(desk.page(path))
    late = desk.submit(f"{path}/costs/edit", {"wording_en": "Which costs?"}, button="Save")
    assert late.status_code == 422


def test_begun_with_the_release_before_it_is_asked_the_same(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        draft, _token = make_draft(programme)
        asked = questionnaire.questions_of(draft)
        draft.version = None
        assert questionnaire.questions_of(draft) == asked
        programme.questionnaire = None
        assert questionnaire.questions_of(draft) == asked


def test_with_one_mission_it_serves_that_one(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        programme.missions = programme.missions[:1]
        services.rewrite(
            programme.questionnaire.newest,  # type: ignore[union-attr]
            questionnaire.default_questions(programme.missions, programme.largest_grant),
        )
        draft, _token = make_draft(programme, mission=None)
        assert draft.mission == "food"
