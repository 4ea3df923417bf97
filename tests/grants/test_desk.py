"""Organisers set up and decide at the desk; others may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.casework import queries, services
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.grants import services as services_of_grants
from panel_app.grants.models import Application, Award, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.casework import let_vote, score
from tests.factories.grants import MISSIONS, make_application, make_programme, make_round
from tests.factories.panels import make_panel
from tests.grants.conftest import Scene

Enter = Callable[[Role], CheckedClient]


def voted(app: Flask, scene: Scene, outcome: str = "fund", *, stays_open: bool = False) -> str:
    """Make an application that three members voted on; return its public identifier."""
    with app.test_request_context():
        application = make_application(db.session.get_one(Programme, scene.programme))
        assert application.case
        members = [db.session.get_one(Member, number) for number in scene.members[:3]]
        let_vote(application.case, members, outcome, stays_open=stays_open)
        db.session.commit()
        return application.public_id


def test_organiser_sets_up_programme_and_round(app: Flask, scene: Scene, enter: Enter) -> None:
    desk = enter("organiser")
    grants = f"/desk/{scene.slug}/grants"
    sent = {
        "name_en": "Spring grants",
        "summary_en": "For spring",
        "missions_en": "Eat well\nBe safe",
        "missions_ar": "كل جيدًا\nكن آمنًا",
        "criteria_en": "How useful is it?",
        "slug": "spring",
        "largest_grant": "£2,000",
        "quorum": "3",
    }
    assert desk.submit(f"{grants}/programmes/new", sent).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Programme).where(Programme.slug == "spring")).one()
        assert made.largest_grant == 200_000
        assert [m.code for m in made.missions] == ["eat-well", "be-safe"]
        assert made.missions[1].title.in_language("ar").text == "كن آمنًا"
        number = made.public_id
    dates = {
        "opens_at": "2027-01-01T09:00",
        "closes_at": "2027-07-10T17:00",
        "meets_at": "2027-07-14T18:30",
        "pot": "10000",
    }
    assert desk.submit(f"{grants}/programmes/{number}/rounds/new", dates).status_code == 303
    with app.app_context():
        added = db.session.scalars(select(Round).order_by(Round.id.desc())).first()
        assert added
        assert (added.number, added.pot) == (1, 1_000_000)
        assert added.closes_at.isoformat() == "2027-07-10T16:00:00+00:00"
    assert "Spring grants" in text_of(desk.page(grants))


def test_organiser_changes_how_it_is_scored_and_is_told_what_that_voids(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    with app.test_request_context():
        case = make_application(db.session.get_one(Programme, scene.programme)).case
        assert case
        for number in scene.members:
            score(case, db.session.get_one(Member, number), 4)
        db.session.commit()
        path = f"/desk/{scene.slug}/schemes/{case.scheme.public_id}"
        case_id = case.public_id
    desk = enter("organiser")
    ranked = text_of(desk.page(f"/desk/{scene.slug}/grants/rounds/{scene.round_id}/ranking"))
    assert "Saturday breakfast club" in ranked
    assert "80" in ranked
    assert "Scores: 6; cases: 1" in text_of(desk.page(path))
    sent = {
        "weight-1": "60",
        "question-2_en": "Is it safe?",
        "guide-2_en": "No\nYes",
        "weight-2": "30",
    }
    answer = desk.submit(path, sent)
    assert answer.status_code == 422
    assert "together they are 90" in answer.text
    assert "Is it safe?" in answer.text
    answer = desk.submit(path, {**sent, "weight-2": "40", "scorers": "both"})
    assert answer.status_code == 303
    assert "version 2" in text_of(desk.page(answer.headers["Location"]))
    own = f"/desk/{scene.slug}/cases/{case_id}/score"
    names = {i.get("name", "") for i in desk.page(own).iter("input") if i.get("type") == "radio"}
    assert len(names) == 2
    answer = desk.submit(own, {**dict.fromkeys(names, "1"), "reason": "Sound"})
    assert answer.status_code == 303


def test_missions_that_begin_alike_are_all_kept(app: Flask, scene: Scene, enter: Enter) -> None:
    alike = "Everyone has enough to eat every single day, "
    sent = {
        "name_en": "Spring grants",
        "summary_en": "For spring",
        "missions_en": f"{alike}at home\n{alike}at school\nসবাই খায়",
        "criteria_en": "How useful is it?",
        "slug": "spring",
        "largest_grant": "2000",
        "quorum": "3",
    }
    assert (
        enter("organiser").submit(f"/desk/{scene.slug}/grants/programmes/new", sent).status_code
        == 303
    )
    with app.app_context():
        made = db.session.scalars(select(Programme).where(Programme.slug == "spring")).one()
        codes = [mission.code for mission in made.missions]
    assert len(set(codes)) == 3
    assert max(map(len, codes)) <= 40


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("slug", "Not a slug"),
        ("largest_grant", "-5"),
        ("largest_grant", "1e309"),
        ("quorum", "0"),
        ("quorum", "99"),
        ("name_en", ""),
        ("missions_ar", "سطر"),
        ("criteria_en", "\u202e"),
    ],
)
def test_faulty_programme_is_shown_again(
    scene: Scene, enter: Enter, field: str, typed: str
) -> None:
    sent = {
        "name_en": "Spring grants",
        "summary_en": "For spring",
        "missions_en": "Eat well\nBe safe",
        "criteria_en": "How useful is it?",
        "slug": "spring",
        "largest_grant": "2000",
        "quorum": "3",
        field: typed,
    }
    answer = enter("organiser").submit(f"/desk/{scene.slug}/grants/programmes/new", sent)
    assert answer.status_code == 422
    assert "For spring" in answer.text


def test_words_of_a_programme_are_changed_and_translated(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    desk = enter("organiser")
    path = f"/desk/{scene.slug}/grants/programmes/{scene.programme_id}/edit"
    sent = {"name_en": "Neighbour grants", "criteria_ar": "ما مدى فائدته؟"}
    assert desk.submit(path, sent).status_code == 303
    with app.app_context():
        programme = db.session.get_one(Programme, scene.programme)
        assert programme.name == Translated.of(en="Neighbour grants", ar="منح صغيرة")
        assert [m.code for m in programme.missions] == list(MISSIONS)
        question = programme.scheme.criteria[0].question
        assert question.only_in("ar") == "ما مدى فائدته؟"
        assert question.only_in("bn")
    for field in ("missions_en", "criteria_en"):
        answer = desk.submit(path, {field: "One\nTwo\nThree", "name_en": "Kept as typed"})
        assert answer.status_code == 422
        assert "Kept as typed" in answer.text


def test_dates_and_pot_of_a_round_are_changed(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene)
    desk = enter("organiser")
    path = f"/desk/{scene.slug}/grants/rounds/{scene.round_id}"
    with app.app_context():
        before = db.session.get_one(Round, scene.round).closes_at
    assert desk.submit(f"{path}/edit", {"pot": "1,850"}).status_code == 303
    with app.app_context():
        changed = db.session.get_one(Round, scene.round)
        assert changed.pot == 185_000
        assert abs(changed.closes_at - before) < timedelta(minutes=1)
    sent = {"outcome": "fund", "reason": "A clear need"}
    decided = f"/desk/{scene.slug}/grants/applications/{number}"
    assert desk.submit(decided, sent, action="decision").status_code == 303
    for pot in ("1849.99", "0", "-1", "1.000,00", "18.505"):
        answer = desk.submit(f"{path}/edit", {"pot": pot})
        assert answer.status_code == 422, pot
        assert pot in answer.text
    with app.app_context():
        changed = db.session.get_one(Round, scene.round)
        assert (changed.pot, changed.committed) == (185_000, 185_000)
        changed.state = "closed"
        db.session.commit()
    assert desk.submit(f"{path}/edit", {"pot": "9000"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "typed"),
    [("closes_at", "2026-12-01T09:00"), ("meets_at", "2027-01-01T09:00"), ("pot", "0")],
)
def test_faulty_round_is_shown_again(scene: Scene, enter: Enter, field: str, typed: str) -> None:
    sent = {
        "opens_at": "2027-01-01T09:00",
        "closes_at": "2027-01-10T17:00",
        "meets_at": "2027-01-14T18:30",
        "pot": "10000",
        field: typed,
    }
    path = f"/desk/{scene.slug}/grants/programmes/{scene.programme_id}/rounds/new"
    assert enter("organiser").submit(path, sent).status_code == 422


def test_facilitator_records_the_decision(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene)
    desk, path = enter("facilitator"), f"/desk/{scene.slug}/grants/applications/{number}"
    shown = text_of(desk.page(path))
    assert "3 of 6 have voted" in shown
    assert "Quillfeather" not in shown
    sent = {"outcome": "fund", "reason": "A clear need"}
    assert desk.submit(path, sent, action="decision").status_code == 303
    assert "Funded: £1,850" in text_of(desk.page(path))
    with app.app_context():
        assert db.session.scalars(select(Award)).one().amount == 185_000


def test_the_page_offers_what_the_votes_and_the_pot_allow(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    path = f"/desk/{scene.slug}/grants/applications/{voted(app, scene, 'part')}"
    desk = enter("facilitator")
    page = desk.page(path)
    assert "The votes say: Fund part of it, £800." in text_of(page)
    assert "Fund part of it: £800" in text_of(page)
    assert "only the outcome is shown" in text_of(page)
    with app.app_context():
        db.session.get_one(Round, scene.round).pot = 72_001
        db.session.commit()
    key = desk.token_on(path)
    stale = {"csrf_token": key, "outcome": "part", "shown": "80000", "reason": "As much as we can"}
    answer = desk.post(f"{path}/decision", data=stale)
    assert (answer.status_code, "£720.01" in answer.text) == (422, True)
    sent = {"outcome": "part", "reason": "As much as we can"}
    assert desk.submit(path, sent, action="decision").status_code == 303
    shown = text_of(desk.page(path))
    assert "Funded in part: £720.01" in shown
    assert "This is what was left." in shown


def test_refused_decision_keeps_the_reason(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene)
    with app.app_context():
        db.session.get_one(Round, scene.round).pot = 100
        db.session.commit()
    path = f"/desk/{scene.slug}/grants/applications/{number}"
    sent = {"outcome": "fund", "reason": "Everyone would be glad"}
    answer = enter("facilitator").submit(path, sent, action="decision")
    assert answer.status_code == 422
    assert "£1 left" in answer.text
    assert "Everyone would be glad" in answer.text


def test_a_reason_that_may_name_somebody_is_asked_about(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    number = voted(app, scene)
    desk, path = enter("facilitator"), f"/desk/{scene.slug}/grants/applications/{number}"
    sent = {"outcome": "fund", "reason": "Rosa and Mrs Bell know the block"}
    asked = desk.submit(path, sent, action="decision")
    assert "Mrs Bell" in asked.text
    assert "know the block" in asked.text
    with app.app_context():
        assert db.session.scalars(select(Award)).all() == []
    whole = {**sent, "reason": "Rosa Quillfeather cooks", "anyway": "yes"}
    assert desk.submit(path, whole, action="decision").status_code == 422
    assert desk.submit(path, {**sent, "anyway": "yes"}, action="decision").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Award)).one().amount == 185_000


def test_no_decision_is_taken_while_the_vote_is_open(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    number = voted(app, scene)
    desk, path = enter("facilitator"), f"/desk/{scene.slug}/grants/applications/{number}"
    key = desk.token_on(path)
    desk.submit(path, button="Open the vote again")
    assert "Record the decision" not in text_of(desk.page(path))
    for outcome in ("fund", "decline", "defer"):
        sent = {"csrf_token": key, "outcome": outcome, "reason": "As we said"}
        answer = desk.post(f"{path}/decision", data=sent)
        assert "Close the vote first" in answer.text
        assert "The votes say" not in answer.text
        assert "As we said" in answer.text


def test_letter_without_contact_is_handed_over(app: Flask, scene: Scene, enter: Enter) -> None:
    with app.test_request_context():
        unreachable = {"name": "Rosa Quillfeather", "contact": ""}
        application = make_application(
            db.session.get_one(Programme, scene.programme), language="ar", contact=unreachable
        )
        services_of_grants.decide_application(
            application=application,
            outcome="defer",
            amount=None,
            reason="Later",
            actor="staff:test",
        )
        db.session.commit()
        number = db.session.scalars(select(Message.public_id)).one()
    shown = text_of(enter("organiser").page(f"/desk/{scene.slug}/outbox/{number}"))
    assert "Rosa Quillfeather" in shown
    assert "hand it over in person" in shown


def test_votes_are_counted_only_once_closed(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene, stays_open=True)
    desk, path = enter("facilitator"), f"/desk/{scene.slug}/grants/applications/{number}"
    assert "The votes say" not in text_of(desk.page(path))
    desk.submit(path, button="Close the vote")
    assert "The votes say: Fund it, £1,850." in text_of(desk.page(path))
    desk.submit(path, button="Open the vote again")
    assert "The votes say" not in text_of(desk.page(path))


def test_decisions_lie_in_the_outbox_for_organisers_only(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    number = voted(app, scene)
    organiser, facilitator = enter("organiser"), enter("facilitator")
    sent = {"outcome": "fund", "reason": "A clear need"}
    facilitator.submit(f"/desk/{scene.slug}/grants/applications/{number}", sent, action="decision")
    assert facilitator.get(f"/desk/{scene.slug}/outbox").status_code == 403
    with app.app_context():
        letter = db.session.scalars(select(Message.public_id)).one()
    path = f"/desk/{scene.slug}/outbox/{letter}"
    assert facilitator.get(path).status_code == 403
    assert "rosa@example.org" in text_of(organiser.page(f"/desk/{scene.slug}/outbox"))
    assert "A clear need" in text_of(organiser.page(path))


def test_name_and_contact_are_shown_to_organisers_and_each_look_is_recorded(
    app: Flask, scene: Scene, enter: Enter
) -> None:
    path = f"/desk/{scene.slug}/grants/applications/{voted(app, scene)}"
    organiser, facilitator = enter("organiser"), enter("facilitator")
    for desk in (organiser, facilitator):
        assert "rosa@example.org" not in desk.get(path).text
    key = facilitator.token_on(path)
    assert facilitator.post(path, data={"csrf_token": key}).status_code == 403
    for _look in range(2):
        answer = organiser.submit(path, button="Show name and contact")
        assert "Rosa Quillfeather" in answer.text
        assert "rosa@example.org" in answer.text
    with app.app_context():
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "contact.seen"))
        looked = [(entry.actor, entry.subject) for entry in looks]
    assert len(looked) == 2
    assert all(actor.startswith("staff:") for actor, _ in looked)
    assert "Rosa" not in repr(looked)


def test_round_is_closed_with_a_second_step(app: Flask, scene: Scene, enter: Enter) -> None:
    desk, path = enter("organiser"), f"/desk/{scene.slug}/grants/rounds/{scene.round_id}"
    assert "Yes, close it" in text_of(desk.page(f"{path}/close"))
    desk.submit(f"{path}/close", button="Yes")
    with app.app_context():
        assert db.session.get_one(Round, scene.round).state == "closed"


def test_observer_looks_but_does_not_touch(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene)
    desk = enter("observer")
    desk.page(f"/desk/{scene.slug}/grants")
    desk.page(f"/desk/{scene.slug}/grants/rounds/{scene.round_id}")
    assert desk.get(f"/desk/{scene.slug}/grants/applications/{number}").status_code == 403
    assert desk.get(f"/desk/{scene.slug}/grants/programmes/new").status_code == 403


def test_another_panels_things_are_not_there(app: Flask, scene: Scene, enter: Enter) -> None:
    with app.app_context():
        other = make_panel()
        programme = make_programme(other)
        round_ = make_round(programme)
        application = make_application(programme)
        assert application.case
        db.session.commit()
        paths = (
            f"programmes/{programme.public_id}/rounds/new",
            f"programmes/{programme.public_id}/edit",
            f"rounds/{round_.public_id}/edit",
            f"rounds/{round_.public_id}",
            f"rounds/{round_.public_id}/close",
            f"applications/{application.public_id}",
        )
        slug = other.slug
    desk = enter("organiser")
    for path in paths:
        assert desk.get(f"/desk/{scene.slug}/grants/{path}").status_code == 404
        assert desk.get(f"/desk/{slug}/grants/{path}").status_code == 404


def test_organiser_lets_a_member_answer_again(app: Flask, scene: Scene, enter: Enter) -> None:
    number = voted(app, scene)
    with app.test_request_context():
        case = db.session.scalars(select(Application)).one().case
        assert case
        member = db.session.get_one(Member, scene.members[0])
        services.declare_conflict(case=case, member=member, level="direct")
        db.session.commit()
    desk, path = enter("organiser"), f"/desk/{scene.slug}/grants/applications/{number}"
    assert "Seat 1: stays out" in text_of(desk.page(path))
    desk.submit(path, button="Let them answer again")
    with app.app_context():
        case = db.session.scalars(select(Application)).one().case
        assert case
        assert queries.declarations(case) == []
