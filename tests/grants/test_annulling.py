"""A decision that somebody close to it took part in: flagged, annulled, its money back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from panel_app.casework import queries
from panel_app.casework import services as casework
from panel_app.casework.models import Decision, TookPart
from panel_app.core import clock, errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import annulments, rounds, services
from panel_app.grants.models import Application, Award, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.factories.casework import let_vote, score
from tests.factories.grants import make_application, make_programme, make_round
from tests.factories.panels import make_members, make_panel
from tests.grants.conftest import Scene


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def members(scene: Scene) -> list[Member]:
    return [db.session.get_one(Member, number) for number in scene.members]


def decided(scene: Scene, outcome: str = "fund") -> Application:
    """Return an application that the first four members decided on."""
    application = make_application(db.session.get_one(Programme, scene.programme))
    assert application.case
    let_vote(application.case, members(scene)[:4], outcome)
    services.decide_application(
        application=application, outcome=outcome, reason="A clear need", actor="staff:test"
    )
    return application


def declare_late(application: Application, member: Member) -> None:
    assert application.case
    casework.declare_conflict(case=application.case, member=member, level="close")


def annul(application: Application, reason: str = "One of us is close to it") -> Decision:
    return annulments.annul_decision(application=application, reason=reason, actor="staff:test")


def pot(scene: Scene) -> Round:
    return db.session.get_one(Round, scene.round, populate_existing=True)


def test_a_connection_of_who_took_part_flags_the_decision(inside: Scene) -> None:
    application = decided(inside)
    decision = application.decision
    assert decision
    took_part = set(db.session.scalars(select(TookPart.member_id)))
    assert took_part == set(inside.members[:4])
    declare_late(application, members(inside)[5])
    assert decision.flagged_at is None
    declare_late(application, members(inside)[0])
    assert decision.flagged_at
    assert application.state == "decided"
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry
    assert entry.details == {"stays_out": True, "decision_flagged": True}


def test_only_a_flagged_decision_is_annulled_and_only_with_a_reason(inside: Scene) -> None:
    application = decided(inside)
    with pytest.raises(errors.Conflict):
        annul(application)
    declare_late(application, members(inside)[0])
    for reason in ("", " \0"):
        with pytest.raises(errors.Refused):
            annul(application, reason)
    with pytest.raises(errors.Refused, match="public"):
        annul(application, "Rosa Quillfeather is a friend")


def test_annulling_brings_the_money_back_and_the_panel_decides_anew(inside: Scene) -> None:
    application = decided(inside)
    case, six = application.case, members(inside)
    assert case
    declare_late(application, six[0])
    first = annul(application)
    assert (pot(inside).committed, pot(inside).freed, pot(inside).left) == (185_000, 185_000, 10**6)
    assert (application.state, application.decision, case.annulled) == ("submitted", None, first)
    assert queries.standing(case).eligible == 5
    with pytest.raises(errors.Conflict):
        annul(application)
    let_vote(case, six[1:4], "part")
    second = services.decide_application(
        application=application, outcome="part", reason="Still a need", actor="staff:test"
    )
    assert (second.number, case.annulled, application.decision) == (2, None, second)
    assert pot(inside).left == 10**6 - 80_000
    bodies = [m.wording["body"] for m in db.session.scalars(select(Message).order_by(Message.id))]
    assert ["One of us is close to it" in body for body in bodies] == [False, True, False]


def test_who_stays_out_since_loses_their_scores_with_the_decision(inside: Scene) -> None:
    application = make_application(db.session.get_one(Programme, inside.programme))
    assert application.case
    score(application.case, members(inside)[0], 5)
    let_vote(application.case, members(inside)[:4], "decline")
    services.decide_application(
        application=application, outcome="decline", reason="Too risky", actor="staff:test"
    )
    declare_late(application, members(inside)[0])
    assert queries.assessment_of(application.case, members(inside)[0])
    annul(application)
    assert queries.assessment_of(application.case, members(inside)[0]) is None


def test_annulled_in_a_closed_round_it_waits_for_the_next(inside: Scene) -> None:
    application = decided(inside)
    declare_late(application, members(inside)[0])
    rounds.close_round(round_=pot(inside), actor="staff:test")
    db.session.commit()
    with pytest.raises(errors.Conflict, match="next round"):
        annul(application)
    db.session.rollback()
    assert pot(inside).freed == 0
    following = make_round(db.session.get_one(Programme, inside.programme), closes_in=21)
    annul(application)
    assert application.round_id == following.id
    assert (pot(inside).left, following.left) == (1_000_000, 1_000_000)


def test_organiser_annuls_on_the_desk_with_the_password_again(
    app: Flask,
    scene: Scene,
    enter: Callable[[Role], CheckedClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with app.test_request_context():
        application = decided(scene)
        declare_late(application, members(scene)[0])
        db.session.commit()
        number = application.public_id
    path = f"/desk/{scene.slug}/grants/applications/{number}"
    facilitator, organiser = enter("facilitator"), enter("organiser")
    assert "an organiser annuls it" in text_of(facilitator.page(path))
    assert facilitator.get(f"{path}/annul").status_code == 403
    rounds_page = text_of(organiser.page(f"/desk/{scene.slug}/grants/rounds/{scene.round_id}"))
    assert "a connection was declared after the decision" in rounds_page
    later = clock.now() + timedelta(minutes=16)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert "/verify" in organiser.get(f"{path}/annul").headers["Location"]
    answer = organiser.submit(f"{path}/annul", {"reason": "One of us is close to it"})
    assert answer.headers["Location"] == path
    shown = text_of(organiser.page(path))
    assert "The panel decides again" in shown
    assert "£10,000" in shown


class Pot(RuleBasedStateMachine):
    """Awards made and annulled in any order, beside the pot's own changes."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.test_request_context()
        self.context.push()
        panel = make_panel()
        self.members = make_members(panel, 2)
        self.programme = make_programme(panel, quorum=1)
        self.round = make_round(self.programme, pot=300_000)
        make_round(self.programme, closes_in=21, pot=200_000)
        self.decided: list[Application] = []
        db.session.commit()

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def try_to(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except errors.DomainError:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    @rule(asks=st.integers(2, 200_000), outcome=st.sampled_from(["fund", "part"]))
    def decide(self, asks: int, outcome: str) -> None:
        application = make_application(self.programme, asks=asks)
        assert application.case
        named = asks // 2 if outcome == "part" else None
        let_vote(application.case, self.members, outcome, amount=named)
        db.session.commit()
        for wanted in (outcome, "part"):
            if self.try_to(
                lambda wanted=wanted: services.decide_application(  # type: ignore[misc]
                    application=application, outcome=wanted, reason="Good", actor="staff:test"
                )
            ):
                self.decided.append(application)
                return

    @precondition(lambda self: self.decided)
    @rule(which=st.integers(0, 99))
    def annul(self, which: int) -> None:
        application = self.decided[which % len(self.decided)]
        declare_late(application, self.members[0])
        db.session.commit()
        self.try_to(lambda: annul(application))

    @precondition(lambda self: self.decided)
    @rule(which=st.integers(0, 99))
    def decide_anew(self, which: int) -> None:
        application = self.decided[which % len(self.decided)]
        if application.state != "submitted" or not application.case:
            return
        let_vote(application.case, self.members[1:], "fund")
        db.session.commit()
        self.try_to(
            lambda: services.decide_application(
                application=application, outcome="fund", reason="Good", actor="staff:test"
            )
        )

    @rule(pounds=st.integers(0, 4_000))
    def change_the_pot(self, pounds: int) -> None:
        dates = (self.round.opens_at, self.round.closes_at, self.round.meets_at)
        names = ("opens_at", "closes_at", "meets_at")
        self.try_to(
            lambda: rounds.change_round(
                round_=self.round,
                **dict(zip(names, dates, strict=True)),
                pot=pounds * 100,
                actor="staff:test",
            )
        )

    @rule()
    def close(self) -> None:
        self.try_to(lambda: rounds.close_round(round_=self.round, actor="staff:test"))

    @invariant()
    def what_is_left_is_the_pot_less_what_stands(self) -> None:
        for one in self.programme.rounds:
            db.session.refresh(one)
            ever = select(func.coalesce(func.sum(Award.amount), 0)).where(Award.round_id == one.id)
            back = ever.where(Award.annulled_at.is_not(None))
            assert (one.committed, one.freed) == (db.session.scalar(ever), db.session.scalar(back))
            assert one.left == one.pot - one.committed + one.freed >= 0


def test_the_pot_holds_to_the_penny_whatever_is_awarded_and_annulled(app: Flask) -> None:
    Pot.app = app
    case = Pot.TestCase()
    case.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
    case.runTest()
