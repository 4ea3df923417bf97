"""Members read, declare, score and vote on their phones."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.casework import decisions
from panel_app.casework import services as casework
from panel_app.casework.models import Case
from panel_app.core.db import db
from panel_app.grants.models import Application, Programme
from panel_app.panels import next_steps
from panel_app.panels.models import Member
from tests.checked_client import CheckedClient, text_of
from tests.factories.grants import make_application
from tests.factories.panels import make_members, make_panel
from tests.grants.conftest import Scene

Join = Callable[[int], CheckedClient]


@pytest.fixture
def case_id(app: Flask, scene: Scene) -> str:
    """Return the public identifier of a case before the scene's panel."""
    with app.app_context():
        case = make_application(db.session.get_one(Programme, scene.programme)).case
        db.session.commit()
        assert case
        return case.public_id


def declare(phone: CheckedClient, case_id: str, level: str) -> None:
    answer = phone.submit(f"/my/cases/{case_id}", {"level": level}, action="connection")
    assert answer.status_code == 303


def points(phone: CheckedClient, case_id: str, given: str) -> dict[str, str]:
    """Return a filled score form: every question with the same points."""
    page = phone.page(f"/my/cases/{case_id}")
    names = {i.get("name", "") for i in page.iter("input") if i.get("type") == "radio"}
    return {name: given for name in names if name.startswith("score-")}


def fields_of(page: Element) -> dict[str, str]:
    """Return the values of a page's fields by name."""
    return {i.get("name", ""): i.get("value", "") for i in page.iter("input")}


def test_only_title_and_facts_before_declaring(join: Join, scene: Scene, case_id: str) -> None:
    shown = text_of(join(scene.members[0]).page(f"/my/cases/{case_id}"))
    assert "Saturday breakfast club" in shown
    assert "£1,850" in shown
    assert "A resident" in shown
    assert "free breakfast for 25" not in shown
    assert "How well does it serve" not in shown


def test_name_and_contact_are_never_shown(join: Join, scene: Scene, case_id: str) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, "none")
    shown = text_of(phone.page(f"/my/cases/{case_id}"))
    assert "free breakfast for 25" in shown
    assert "Quillfeather" not in shown
    assert "rosa@" not in shown


def test_no_answer_is_chosen_beforehand(join: Join, scene: Scene, case_id: str) -> None:
    phone = join(scene.members[0])
    first = phone.page(f"/my/cases/{case_id}")
    assert not [i for i in first.iter("input") if i.get("checked") is not None]
    assert phone.submit(f"/my/cases/{case_id}", {}, action="connection").status_code == 422
    declare(phone, case_id, "none")
    second = phone.page(f"/my/cases/{case_id}")
    assert not [i for i in second.iter("input") if i.get("checked") is not None]


@pytest.mark.parametrize("level", ["close", "direct"])
def test_close_interest_closes_every_door(
    join: Join, scene: Scene, case_id: str, level: str
) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, level)
    for path in ("", "/scores", "/connection"):
        shown = text_of(phone.page(f"/my/cases/{case_id}{path}"))
        assert "stay out" in shown
        assert "free breakfast for 25" not in shown


def test_scores_are_seen_after_ones_own(join: Join, scene: Scene, case_id: str) -> None:
    first, second = join(scene.members[0]), join(scene.members[1])
    for phone in (first, second):
        declare(phone, case_id, "none")
    sent = {**points(first, case_id, "5"), "reason": "Children need it"}
    answer = first.submit(f"/my/cases/{case_id}", sent, action="score")
    assert answer.headers["Location"].endswith("/scores")
    early = second.get(f"/my/cases/{case_id}/scores")
    assert early.headers["Location"].endswith(case_id)
    assert "Children need it" not in second.get(f"/my/cases/{case_id}").text
    sent = {**points(second, case_id, "2"), "reason": "Who cooks?"}
    second.submit(f"/my/cases/{case_id}", sent, action="score")
    shown = text_of(second.page(f"/my/cases/{case_id}/scores"))
    assert "Children need it" in shown
    assert "once five people have scored it" in shown
    assert "average" not in shown


def test_a_score_without_reason_keeps_what_was_chosen(
    join: Join, scene: Scene, case_id: str
) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, "none")
    answer = phone.submit(f"/my/cases/{case_id}", points(phone, case_id, "4"), action="score")
    assert answer.status_code == 422
    assert "Give one reason" in answer.text
    assert "checked" in answer.text


def test_vote_appears_when_it_opens(app: Flask, join: Join, scene: Scene, case_id: str) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, "none")
    assert "What should we decide?" not in phone.get(f"/my/cases/{case_id}").text
    with app.test_request_context():
        case = db.session.scalars(select(Case)).one()
        casework.open_voting(case=case, actor="staff:test")
        db.session.commit()
    phone.submit(f"/my/cases/{case_id}", {"outcome": "fund"}, action="vote")
    assert "Your vote is in" in text_of(phone.page(f"/my/cases/{case_id}"))


def test_a_vote_that_comes_too_late_is_told_so(
    app: Flask, join: Join, scene: Scene, case_id: str
) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, "none")
    with app.test_request_context():
        case = db.session.scalars(select(Case)).one()
        casework.open_voting(case=case, actor="staff:test")
        db.session.commit()
        key = fields_of(phone.page(f"/my/cases/{case_id}"))["csrf_token"]
        nothing = phone.submit(f"/my/cases/{case_id}", {}, action="vote")
        assert nothing.status_code == 422
        casework.close_voting(case=case, actor="staff:test")
        db.session.commit()
    late = phone.post(f"/my/cases/{case_id}/vote", data={"csrf_token": key, "outcome": "fund"})
    assert late.status_code == 422
    assert "Nothing was changed" in late.text


def test_a_late_score_is_told_so(app: Flask, join: Join, scene: Scene, case_id: str) -> None:
    phone = join(scene.members[0])
    declare(phone, case_id, "none")
    sent = {**points(phone, case_id, "5"), "reason": "Children need it"}
    key = fields_of(phone.page(f"/my/cases/{case_id}"))["csrf_token"]
    with app.test_request_context():
        case = db.session.scalars(select(Case)).one()
        decisions.decide(case=case, outcome="defer", reason="Later")
        case.state = "decided"
        db.session.commit()
    late = phone.post(f"/my/cases/{case_id}/score", data={"csrf_token": key, **sent})
    assert late.status_code == 422
    assert "decided already" in late.text


def test_other_panels_member_gets_404_everywhere(app: Flask, join: Join, case_id: str) -> None:
    with app.app_context():
        stranger = make_members(make_panel(), 1)[0].id
        db.session.commit()
    phone = join(stranger)
    for path in ("", "/connection", "/scores"):
        assert phone.get(f"/my/cases/{case_id}{path}").status_code == 404
    token = fields_of(phone.page("/language"))["csrf_token"]
    for path in ("connection", "score", "vote"):
        sent = {"csrf_token": token, "level": "none", "outcome": "fund"}
        assert phone.post(f"/my/cases/{case_id}/{path}", data=sent).status_code == 404
    assert "Saturday" not in phone.get("/my/grants").text


def test_withdrawn_case_is_gone(app: Flask, join: Join, scene: Scene, case_id: str) -> None:
    with app.test_request_context():
        casework.withdraw_case(case=db.session.scalars(select(Case)).one())
        db.session.scalars(select(Application)).one().state = "withdrawn"
        db.session.commit()
    phone = join(scene.members[0])
    assert phone.get(f"/my/cases/{case_id}").status_code == 404
    assert "nothing to read" in phone.get("/my/grants").text


def test_list_and_next_step_say_what_is_to_do(
    app: Flask, join: Join, scene: Scene, case_id: str
) -> None:
    phone = join(scene.members[0])
    assert "To read" in text_of(phone.page("/my/grants"))
    declare(phone, case_id, "none")
    assert "To score" in text_of(phone.page("/my/grants"))
    with app.test_request_context():
        member = db.session.get_one(Member, scene.members[0])
        titles = [str(step.title) for step in next_steps.of(member)]
        assert "1 grant application to read" in titles
    declare_out = phone.submit(
        f"/my/cases/{case_id}/connection", {"level": "close"}, action="connection"
    )
    assert declare_out.status_code == 303
    assert "You stay out" in text_of(phone.page("/my/grants"))
    with app.test_request_context():
        member = db.session.get_one(Member, scene.members[0])
        assert not [s for s in next_steps.of(member) if "grant" in str(s.title)]
