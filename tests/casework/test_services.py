"""Declaring, scoring and voting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from panel_app.casework import decisions, queries, schemes, services
from panel_app.casework.models import Assessment, Case, DecisionVote, Scheme
from panel_app.core import errors, ids
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels.models import Member
from tests.casework.conftest import Scene
from tests.factories.casework import QUESTION, let_vote, score
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user


@pytest.fixture
def case(app: Flask, scene: Scene) -> Iterator[Case]:
    """Return the scene's case, inside the application."""
    with app.test_request_context():
        found = db.session.get(Case, scene.case)
        assert found
        yield found


def last_declared() -> AuditEntry:
    entries = db.session.query(AuditEntry).filter_by(action="conflict.declared")
    return entries.order_by(AuditEntry.number.desc()).first()  # type: ignore[return-value]


def members(scene: Scene) -> list[Member]:
    return [db.session.get_one(Member, number) for number in scene.members]


def test_nobody_scores_before_declaring(case: Case, scene: Scene) -> None:
    with pytest.raises(errors.NotAllowed):
        services.save_assessment(case=case, by=members(scene)[0], points={}, reason="x")


@pytest.mark.parametrize("level", ["close", "direct"])
def test_close_interest_keeps_out_of_scoring_and_voting(
    case: Case, scene: Scene, level: str
) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level=level)
    services.open_voting(case=case, actor="staff:test")
    with pytest.raises(errors.NotAllowed):
        services.save_assessment(case=case, by=member, points={}, reason="x")
    with pytest.raises(errors.NotAllowed):
        services.cast_decision_vote(case=case, member=member, outcome="fund")


@pytest.mark.parametrize("level", ["none", "know"])
def test_knowing_of_it_does_not_keep_out(case: Case, scene: Scene, level: str) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level=level)
    services.open_voting(case=case, actor="staff:test")
    services.cast_decision_vote(case=case, member=member, outcome="fund")
    assert queries.standing(case).votes == {"fund": 1}


def test_late_declaration_takes_score_and_vote_back(case: Case, scene: Scene) -> None:
    first, second, *_rest = members(scene)
    score(case, first, 5)
    score(case, second, 1)
    let_vote(case, [first, second], "fund", stays_open=True)
    services.declare_conflict(case=case, member=first, level="close")
    assert queries.standing(case).votes == {"fund": 1}
    assessed = queries.assessed(case)
    assert assessed
    assert len(assessed.reasons) == 1
    assert len(queries.eligible_members(case)) == 5


def test_staying_out_is_cleared_by_staff_only(case: Case, scene: Scene) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level="direct")
    with pytest.raises(errors.NotAllowed):
        services.declare_conflict(case=case, member=member, level="none")
    services.clear_conflict(case=case, member=member, actor="staff:test")
    services.declare_conflict(case=case, member=member, level="none")
    assert len(queries.eligible_members(case)) == 6


def test_declaring_after_the_decision_changes_nothing_of_it(case: Case, scene: Scene) -> None:
    first = members(scene)[0]
    score(case, first, 5)
    let_vote(case, members(scene)[:3], "decline")
    decisions.decide(case=case, outcome="decline", reason="Too risky")
    services.declare_conflict(case=case, member=first, level="close")
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1
    with pytest.raises(errors.Conflict):
        services.clear_conflict(case=case, member=first, actor="staff:test")


def test_a_vote_that_is_opened_again_starts_anew(case: Case, scene: Scene) -> None:
    let_vote(case, members(scene)[:3], "fund", stays_open=True)
    services.open_voting(case=case, actor="staff:test")
    assert queries.standing(case).votes == {"fund": 3}
    services.close_voting(case=case, actor="staff:test")
    services.open_voting(case=case, actor="staff:test")
    assert queries.standing(case).votes == {}


def test_nothing_is_decided_while_the_vote_is_open(case: Case, scene: Scene) -> None:
    let_vote(case, members(scene)[:3], "decline", stays_open=True)
    for outcome in ("fund", "decline", "defer"):
        with pytest.raises(errors.Conflict, match="Close the vote first"):
            decisions.decide(case=case, outcome=outcome, reason="x")


def test_who_leaves_or_joins_later_changes_nothing_that_was_cast(case: Case, scene: Scene) -> None:
    first, second, third, *_rest = members(scene)
    score(case, first, 5)
    let_vote(case, [first, second, third], "fund")
    before, scored = queries.standing(case), queries.assessed(case)
    assert (before.eligible, before.voted) == (6, 3)
    first.state = "left"
    make_members(case.panel, 2)
    db.session.flush()
    assert queries.standing(case) == before
    assert queries.assessed(case) == scored


def test_who_joined_after_the_vote_opened_takes_no_part(case: Case) -> None:
    services.open_voting(case=case, actor="staff:test")
    (late,) = make_members(case.panel, 1)
    services.declare_conflict(case=case, member=late, level="none")
    with pytest.raises(errors.NotAllowed):
        services.cast_decision_vote(case=case, member=late, outcome="fund")
    services.close_voting(case=case, actor="staff:test")
    services.open_voting(case=case, actor="staff:test")
    services.cast_decision_vote(case=case, member=late, outcome="fund")
    assert queries.standing(case).eligible == 7


def test_late_conflict_takes_a_person_out_and_says_so(case: Case, scene: Scene) -> None:
    four = members(scene)[:4]
    let_vote(case, four, "fund", stays_open=True)
    services.declare_conflict(case=case, member=four[0], level="close")
    stands = queries.standing(case)
    assert (stands.eligible, stands.voted, stands.taken_out) == (5, 3, 1)
    assert last_declared().details == {
        "stays_out": True,
        "taken_out_of_the_vote": True,
    }
    services.clear_conflict(case=case, member=four[0], actor="staff:test")
    stands = queries.standing(case)
    assert (stands.eligible, stands.voted, stands.taken_out) == (6, 3, 0)


def test_a_connection_told_after_the_vote_closed_ends_the_vote(case: Case, scene: Scene) -> None:
    six = members(scene)
    let_vote(case, six[:5], "fund", stays_open=True)
    let_vote(case, six[5:], "decline")
    services.declare_conflict(case=case, member=six[5], level="close")
    stands = queries.standing(case)
    assert (stands.votes, stands.voted, stands.eligible) == ({}, 0, 5)
    assert case.vote_anew
    assert last_declared().details == {
        "stays_out": True,
        "taken_out_of_the_vote": True,
        "vote_anew": True,
    }
    let_vote(case, six[:4], "fund")
    assert not case.vote_anew
    assert decisions.decide(case=case, outcome="fund", reason="Good").voted == 4


def test_who_was_not_in_the_vote_does_not_end_it(case: Case, scene: Scene) -> None:
    let_vote(case, members(scene), "fund")
    (late,) = make_members(case.panel, 1)
    services.declare_conflict(case=case, member=late, level="close")
    assert queries.standing(case).votes == {"fund": 6}


def test_vote_that_nobody_may_take_part_in_does_not_open(case: Case, scene: Scene) -> None:
    for member in members(scene):
        services.declare_conflict(case=case, member=member, level="direct")
    with pytest.raises(errors.Refused):
        services.open_voting(case=case, actor="staff:test")


def test_audit_log_tells_staying_out_but_not_why(case: Case, scene: Scene) -> None:
    services.declare_conflict(case=case, member=members(scene)[0], level="direct")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry
    assert entry.details == {"stays_out": True}


@pytest.mark.parametrize("points", [-1, 6, 10**30])
def test_scores_outside_the_scale_are_refused(case: Case, scene: Scene, points: int) -> None:
    with pytest.raises(errors.Refused):
        score(case, members(scene)[0], points)


def test_every_question_needs_a_score(case: Case, scene: Scene) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level="none")
    with pytest.raises(errors.Refused):
        services.save_assessment(case=case, by=member, points={}, reason="x")


@pytest.mark.parametrize("reason", ["", "  \n", "\0\u202e", "x" * 2_001])
def test_a_score_needs_a_reason_of_bearable_length(case: Case, scene: Scene, reason: str) -> None:
    with pytest.raises(errors.Refused):
        score(case, members(scene)[0], 3, reason)


def test_second_score_counts_in_place_of_the_first_and_both_stay(case: Case, scene: Scene) -> None:
    member = members(scene)[0]
    score(case, member, 1)
    score(case, member, 5, "Better on second reading")
    assessed = queries.assessed(case)
    assert assessed
    assert assessed.reasons == ["Better on second reading"]
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_a_change_after_others_could_be_seen_needs_a_reason(case: Case, scene: Scene) -> None:
    first, second, *_rest = members(scene)
    score(case, first, 5)
    score(case, second, 2)
    with pytest.raises(errors.Refused) as refusal:
        score(case, first, 3)
    assert refusal.value.field == "why"
    score(case, first, 3, why="Their costs are vague")
    whys = db.session.scalars(select(Assessment.why).order_by(Assessment.id)).all()
    assert whys == ["", "", "Their costs are vague"]


def test_others_scores_only_after_ones_own(case: Case, scene: Scene) -> None:
    first, second, *_rest = members(scene)
    score(case, first, 5)
    services.declare_conflict(case=case, member=second, level="none")
    assert queries.assessed_for(case, second) is None
    score(case, second, 2)
    seen = queries.assessed_for(case, second)
    assert seen
    assert (seen.people, seen.spreads, len(seen.reasons)) == (0, [], 2)


def test_figures_are_of_five_and_stay_until_five_more(case: Case, scene: Scene) -> None:
    six = members(scene)
    for number, member in enumerate(six[:4]):
        score(case, member, number)
        seen = queries.assessed(case)
        assert seen
        assert seen.people == 0
    score(case, six[4], 4)
    seen = queries.assessed(case)
    assert seen
    assert (seen.people, seen.total, seen.spreads[0].mean) == (5, 40.0, 2.0)
    assert seen.spreads[0].rows == [], "one each would tell everybody's"
    score(case, six[5], 5)
    score(case, six[0], 5, why="I read it again")
    after = queries.assessed(case)
    assert after
    assert (after.people, after.total) == (5, 40.0)
    assert [place.total for place in queries.ranking([case])] == [40]


def test_a_late_connection_hides_figures_that_would_tell_that_persons(
    case: Case, scene: Scene
) -> None:
    six = members(scene)
    for member in six:
        score(case, member, 3)
    services.declare_conflict(case=case, member=six[0], level="close")
    seen = queries.assessed(case)
    assert seen
    assert seen.people == 0


def test_an_assessor_is_a_member_or_a_staff_account(case: Case, scene: Scene) -> None:
    user = make_user("facilitator", case.panel)
    points = {criterion.public_id: 3 for criterion in case.scheme.criteria}
    with pytest.raises(errors.NotAllowed):
        services.save_assessment(case=case, by=user, points=points, reason="x")
    case.scheme.scorers = "both"
    services.save_assessment(case=case, by=user, points=points, reason="Sound")
    member = members(scene)[0]
    score(case, member, 3)
    for both in ({"member_id": member.id, "staff_id": user.id}, {}):
        row = {"public_id": ids.public_id(), "case_id": case.id, "scheme_id": case.scheme_id}
        with pytest.raises(IntegrityError, match="assessor"), db.session.begin_nested():
            db.session.execute(insert(Assessment).values(**row, **both))
    case.scheme.scorers = "staff"
    with pytest.raises(errors.NotAllowed):
        score(case, member, 3)


def scored(case: Case, *weights: int, least: int | None = None) -> list[schemes.Scored]:
    guide = [Translated.of(en=words) for words in ("No", "Partly", "Yes")]
    return [
        schemes.Scored(question=QUESTION, guide=guide, weight=weight, least=least)
        for weight in weights
    ]


def revise(case: Case, criteria: list[schemes.Scored]) -> Scheme:
    return schemes.revise(
        scheme=case.scheme, quorum=3, scorers="members", criteria=criteria, actor="staff:test"
    )


@pytest.mark.parametrize("weights", [(50, 49), (100, 1), (101,), (0, 100)])
def test_weights_sum_to_a_hundred(case: Case, weights: tuple[int, ...]) -> None:
    with pytest.raises(errors.Refused) as refusal:
        revise(case, scored(case, *weights))
    assert "weight" in str(refusal.value.message)


def test_before_the_first_score_a_scheme_is_changed_in_place(case: Case) -> None:
    scheme = revise(case, scored(case, 70, 30))
    assert (scheme.version, scheme.id) == (1, case.scheme_id)
    assert [criterion.weight for criterion in scheme.criteria] == [70, 30]


def test_after_the_first_score_a_change_is_a_version_that_voids_scores_and_votes(
    case: Case, scene: Scene
) -> None:
    first, second, third, *_rest = members(scene)
    old = case.scheme
    score(case, first, 5)
    assert old.frozen_at
    let_vote(case, [first, second, third], "fund", stays_open=True)
    with pytest.raises(errors.Conflict):
        revise(case, scored(case, 60, 40))
    services.close_voting(case=case, actor="staff:test")
    assert schemes.voids(old) == schemes.Voids(scores=1, cases=1, votes=1)
    new = revise(case, scored(case, 60, 40))
    assert (new.version, new.series, case.scheme) == (2, old.series, new)
    assert schemes.current(old) == new
    assert (queries.assessed(case), queries.standing(case).voted) == (None, 0)
    assert queries.was_voided(case, first)
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1
    entry = db.session.query(AuditEntry).filter_by(action="scheme.revised").one()
    assert (entry.details["voided_scores"], entry.details["voided_votes"]) == (1, 1)
    with pytest.raises(errors.Conflict):
        schemes.revise(
            scheme=old, quorum=3, scorers="members", criteria=scored(case, 100), actor="staff:test"
        )


def test_votes_count_only_while_open_and_the_last_one_stands(case: Case, scene: Scene) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level="none")
    with pytest.raises(errors.Conflict):
        services.cast_decision_vote(case=case, member=member, outcome="fund")
    services.open_voting(case=case, actor="staff:test")
    services.cast_decision_vote(case=case, member=member, outcome="fund")
    services.cast_decision_vote(case=case, member=member, outcome="decline")
    services.close_voting(case=case, actor="staff:test")
    with pytest.raises(errors.Conflict):
        services.cast_decision_vote(case=case, member=member, outcome="fund")
    assert queries.standing(case).votes == {"decline": 1}


@pytest.mark.parametrize("outcome", ["", "approve", "fund\0"])
def test_unknown_outcome_is_refused(case: Case, scene: Scene, outcome: str) -> None:
    member = members(scene)[0]
    services.declare_conflict(case=case, member=member, level="none")
    services.open_voting(case=case, actor="staff:test")
    with pytest.raises(errors.Refused):
        services.cast_decision_vote(case=case, member=member, outcome=outcome)


def test_other_panels_member_finds_nothing(case: Case) -> None:
    stranger = make_members(make_panel(), 1)[0]
    with pytest.raises(errors.NotFound):
        services.declare_conflict(case=case, member=stranger, level="none")


def test_unconfirmed_member_does_not_count(case: Case, scene: Scene) -> None:
    member = members(scene)[0]
    member.state = "left"
    db.session.flush()
    assert len(queries.eligible_members(case)) == 5
    with pytest.raises(errors.NotFound):
        services.declare_conflict(case=case, member=member, level="none")


def test_quorum_counts_those_who_voted_without_a_conflict(case: Case, scene: Scene) -> None:
    three = members(scene)[:3]
    let_vote(case, three, "fund", stays_open=True)
    assert queries.standing(case).verdict == "clear"
    services.declare_conflict(case=case, member=three[0], level="close")
    stands = queries.standing(case)
    assert (stands.verdict, stands.eligible, stands.voted) == ("below_quorum", 5, 2)


def test_too_many_conflicts_can_only_be_deferred(case: Case, scene: Scene) -> None:
    everyone = members(scene)
    for member in everyone[:4]:
        services.declare_conflict(case=case, member=member, level="direct")
    let_vote(case, everyone[4:], "fund")
    with pytest.raises(errors.Conflict):
        decisions.decide(case=case, outcome="fund", reason="Good")
    decision = decisions.decide(case=case, outcome="defer", reason="Too few of us")
    assert (decision.eligible, decision.voted, decision.quorum) == (2, 2, 3)
    assert case.state == "deferred"


def test_tie_can_only_be_deferred(case: Case, scene: Scene) -> None:
    everyone = members(scene)
    let_vote(case, everyone[:2], "fund", stays_open=True)
    let_vote(case, everyone[2:4], "decline")
    for outcome in ("fund", "decline", "part"):
        with pytest.raises(errors.Conflict):
            decisions.decide(case=case, outcome=outcome, reason="x")
    decision = decisions.decide(case=case, outcome="defer", reason="Equal")
    assert (decision.number, decision.basis) == (1, "no_majority")


@pytest.mark.parametrize(("against", "kept"), [(4, {}), (5, {"decline": 5})], ids=["four", "five"])
def test_decision_keeps_figures_that_tell_nobodys_and_forgets_who_voted_what(
    case: Case, scene: Scene, against: int, kept: dict[str, int]
) -> None:
    let_vote(case, members(scene)[:against], "decline")
    decision = decisions.decide(case=case, outcome="decline", reason="Too risky")
    assert decision.votes == kept
    assert db.session.scalar(select(func.count()).select_from(DecisionVote)) == 0


def test_deferred_case_is_decided_again_with_new_votes(case: Case, scene: Scene) -> None:
    decisions.decide(case=case, outcome="defer", reason="Ask them about insurance")
    assert queries.standing(case).votes == {}
    let_vote(case, members(scene)[:3], "decline")
    second = decisions.decide(case=case, outcome="decline", reason="No insurance")
    assert second.number == 2
    with pytest.raises(errors.Conflict):
        decisions.decide(case=case, outcome="defer", reason="Again")
