"""Notes without names, conditions and short reasons, and substitutes for one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from panel_app.casework import notes, queries, services, substitutes
from panel_app.casework.decisions import Terms
from panel_app.casework.models import Case, Decision, NoteView
from panel_app.core import errors
from panel_app.core.db import db
from panel_app.grants import services as grants
from panel_app.grants.models import Application
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from tests.casework.conftest import Scene
from tests.checked_client import CheckedClient, text_of
from tests.factories.casework import let_vote, score
from tests.factories.panels import make_members
from tests.factories.staff import make_user


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def case_of(scene: Scene) -> Case:
    return db.session.get_one(Case, scene.case)


def members(scene: Scene) -> list[Member]:
    return [db.session.get_one(Member, number) for number in scene.members]


def decide(scene: Scene, outcome: str, terms: Terms, reason: str = "A clear need") -> Decision:
    application = db.session.scalars(select(Application)).one()
    return grants.decide_application(
        application=application, outcome=outcome, reason=reason, terms=terms, actor="staff:test"
    )


def test_one_note_each_and_only_after_the_own_score(inside: Scene) -> None:
    case, (first, second, *_rest) = case_of(inside), members(inside)
    services.declare_conflict(case=case, member=first, level="none")
    with pytest.raises(errors.NotAllowed):
        notes.write(case=case, member=first, text="Who cooks?", language="en")
    score(case, first, 4)
    score(case, second, 2)
    for text in ("Who cooks?", "Who cooks, and where?"):
        notes.write(case=case, member=first, text=text, language="en")
    assert [each.text for each in notes.shown(case)] == ["Who cooks, and where?"]
    with pytest.raises(errors.Refused):
        notes.write(case=case, member=second, text="x" * 501, language="en")
    note = notes.own(case, first)
    assert note
    with pytest.raises(errors.NotAllowed):
        notes.answer(case=case, member=first, note_id=note.public_id, agrees=True)
    notes.answer(case=case, member=second, note_id=note.public_id, agrees=False)
    with pytest.raises(errors.Conflict):
        notes.answer(case=case, member=second, note_id=note.public_id, agrees=True)
    with pytest.raises(errors.Conflict):
        notes.write(case=case, member=first, text="Changed", language="en")


def test_figures_of_a_note_are_told_in_steps_of_five(inside: Scene) -> None:
    case, (first, *others) = case_of(inside), members(inside)
    score(case, first, 4)
    note = notes.write(case=case, member=first, text="Who cooks?", language="en")
    for member in others:
        assert notes.shown(case)[0].agreed is None
        score(case, member, 3)
        notes.answer(case=case, member=member, note_id=note.public_id, agrees=True)
    told = notes.shown(case)[0]
    assert told.agreed
    assert told.disagreed
    assert (told.agreed.low, told.disagreed.high) == (5, 0)


def test_who_stays_out_later_takes_their_note_and_views_along(inside: Scene) -> None:
    case, (first, second, *_rest) = case_of(inside), members(inside)
    for member in (first, second):
        score(case, member, 4)
        notes.write(case=case, member=member, text="A note", language="en")
    theirs = notes.own(case, second)
    assert theirs
    notes.answer(case=case, member=first, note_id=theirs.public_id, agrees=True)
    services.declare_conflict(case=case, member=first, level="close")
    assert [each.public_id for each in notes.shown(case)] == [theirs.public_id]
    assert db.session.scalar(select(func.count()).select_from(NoteView)) == 0


def test_members_write_and_answer_notes_on_the_phone(
    app: Flask, scene: Scene, join: Callable[[int], CheckedClient]
) -> None:
    with app.test_request_context():
        for member in members(scene)[:2]:
            score(case_of(scene), member, 4)
        db.session.commit()
    path = f"/my/cases/{scene.case_id}/notes"
    writes, reads = join(scene.members[0]), join(scene.members[1])
    assert writes.submit(path, {"text": "Who cooks?"}).status_code == 303
    assert writes.submit(path, {"text": " "}).status_code == 422
    assert "Who cooks?" in text_of(reads.page(path))
    assert reads.submit(path, {"view": "agree"}, action="/notes/").status_code == 303
    assert "You agree." in text_of(reads.page(path))
    assert join(scene.members[3]).get(path).status_code == 303


def test_conditions_and_a_short_reason_stand_beside_free_words(inside: Scene) -> None:
    let_vote(case_of(inside), members(inside)[:4], "fund")
    terms = Terms("need", ["insurance"], "Tell the caretaker a week before")
    for wrong in (Terms("nonsense"), Terms("", ["nonsense"])):
        with pytest.raises(errors.Refused):
            decide(inside, "fund", wrong)
    decision = decide(inside, "fund", terms)
    body = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert body
    for words in ("A clear need, clearly met", "you are insured", "Tell the caretaker"):
        assert words in body.wording["body"]
    assert (decision.reason_code, decision.conditions) == ("need", ["insurance"])


def test_conditions_go_with_money_only(inside: Scene) -> None:
    let_vote(case_of(inside), members(inside)[:4], "decline")
    with pytest.raises(errors.Refused, match="money only"):
        decide(inside, "decline", Terms("", ["insurance"]))
    assert decide(inside, "decline", Terms("risk")).reason_code == "risk"


def test_a_lost_quorum_is_mended_by_a_substitute_for_this_case_alone(inside: Scene) -> None:
    case, six = case_of(inside), members(inside)
    asked = make_members(case.panel, 1, state="invited")[0]
    with pytest.raises(errors.Conflict):
        substitutes.call(case=case, member=asked, actor="staff:test")
    with pytest.raises(errors.NotFound):
        services.declare_conflict(case=case, member=asked, level="none")
    for member in six[:4]:
        services.declare_conflict(case=case, member=member, level="close")
    assert substitutes.lacking(case) == 1
    with pytest.raises(errors.NotFound):
        substitutes.call(case=case, member=six[5], actor="staff:test")
    substitutes.call(case=case, member=asked, actor="staff:test")
    assert asked in queries.eligible_members(case)
    let_vote(case, [*six[4:], asked], "fund")
    decision = decide(inside, "fund", Terms())
    assert (decision.voted, decision.eligible) == (3, 3)


def test_organiser_calls_a_substitute_on_the_desk(
    app: Flask, scene: Scene, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.test_request_context():
        case = case_of(scene)
        make_members(case.panel, 1, state="invited")
        for member in members(scene)[:4]:
            services.declare_conflict(case=case, member=member, level="close")
        email = make_user("organiser", case.panel).email
        db.session.commit()
    desk = sign_in(email)
    path = f"/desk/{scene.slug}/grants/applications/{scene.application}"
    assert "It lacks 1 member" in text_of(desk.page(path))
    assert desk.submit(path, {}, action="/substitutes/").status_code == 303
    assert "It lacks" not in text_of(desk.page(path))
