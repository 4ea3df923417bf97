"""Reading cases for pages: who declared what, whose scores may be seen, how the vote stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import selectinload

from panel_app.casework import rules, subjects
from panel_app.casework.models import Assessment, Case, Conflict, DecisionVote
from panel_app.core import disclosure
from panel_app.core.db import db, one
from panel_app.core.translated import Translated
from panel_app.panels import electorate
from panel_app.panels.models import Member, Panel
from panel_app.web import charts


def case_of(panel_id: int, public_id: str) -> Case:
    """Return a panel's case. Raises NotFound for another panel's."""
    return one(
        select(Case).where(
            Case.public_id == public_id, Case.panel_id == panel_id, Case.state != "withdrawn"
        )
    )


def declared(case: Case, member: Member) -> Conflict | None:
    """Return what the member declared about the case, or None."""
    return db.session.scalar(
        select(Conflict).where(Conflict.case_id == case.id, Conflict.member_id == member.id)
    )


def levels(cases: Sequence[Case], member: Member) -> dict[int, str]:
    """Return the level that the member declared by Case.id, where they did."""
    query = select(Conflict.case_id, Conflict.level).where(
        Conflict.member_id == member.id, Conflict.case_id.in_([case.id for case in cases])
    )
    return dict(db.session.execute(query).all())


def scored(cases: Sequence[Case], member: Member) -> set[int]:
    """Return which of the cases (Case.id) the member has scored."""
    query = select(Assessment.case_id).where(
        Assessment.member_id == member.id, Assessment.case_id.in_([case.id for case in cases])
    )
    return set(db.session.scalars(query))


def stays_out(member: Member) -> ColumnElement[bool]:
    """Return the condition that the member's declaration keeps them out of the case."""
    excluding = select(Conflict.case_id).where(
        Conflict.member_id == member.id, Conflict.level.in_(rules.EXCLUDING)
    )
    return Case.id.in_(excluding)


def has_scored(member: Member) -> ColumnElement[bool]:
    """Return the condition that the member has scored the case."""
    return Case.id.in_(select(Assessment.case_id).where(Assessment.member_id == member.id))


def assessment_of(case: Case, member: Member) -> Assessment | None:
    """Return the member's own scores of the case, or None."""
    return db.session.scalar(
        select(Assessment)
        .where(Assessment.case_id == case.id, Assessment.member_id == member.id)
        .options(selectinload(Assessment.scores))
    )


def eligible_members(case: Case) -> list[Member]:
    """Return the panel's confirmed members who have no close or direct interest in the case."""
    query = select(Member).where(
        Member.panel_id == case.panel_id,
        Member.state == "confirmed",
        Member.id.not_in(_staying_out(case)),
    )
    return list(db.session.scalars(query.order_by(Member.seat)))


def members_staying_out(case: Case) -> list[Member]:
    """Return the members who declared that they stay out of the case."""
    query = select(Member).where(Member.id.in_(_staying_out(case)))
    return list(db.session.scalars(query.order_by(Member.id)))


def _staying_out(case: Case) -> Select[int]:
    return select(Conflict.member_id).where(
        Conflict.case_id == case.id, Conflict.level.in_(rules.EXCLUDING)
    )


def vote_of(case: Case, member: Member) -> DecisionVote | None:
    """Return what the member voted for, or None."""
    return db.session.scalar(
        select(DecisionVote).where(
            DecisionVote.case_id == case.id, DecisionVote.member_id == member.id
        )
    )


def standing(case: Case) -> rules.Standing:
    """Return what the votes say now, of those who could vote when the vote opened.

    Before it opens for the first time, of those who could vote now.
    """
    size, subject = electorate.size(case.vote_name), subjects.of(case)
    query = select(DecisionVote.outcome, DecisionVote.amount)
    votes = db.session.execute(query.where(DecisionVote.case_id == case.id)).all()
    return rules.standing(
        [(outcome, amount) for outcome, amount in votes],
        outcomes=subject.outcomes,
        asks=subject.asks(case),
        eligible=size.electors if size else len(eligible_members(case)),
        quorum=case.scheme.quorum,
        taken_out=size.taken_out if size else 0,
    )


def told_votes(case: Case, stands: rules.Standing) -> dict[str, int]:
    """Return how many votes each outcome had; empty where that would tell what one voted."""
    counts = [stands.votes.get(outcome.key, 0) for outcome in subjects.of(case).outcomes]
    if not all(told.exact for told in disclosure.tell(counts)):
        return {}
    return dict(stands.votes)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How many members gave one score, with a bar."""

    points: int
    number: int
    bar: charts.Bar


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    """How members scored one criterion."""

    question: Translated
    rows: list[ScoreRow]
    lowest: int
    highest: int
    mean: float
    number: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """What members think of a case: the spread by criterion, and their reasons without names."""

    spreads: list[CriterionSpread]
    reasons: list[str]


def assessed(case: Case) -> Assessed | None:
    """Return what members without a conflict think of a case; None before anyone scored it.

    The scores of those who left the panel since stay.
    """
    assessments = db.session.scalars(
        select(Assessment)
        .where(Assessment.case_id == case.id, Assessment.member_id.not_in(_staying_out(case)))
        .options(selectinload(Assessment.scores))
        .order_by(Assessment.public_id)
    ).all()
    if not assessments:
        return None
    given: dict[int, list[int]] = {}
    for score in (score for assessment in assessments for score in assessment.scores):
        given.setdefault(score.criterion_id, []).append(score.points)
    spreads = [
        _spread(criterion.question, given[criterion.id])
        for criterion in case.scheme.criteria
        if criterion.id in given
    ]
    return Assessed(spreads, [assessment.reason for assessment in assessments])


def assessed_for(case: Case, member: Member) -> Assessed | None:
    """Return what members think, for one who gave their own scores first; None otherwise."""
    return assessed(case) if assessment_of(case, member) else None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the person in one seat declared, for staff."""

    seat: int
    member_id: str
    level: str


def declarations(case: Case) -> list[Declaration]:
    """Return every declared connection with the case, by seat; `none` is left out."""
    query = (
        select(Member.seat, Member.public_id, Conflict.level)
        .join(Member, Member.id == Conflict.member_id)
        .where(Conflict.case_id == case.id, Conflict.level != "none")
        .order_by(Member.seat)
    )
    return [Declaration(*row) for row in db.session.execute(query)]


def member_in_seat(panel: Panel, public_id: str) -> Member:
    """Return a panel's member. Raises NotFound for another panel's."""
    return one(select(Member).where(Member.public_id == public_id, Member.panel_id == panel.id))


def _spread(question: Translated, points: list[int]) -> CriterionSpread:
    found = rules.spread(points)
    rows = [
        ScoreRow(score, number, charts.bar(number, found.number)) for score, number in found.counts
    ]
    return CriterionSpread(
        question, rows, found.lowest, found.highest, round(found.mean, 1), found.number
    )
