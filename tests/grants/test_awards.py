"""The life of an award: accepted or turned down, checked, cancelled, returned; the pot holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from panel_app.casework import services as casework
from panel_app.casework.decisions import Terms
from panel_app.core import errors
from panel_app.core.db import db
from panel_app.grants import annulments, awards, checks, payments, rules
from panel_app.grants.award_models import Payment
from panel_app.grants.models import Application, Award, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from panel_app.staff.models import User
from tests.checked_client import text_of
from tests.conftest import new_client
from tests.factories.awards import RELEASER, make_award, make_payable, make_payment
from tests.factories.casework import let_vote
from tests.factories.grants import make_application, make_draft, make_programme, make_round
from tests.factories.panels import make_members, make_panel
from tests.grants.conftest import Scene


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def offered(scene: Scene, terms: Terms = Terms(), **more: str) -> Award:  # noqa: B008 - frozen
    members = [db.session.get_one(Member, number) for number in scene.members[:4]]
    programme = db.session.get_one(Programme, scene.programme)
    return make_award(programme, members, terms=terms, kind=more.get("kind", "individual"))


def left(scene: Scene) -> int:
    return db.session.get_one(Round, scene.round, populate_existing=True).left


def test_a_grant_is_accepted_once_with_its_terms(inside: Scene) -> None:
    award = offered(inside)
    with pytest.raises(errors.Refused):
        awards.accept(award=award, may_name=False, pay_by="gold")
    awards.accept(award=award, may_name=True, pay_by="cheque")
    assert (award.state, award.may_name, award.terms_digest) == (
        "accepted",
        True,
        awards.terms_digest(),
    )
    for again in (
        lambda: awards.accept(award=award, may_name=False, pay_by="bank"),
        lambda: awards.decline(award=award),
    ):
        with pytest.raises(errors.Conflict):
            again()


def test_what_is_turned_down_or_cancelled_goes_back_to_the_pot(inside: Scene) -> None:
    first, second = offered(inside), offered(inside)
    awards.decline(award=first)
    assert (first.state, left(inside)) == ("cancelled", 1_000_000 - 185_000)
    with pytest.raises(errors.Refused):
        awards.cancel(award=second, reason=" ", actor="staff:test")
    assert awards.cancel(award=second, reason="They moved", actor="staff:test") == 185_000
    assert left(inside) == 1_000_000
    with pytest.raises(errors.Conflict):
        awards.cancel(award=second, reason="Again", actor="staff:test")
    told = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert told
    assert "They moved" in told.wording["body"]


def test_only_the_unpaid_part_of_a_cancelled_grant_comes_back(inside: Scene) -> None:
    award = make_payable(offered(inside))
    line = make_payment(award, 100_000)
    payments.release(payment=line, actor=RELEASER)
    with pytest.raises(errors.Conflict, match="on its way"):
        awards.cancel(award=award, reason="They moved", actor="staff:test")
    payments.settle(payment=line, outcome="paid", actor="staff:test")
    rest = make_payment(award, 85_000)
    assert awards.cancel(award=award, reason="They moved", actor="staff:test") == 85_000
    assert (rest.state, award.stands, left(inside)) == ("dropped", 100_000, 900_000)
    payments.settle(payment=line, outcome="returned", actor="staff:test")
    assert (award.state, left(inside)) == ("returned", 1_000_000)


def test_a_paid_grant_is_not_annulled_before_its_money_is_back(inside: Scene) -> None:
    award = make_payable(offered(inside))
    line = make_payment(award)
    payments.release(payment=line, actor=RELEASER)
    payments.settle(payment=line, outcome="paid", actor="staff:test")
    assert award.state == "reporting"
    case = award.application.case
    assert case
    casework.declare_conflict(
        case=case, member=db.session.get_one(Member, inside.members[0]), level="close"
    )
    with pytest.raises(errors.Conflict, match="paid already"):
        annulments.annul_decision(
            application=award.application, reason="Too close", actor="staff:test"
        )


@given(
    kind=st.sampled_from(["individual", "group", "organisation"]),
    amount=st.integers(1, 500_000),
    more=st.integers(0, 500_000),
)
def test_more_money_never_needs_fewer_checks(kind: str, amount: int, more: int) -> None:
    fewer = set(rules.checks_needed(kind, amount, "bank"))
    assert fewer <= set(rules.checks_needed(kind, amount + more, "bank"))
    assert ("register" in fewer) == (kind == "organisation")


def test_it_can_be_decided_and_not_paid_before_checks_and_conditions(inside: Scene) -> None:
    award = offered(inside, Terms("", ["insurance"]), kind="organisation")
    awards.accept(award=award, may_name=True, pay_by="cheque")
    line = make_payment(award)
    missing = list(map(str, checks.missing(award)))
    assert len(missing) == 4
    with pytest.raises(errors.Refused):
        checks.check(award=award, kind="identity", note="Seen", actor="staff:test")
    for kind in ("register", "safeguarding", "insurance"):
        with pytest.raises(errors.Conflict):
            payments.release(payment=line, actor=RELEASER)
        with pytest.raises(errors.Refused):
            checks.check(award=award, kind=kind, note=" ", actor="staff:test")
        checks.check(award=award, kind=kind, note="Number 1157", actor="staff:test")
    with pytest.raises(errors.Conflict, match="conditions"):
        payments.release(payment=line, actor=RELEASER)
    awards.meet_conditions(award=award, actor="staff:test")
    payments.release(payment=line, actor=RELEASER)
    assert line.state == "released"
    assert b"1157" not in checks.done(award)["register"].note


def test_an_application_by_staff_a_member_or_the_same_contact_is_flagged(
    inside: Scene,
) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    assert make_application(programme).ties == []
    assert make_application(programme).ties == ["applicant"]
    db.session.add(User(email="ines@example.org", name="Ines", password="x", fs_uniquifier="one"))
    db.session.flush()
    contact = {"name": "Ines", "contact": "INES@example.org"}
    assert make_application(programme, contact=contact).ties == ["staff"]


def test_the_applicant_answers_three_questions_with_their_link(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        programme = db.session.get_one(Programme, scene.programme)
        draft, token = make_draft(programme)
        from panel_app.grants import services

        case = services.submit_application(application=draft).case
        assert case
        let_vote(case, [db.session.get_one(Member, n) for n in scene.members[:4]], "fund")
        services.decide_application(
            application=draft, outcome="fund", reason="Good", actor="staff:test"
        )
        db.session.commit()
    phone = new_client(app)
    assert "Accept the grant" in text_of(phone.page(f"/a/{token}"))
    path = f"/a/{token}/grant"
    assert phone.submit(path, {"accept": "yes"}).status_code == 422
    answer = phone.submit(path, {"accept": "yes", "may_name": "no", "pay_by": "bank"})
    assert answer.headers["Location"].endswith("/bank")
    wrong = {"name": "Rosa", "sort_code": "12-34-5", "number": "3192681x"}
    assert phone.submit(f"/a/{token}/bank", wrong).status_code == 422
    sound = {"name": "Rosa", "sort_code": "12 34 56", "number": "31926819"}
    assert phone.submit(f"/a/{token}/bank", sound).status_code == 303
    shown = text_of(phone.page(f"/a/{token}"))
    assert "ends in 19" in shown
    assert "31926819" not in shown


class Pot(RuleBasedStateMachine):
    """Awards accepted, part-paid, returned, cancelled and annulled in any order."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.test_request_context()
        self.context.push()
        panel = make_panel()
        self.members = make_members(panel, 2)
        self.programme = make_programme(panel, quorum=1)
        self.round = make_round(self.programme, pot=500_000)
        make_round(self.programme, closes_in=21, pot=100_000)
        self.awards: list[Award] = []
        db.session.commit()

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def try_to(self, act: Callable[[], object]) -> None:
        try:
            act()
        except errors.DomainError:
            db.session.rollback()
        else:
            db.session.commit()

    @rule(asks=st.integers(2, 200_000))
    def decide(self, asks: int) -> None:
        self.try_to(
            lambda: self.awards.append(make_award(self.programme, self.members[1:], asks=asks))
        )

    @precondition(lambda self: self.awards)
    @rule(which=st.integers(0, 99), share=st.integers(1, 3), data=st.data())
    def do_something(self, which: int, share: int, data: st.DataObject) -> None:
        award = self.awards[which % len(self.awards)]
        lines = db.session.scalars(select(Payment).where(Payment.award_id == award.id)).all()
        acts: dict[str, Callable[[], object]] = {
            "make payable": lambda: make_payable(award),
            "draft": lambda: make_payment(award, max(1, award.stands // share)),
            "decline": lambda: awards.decline(award=award),
            "cancel": lambda: awards.cancel(award=award, reason="Moved", actor="staff:test"),
            "close": lambda: awards.close(award=award, reason="Told", actor="staff:test"),
            "annul": lambda: self.annul(award),
        }
        for line in lines:
            acts |= {
                f"release {line.number}": lambda p=line: payments.release(  # type: ignore[misc]
                    payment=p, actor=RELEASER
                ),
                f"drop {line.number}": lambda p=line: payments.drop(  # type: ignore[misc]
                    payment=p, actor="staff:test"
                ),
            }
            for outcome in payments.SETTLED_FROM:
                acts[f"{outcome} {line.number}"] = lambda p=line, o=outcome: payments.settle(  # type: ignore[misc]
                    payment=p, outcome=o, actor="staff:test"
                )
        self.try_to(acts[data.draw(st.sampled_from(sorted(acts)))])

    def annul(self, award: Award) -> None:
        case = award.application.case
        assert case
        casework.declare_conflict(case=case, member=self.members[1], level="close")
        annulments.annul_decision(
            application=award.application, reason="Too close", actor="staff:test"
        )

    @invariant()
    def what_is_left_is_the_pot_less_what_is_awarded_and_more_what_came_back(self) -> None:
        for one in self.programme.rounds:
            db.session.refresh(one)
            ever = select(func.coalesce(func.sum(Award.amount), 0)).where(Award.round_id == one.id)
            back = select(func.coalesce(func.sum(Award.freed), 0)).where(Award.round_id == one.id)
            assert (one.committed, one.freed) == (db.session.scalar(ever), db.session.scalar(back))
            assert one.left == one.pot - one.committed + one.freed >= 0

    @invariant()
    def no_more_is_paid_than_stands(self) -> None:
        for award in db.session.scalars(select(Award)):
            assert awards.spent(award, "paid", "released") <= award.stands
            assert 0 <= award.freed <= award.amount


def test_the_pot_holds_to_the_penny_whatever_becomes_of_its_awards(app: Flask) -> None:
    Pot.app = app
    case = Pot.TestCase()
    case.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
    case.runTest()


def test_the_register_tells_what_stands(app: Flask, inside: Scene) -> None:
    from panel_app.grants.queries import register

    award = make_payable(offered(inside))
    panel = award.application.programme.panel
    line = make_payment(award, 100_000)
    payments.release(payment=line, actor=RELEASER)
    payments.settle(payment=line, outcome="paid", actor="staff:test")
    awards.cancel(award=award, reason="They moved", actor="staff:test")
    assert [row.amount for row in register(panel)] == [100_000]
    payments.settle(payment=line, outcome="returned", actor="staff:test")
    assert register(panel) == []
    assert line.due_on == date(2026, 12, 1)
    assert isinstance(award.application, Application)
