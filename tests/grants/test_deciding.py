"""Committing money: once, within the pot, with a reason."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from panel_app.casework import services as casework
from panel_app.casework.models import Decision, DecisionVote
from panel_app.core import errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.grants import letters, rounds, services
from panel_app.grants.models import Application, Award, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from tests.factories.casework import let_vote
from tests.factories.grants import make_application, make_draft, make_programme, make_round
from tests.factories.panels import make_members, make_panel
from tests.grants.conftest import Scene


@pytest.fixture
def inside(app: Flask, scene: Scene) -> Iterator[Scene]:
    """Return the scene, inside the application."""
    with app.test_request_context():
        yield scene


def voted(scene: Scene, outcome: str, **made: object) -> Application:
    """Return an application that three members voted on."""
    application = make_application(db.session.get_one(Programme, scene.programme), **made)  # type: ignore[arg-type]
    members = [db.session.get_one(Member, number) for number in scene.members[:3]]
    assert application.case
    let_vote(application.case, members, outcome)
    return application


def decide(
    application: Application, outcome: str, amount: int | None = None, reason: str = "A clear need"
) -> Decision:
    return services.decide_application(
        application=application, outcome=outcome, amount=amount, reason=reason, actor="staff:test"
    )


def pot(scene: Scene) -> Round:
    return db.session.get_one(Round, scene.round, populate_existing=True)


def test_funding_commits_decision_award_message_and_audit_together(inside: Scene) -> None:
    application = voted(inside, "fund")
    decision = decide(application, "fund")
    assert (decision.outcome, decision.amount, decision.voted) == ("fund", 185_000, 3)
    award = db.session.scalars(select(Award)).one()
    assert (award.amount, award.decision_id) == (185_000, decision.id)
    assert pot(inside).committed == 185_000
    assert application.state == "decided"
    assert db.session.scalars(select(Message)).one().subject_ref.endswith(application.public_id)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry
    assert entry.action == "application.decided"
    assert entry.details["amount"] == 185_000


def test_a_part_is_what_the_votes_say(inside: Scene) -> None:
    application = voted(inside, "part")
    decision = decide(application, "part", 80_000)
    assert (decision.amount, decision.basis) == (80_000, "middle")
    assert pot(inside).committed == 80_000


@pytest.mark.parametrize("shown", [0, -1, 79_999, 185_000])
def test_another_amount_than_the_page_showed_is_not_recorded(inside: Scene, shown: int) -> None:
    application = voted(inside, "part")
    db.session.commit()
    with pytest.raises(errors.Conflict, match="£800"):
        decide(application, "part", shown)
    db.session.rollback()
    assert pot(inside).committed == 0


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [("fund", 1), ("decline", 185_000), ("defer", 5)]
    + [("part", amount) for amount in (None, 0, -1, 185_000, 185_001)],
)
def test_a_vote_names_an_amount_below_the_ask_for_a_part_only(
    inside: Scene, outcome: str, amount: int | None
) -> None:
    case = make_application(db.session.get_one(Programme, inside.programme)).case
    member = db.session.get_one(Member, inside.members[0])
    assert case
    casework.declare_conflict(case=case, member=member, level="none")
    casework.open_voting(case=case, actor="staff:test")
    with pytest.raises(errors.Refused) as refusal:
        casework.cast_decision_vote(case=case, member=member, outcome=outcome, amount=amount)
    assert refusal.value.field == "amount"


def test_most_who_want_to_give_are_never_outvoted_by_no(inside: Scene) -> None:
    application = make_application(db.session.get_one(Programme, inside.programme))
    members = [db.session.get_one(Member, number) for number in inside.members]
    assert application.case
    for outcome, voters in (("fund", members[:2]), ("part", members[2:4])):
        let_vote(application.case, voters, outcome, stays_open=True)
    let_vote(application.case, members[4:], "decline")
    decision = decide(application, "part")
    assert (decision.amount, decision.basis) == (80_000, "middle")
    assert decision.votes == {}, "two, two and two would tell much of each"


def test_declining_and_deferring_cost_nothing(inside: Scene) -> None:
    declined, deferred = voted(inside, "decline"), voted(inside, "defer")
    decide(declined, "decline")
    decide(deferred, "defer")
    assert pot(inside).committed == 0
    assert (declined.state, deferred.state) == ("decided", "submitted")
    assert db.session.scalar(select(func.count()).select_from(Award)) == 0


def test_too_small_a_pot_says_what_is_left(inside: Scene) -> None:
    pot(inside).pot = 200_000
    decide(voted(inside, "fund"), "fund")
    second = voted(inside, "fund")
    db.session.commit()
    with pytest.raises(errors.Conflict, match="£150 left"):
        decide(second, "fund")
    db.session.rollback()
    assert second.state == "submitted"
    assert pot(inside).committed == 185_000
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1
    rest = decide(second, "part")
    assert (rest.amount, rest.basis, pot(inside).left) == (15_000, "pot", 0)


def test_an_empty_pot_lets_it_wait(inside: Scene) -> None:
    pot(inside).pot = 185_000
    decide(voted(inside, "fund"), "fund")
    second = voted(inside, "fund")
    db.session.commit()
    for outcome in ("fund", "part"):
        with pytest.raises(errors.Conflict):
            decide(second, outcome)
        db.session.rollback()
    assert decide(second, "defer").amount is None


def test_second_approval_is_refused(inside: Scene) -> None:
    application = voted(inside, "fund")
    decide(application, "fund")
    with pytest.raises(errors.Conflict):
        decide(application, "fund")
    assert pot(inside).committed == 185_000


def test_withdrawn_or_closed_is_refused(inside: Scene) -> None:
    taken_back, late = voted(inside, "fund"), voted(inside, "fund")
    services.withdraw_application(application=taken_back)
    with pytest.raises(errors.Conflict):
        decide(taken_back, "fund")
    pot(inside).state = "closed"
    db.session.flush()
    with pytest.raises(errors.Conflict):
        decide(late, "fund")


@pytest.mark.parametrize("reason", ["", " ", "\0", "x" * 2_001])
def test_every_decision_has_a_reason(inside: Scene, reason: str) -> None:
    with pytest.raises(errors.Refused):
        decide(voted(inside, "decline"), "decline", reason=reason)


@pytest.mark.parametrize("reason", ["rosa  QUILLFEATHER cooks well", "Write to rosa@example.org"])
def test_reason_names_nobody(inside: Scene, reason: str) -> None:
    with pytest.raises(errors.Refused, match="public"):
        decide(voted(inside, "decline"), "decline", reason=reason)


def test_what_the_votes_say_is_recorded_or_nothing(inside: Scene) -> None:
    application = voted(inside, "decline")
    with pytest.raises(errors.Conflict):
        decide(application, "fund")
    assert pot(inside).committed == 0


@pytest.mark.parametrize("language", ["en", "ar", "bn"])
def test_applicant_is_told_in_their_language(inside: Scene, language: str) -> None:
    decide(voted(inside, "fund", language=language), "fund", reason="A clear need")
    message = db.session.scalars(select(Message)).one()
    wording = message.wording
    with force_locale(language):
        title = str(letters.AWARDED.subject).replace("((number))", "1")
    assert (message.language, wording["title"], wording["to"]) == (
        language,
        title,
        "rosa@example.org",
    )
    assert "A clear need" in wording["body"]
    assert ("English" in wording["body"]) is (language != "en")
    for secret in (b"A clear need", b"rosa@example.org"):
        assert secret not in message.sealed


def test_without_contact_the_letter_is_handed_over(inside: Scene) -> None:
    nobody = {"name": "", "contact": ""}
    decide(voted(inside, "decline", contact=nobody), "decline")
    message = db.session.scalars(select(Message)).one()
    assert (message.channel, message.wording["to"]) == ("letter", "")


def test_closing_a_round_closes_its_votes_and_forgets_them(inside: Scene) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    waiting = voted(inside, "fund")
    case = waiting.case
    assert case
    casework.open_voting(case=case, actor="staff:test")
    make_round(programme, closes_in=21)
    rounds.close_round(round_=pot(inside), actor="staff:test")
    assert not case.voting
    assert db.session.scalar(select(func.count()).select_from(DecisionVote)) == 0


def test_deferred_one_is_paid_from_the_round_that_decides_it(inside: Scene) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    application = voted(inside, "defer")
    decide(application, "defer", reason="Ask about insurance")
    following = make_round(programme, closes_in=21)
    rounds.close_round(round_=pot(inside), actor="staff:test")
    members = [db.session.get_one(Member, number) for number in inside.members[:3]]
    assert application.case
    let_vote(application.case, members, "fund")
    decide(application, "fund")
    assert (pot(inside).committed, following.committed) == (0, 185_000)
    assert db.session.scalars(select(Award)).one().round_id == following.id
    written = [m.wording["body"] for m in db.session.scalars(select(Message).order_by(Message.id))]
    assert ["Ask about insurance" in body for body in written] == [True, False]


def test_closing_a_round_moves_what_is_undecided(inside: Scene) -> None:
    programme = db.session.get_one(Programme, inside.programme)
    decided, waiting = voted(inside, "fund"), voted(inside, "fund")
    decide(decided, "fund")
    with pytest.raises(errors.Conflict):
        rounds.close_round(round_=pot(inside), actor="staff:test")
    following = make_round(programme, closes_in=21)
    assert rounds.close_round(round_=pot(inside), actor="staff:test") == 1
    assert (decided.round_id, waiting.round_id) == (inside.round, following.id)


STEPS = st.lists(
    st.tuples(
        st.integers(2, 2_000),
        st.sampled_from(["fund", "part", "decline", "defer"]),
        st.integers(1, 99),
    ),
    max_size=8,
)


@given(pot_pounds=st.integers(1, 4_000), steps=STEPS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_sequence_of_decisions_stays_within_the_pot(
    app: Flask, pot_pounds: int, steps: list[tuple[int, str, int]]
) -> None:
    with app.test_request_context():
        panel = make_panel()
        member = make_members(panel, 1)[0]
        programme = make_programme(panel, quorum=1)
        round_ = make_round(programme, pot=pot_pounds * 100)
        for asks, outcome, percent in steps:
            application = make_application(programme, asks=asks * 100)
            assert application.case
            named = asks * percent if outcome == "part" else None
            let_vote(application.case, [member], outcome, amount=named)
            db.session.commit()
            try:
                decide(application, outcome)
            except errors.DomainError:
                db.session.rollback()
            else:
                db.session.commit()
            paid = select(func.coalesce(func.sum(Award.amount), 0))
            awarded = db.session.scalar(paid.where(Award.round_id == round_.id))
            db.session.refresh(round_)
            assert 0 <= round_.committed == awarded <= round_.pot


@pytest.mark.parametrize("presses", [6, 40])
def test_simultaneous_approvals_never_pass_the_pot(app: Flask, scene: Scene, presses: int) -> None:
    with app.app_context():
        db.session.get_one(Round, scene.round).pot = 500_000
        numbers = [voted(scene, "fund").id for _each in range(min(presses, 6))]
        db.session.commit()
    start = threading.Barrier(presses)
    answers: list[str] = []

    def press(number: int) -> None:
        with app.test_request_context():
            start.wait()
            try:
                decide(db.session.get_one(Application, number), "fund")
                db.session.commit()
                answers.append("funded")
            except errors.Conflict:
                db.session.rollback()
                answers.append("refused")
            finally:
                db.session.remove()

    phones = [threading.Thread(target=press, args=(numbers[n % 6],)) for n in range(presses)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    with app.app_context():
        round_ = db.session.get_one(Round, scene.round)
        awarded = db.session.scalar(select(func.sum(Award.amount)))
        assert round_.committed == awarded == 2 * 185_000 <= round_.pot
        assert sorted(answers) == ["funded"] * 2 + ["refused"] * (presses - 2)


def test_a_draft_is_never_decided(inside: Scene) -> None:
    draft, _token = make_draft(db.session.get_one(Programme, inside.programme))
    with pytest.raises(errors.Conflict):
        decide(draft, "fund")
