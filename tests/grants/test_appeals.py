"""An appeal: one in time, by link, answered with a reason by somebody who took no part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.casework.models import Assessment
from panel_app.core import clock, crypto, errors
from panel_app.core.db import db
from panel_app.core.holdings import Who
from panel_app.grants import appeals, awards, holdings, links, services
from panel_app.grants.appeal_models import Appeal
from panel_app.grants.models import Application, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from panel_app.recruitment.models import Person
from panel_app.staff.models import User
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.casework import let_vote
from tests.factories.grants import make_application
from tests.grants.conftest import Scene

SAID = {"about": "facts", "words": "It is forty children, not four."}


def decided(scene: Scene, outcome: str = "decline", actor: str = "staff:recorder") -> Application:
    """Return an application that is decided; four members voted."""
    application = make_application(db.session.get_one(Programme, scene.programme))
    assert application.case
    members = [db.session.get_one(Member, number) for number in scene.members[:4]]
    let_vote(application.case, members, outcome)
    services.decide_application(
        application=application, outcome=outcome, reason="Too few children", actor=actor
    )
    return application


def staff(name: str = "Nia") -> User:
    """Return somebody on the desk."""
    user = User(email=f"{name}@example.org".lower(), name=name, password="x", fs_uniquifier=name)
    db.session.add(user)
    db.session.flush()
    return user


def answer(appeal: Appeal, outcome: str, user: User, reason: str = "We looked again") -> None:
    appeals.answer(
        appeal=appeal, outcome=outcome, reason=reason, user=user, actor=f"staff:{user.public_id}"
    )


def test_it_is_sent_by_link_and_answered_on_the_desk(
    app: Flask, scene: Scene, client: CheckedClient, enter: Callable[[Role], CheckedClient]
) -> None:
    with app.test_request_context():
        application = decided(scene)
        token = links.another(application).rpartition("/")[2]
        db.session.commit()
    assert "Appeal against the decision" in text_of(client.page(f"/a/{token}"))
    path = f"/a/{token}/appeal"
    assert client.submit(path, {"about": "facts", "words": ""}).status_code == 422
    assert client.submit(path, SAID).status_code == 303
    assert "Somebody who did not take part" in text_of(client.page(f"/a/{token}"))
    assert client.get(path).status_code == 303
    desk = enter("organiser")
    listed = desk.get(f"/desk/{scene.slug}/grants/appeals").text
    assert "To answer" in listed
    with app.app_context():
        appeal = db.session.scalars(select(Appeal)).one().public_id
    shown = f"/desk/{scene.slug}/grants/appeals/{appeal}"
    assert "forty children" in text_of(desk.page(shown))
    told = {"outcome": "stands", "reason": "Your plan says four children."}
    assert desk.submit(shown, told).status_code == 303
    assert "Your plan says four children." in text_of(client.page(f"/a/{token}"))
    with app.app_context():
        letter = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert letter
        assert "Your plan says four children." in letter.wording["body"]


def test_the_panel_decides_again_and_the_money_comes_back(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application = decided(scene, "part")
        round_ = db.session.get_one(Round, scene.round)
        assert round_.awarded
        appeal = appeals.send(application=application, about="process", words="No quorum")
        answer(appeal, "again", staff())
        assert (application.state, round_.awarded) == ("submitted", 0)
        assert application.case
        assert application.case.state == "open"
        assert not application.case.vote_anew
        members = [db.session.get_one(Member, number) for number in scene.members[:4]]
        let_vote(application.case, members, "decline")
        services.decide_application(
            application=application, outcome="decline", reason="As before", actor="staff:recorder"
        )
        assert appeals.open_until(application) is not None


def test_nobody_who_voted_scored_or_recorded_answers(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        recorder, scorer, voter, other = map(staff, ("Rec", "Sco", "Vot", "Nia"))
        application = decided(scene, actor=f"staff:{recorder.public_id}")
        case = application.case
        assert case
        db.session.add(
            Assessment(case_id=case.id, staff_id=scorer.id, scheme_id=case.scheme_id, reason="…")
        )
        key = crypto.new_person_key()
        db.session.add(
            Person(
                panel_id=scene.panel,
                reference="1",
                features={},
                person_key=key,
                sealed=crypto.seal({"email": "VOT@example.org"}, key),
                member_id=scene.members[0],
            )
        )
        db.session.flush()
        appeal = appeals.send(application=application, **SAID)
        for barred in (recorder, scorer, voter):
            with pytest.raises(errors.NotAllowed):
                answer(appeal, "stands", barred)
        with pytest.raises(errors.Refused):
            answer(appeal, "stands", other, reason=" ")
        answer(appeal, "stands", other)
        with pytest.raises(errors.Conflict):
            answer(appeal, "again", other)


def test_only_one_and_in_time(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application = decided(scene)
        assert application.decision
        application.programme.appeal_days = 3
        application.decision.decided_at = clock.now() - timedelta(days=3, seconds=1)
        with pytest.raises(errors.Conflict):
            appeals.send(application=application, **SAID)
        application.decision.decided_at = clock.now() - timedelta(days=2)
        appeals.send(application=application, **SAID)
        with pytest.raises(errors.Conflict):
            appeals.send(application=application, **SAID)


def test_what_was_given_in_full_or_accepted_is_not_appealed_against(
    app: Flask, scene: Scene
) -> None:
    with app.test_request_context():
        assert appeals.open_until(decided(scene, "fund")) is None
        part = decided(scene, "part")
        assert appeals.open_until(part) is not None
        award = awards.standing_award(part)
        assert award
        awards.accept(award=award, may_name=False, pay_by="cheque")
        assert appeals.open_until(part) is None


def test_words_go_with_the_person(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        application = decided(scene)
        appeal = appeals.send(application=application, **SAID)
        assert b"forty" not in appeal.content
        holdings.erase(Who([f"application:{application.public_id}"]), "staff:test")
        assert "forty" not in str(dict(appeals.words_of(appeal)))
