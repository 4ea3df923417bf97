"""Reading cases for pages: who declared what, whose scores may be seen, how the vote stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from panel_app.casework import rules, subjects
from panel_app.casework.models import (
    Assessment,
    Case,
    Conflict,
    Criterion,
    DecisionVote,
    Scheme,
    Score,
    Substitute,
)
from panel_app.core import disclosure
from panel_app.core.db import db, one
from panel_app.core.translated import Translated
from panel_app.panels import electorate
from panel_app.panels.models import Member, Panel
from panel_app.staff.models import User
from panel_app.web import charts


def case_of(panel_id: int, public_id: str) -> Case:
    """Return a panel's case. Raises NotFound for another panel's."""
    return one(
        select(Case).where(
            Case.public_id == public_id, Case.panel_id == panel_id, Case.state != "withdrawn"
        )
    )


def scheme_of(panel: Panel, public_id: str) -> Scheme:
    """Return a version of a panel's scheme. Raises NotFound for another panel's."""
    return one(select(Scheme).where(Scheme.public_id == public_id, Scheme.panel_id == panel.id))


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
    """Return which of the cases (Case.id) ask nothing more of the member: scored, or not theirs."""
    query = select(Case.id).where(Case.id.in_([case.id for case in cases]), has_scored(member))
    return set(db.session.scalars(query))


def stays_out(member: Member) -> ColumnElement[bool]:
    """Return the condition that the member's declaration keeps them out of the case."""
    excluding = select(Conflict.case_id).where(
        Conflict.member_id == member.id, Conflict.level.in_(rules.EXCLUDING)
    )
    return Case.id.in_(excluding)


def has_scored(member: Member) -> ColumnElement[bool]:
    """Return the condition that the member has scored the case, or that only staff do."""
    mine = select(Assessment.id).where(
        Assessment.member_id == member.id,
        Assessment.case_id == Case.id,
        Assessment.scheme_id == Case.scheme_id,
    )
    by_staff = select(Scheme.id).where(Scheme.scorers == "staff")
    return mine.exists() | Case.scheme_id.in_(by_staff)


def assessment_of(case: Case, by: Member | User) -> Assessment | None:
    """Return somebody's own scores of the case that count, or None."""
    query = select(Assessment).where(
        Assessment.case_id == case.id, Assessment.scheme_id == case.scheme_id, _theirs(by)
    )
    newest = query.order_by(Assessment.id.desc()).limit(1)
    return db.session.scalar(newest.options(selectinload(Assessment.scores)))


def needs_why(case: Case, by: Member | User) -> bool:
    """Whether another score of theirs changes one after others' could be seen."""
    others = select(Assessment.id).where(
        Assessment.case_id == case.id, Assessment.scheme_id == case.scheme_id, ~_theirs(by)
    )
    return assessment_of(case, by) is not None and db.session.scalar(others.limit(1)) is not None


def was_voided(case: Case, member: Member) -> bool:
    """Whether the member scored the case under an earlier version of its scheme."""
    query = select(Assessment.id).where(
        Assessment.case_id == case.id, Assessment.scheme_id != case.scheme_id, _theirs(member)
    )
    return db.session.scalar(query.limit(1)) is not None


def scored_since_told(case: Case) -> int:
    """Return how many members gave or changed scores since figures were last told."""
    query = select(func.count(Assessment.member_id.distinct())).where(
        Assessment.case_id == case.id,
        Assessment.scheme_id == case.scheme_id,
        Assessment.id > case.told_until,
    )
    return db.session.scalar(query) or 0


def _theirs(by: Member | User) -> ColumnElement[bool]:
    """Return the condition of somebody's own; never null, so that it can be turned round."""
    column = Assessment.member_id if isinstance(by, Member) else Assessment.staff_id
    return func.coalesce(column, 0) == by.id


def eligible_members(case: Case) -> list[Member]:
    """Return who may decide: confirmed members and substitutes without a close interest."""
    query = select(Member).where(
        Member.panel_id == case.panel_id,
        (Member.state == "confirmed") | _called_for(case),
        Member.id.not_in(_staying_out(case)),
    )
    return list(db.session.scalars(query.order_by(Member.seat)))


def takes_part(case: Case, member: Member) -> bool:
    """Whether the case is the member's to see: a confirmed one's, or a substitute's."""
    if member.panel_id != case.panel_id:
        return False
    called = select(Substitute.member_id).where(
        Substitute.case_id == case.id, Substitute.member_id == member.id
    )
    return member.state == "confirmed" or (
        member.state == "invited" and db.session.scalar(called) is not None
    )


def can_be_called(case: Case) -> list[Member]:
    """Return who could be called for the case: asked to the panel, and not confirmed yet."""
    query = select(Member).where(
        Member.panel_id == case.panel_id, Member.state == "invited", ~_called_for(case)
    )
    return list(db.session.scalars(query.order_by(Member.seat).limit(MOST_CALLED)))


#: As many who could be called as a page offers.
MOST_CALLED = 20


def _called_for(case: Case) -> ColumnElement[bool]:
    called = select(Substitute.member_id).where(Substitute.case_id == case.id)
    return (Member.state == "invited") & Member.id.in_(called)


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
    """Between which numbers of people gave one score, with its words and a bar."""

    points: int
    words: Translated
    low: int
    high: int
    bar: charts.Bar


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    """How one criterion was scored; without rows where each would tell single people's."""

    question: Translated
    weight: int
    rows: list[ScoreRow]
    mean: float
    top: int
    #: The minimum where the average misses it, or None.
    misses: int | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """What people think of a case: figures where five may be told of, and reasons without names."""

    #: How many the figures are of; 0 where none are told.
    people: int
    spreads: list[CriterionSpread]
    #: The weighted total, from 0 to 100, or None.
    total: float | None
    reasons: list[str]


def assessed(case: Case) -> Assessed | None:
    """Return what people without a conflict think of a case; None before anyone scored it.

    Figures of members are told from five on, and change only once five more gave or changed
    theirs: nobody's scores follow from two looks. The scores of those who left since stay.
    """
    reasons = db.session.scalars(
        select(Assessment.reason)
        .where(Assessment.id.in_(_newest([case.id])))
        .order_by(Assessment.public_id)
    ).all()
    if not reasons:
        return None
    told = _told([case.id]).get(case.id, {})
    spreads = [
        _spread(criterion, told[criterion.id])
        for criterion in case.scheme.criteria
        if criterion.id in told
    ]
    parts = [_part(criterion, sum(p), len(p)) for criterion, p in _of(case.scheme, told)]
    total = round(float(rules.weighted(parts)), 1) if parts else None
    return Assessed(parts[0].number if parts else 0, spreads, total, list(reasons))


def ranking(cases: Sequence[Case]) -> list[rules.Place]:
    """Return cases (`key` is Case.id) by weighted total, as far as figures of them are told."""
    told = _told([case.id for case in cases])
    return rules.ranking(
        {
            case.id: [_part(c, sum(p), len(p)) for c, p in _of(case.scheme, told[case.id])]
            for case in cases
            if case.id in told
        }
    )


def _newest(cases: Sequence[int], *, told: bool = False) -> Select[int]:
    """Return the question for everybody's newest assessments that count; of members, those told."""
    query = (
        select(func.max(Assessment.id))
        .join(Case, Case.id == Assessment.case_id)
        .where(Case.id.in_(cases), Assessment.scheme_id == Case.scheme_id)
        .group_by(Assessment.case_id, Assessment.member_id, Assessment.staff_id)
    )
    if not told:
        return query
    shown = Case.told & (Assessment.id <= Case.told_until)
    return query.where(Assessment.staff_id.is_not(None) | shown)


def _told(cases: Sequence[int]) -> dict[int, dict[int, list[int]]]:
    """Return the points that may be told of, by Case.id and Criterion.id."""
    query = (
        select(Assessment.case_id, Score.criterion_id, Score.points)
        .join(Score, Score.assessment_id == Assessment.id)
        .where(Assessment.id.in_(_newest(cases, told=True)))
    )
    found: dict[int, dict[int, list[int]]] = {}
    for case, criterion, points in db.session.execute(query):
        found.setdefault(case, {}).setdefault(criterion, []).append(points)
    return found


def _of(scheme: Scheme, told: Mapping[int, list[int]]) -> list[tuple[Criterion, list[int]]]:
    return [(c, told[c.id]) for c in scheme.criteria if c.id in told]


def _part(criterion: Criterion, points: int, number: int) -> rules.Part:
    return rules.Part(criterion.weight, criterion.top, criterion.least, points, number)


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


def _spread(criterion: Criterion, points: list[int]) -> CriterionSpread:
    levels = range(criterion.top, -1, -1)
    counts = disclosure.tell([points.count(level) for level in levels])
    rows = [
        ScoreRow(level, criterion.guide[level], c.low, c.high, charts.bar(c.high, len(points)))
        for level, c in zip(levels, counts, strict=True)
    ]
    part = _part(criterion, sum(points), len(points))
    return CriterionSpread(
        criterion.question,
        criterion.weight,
        rows if any(count.exact for count in counts) else [],
        round(float(part.mean), 1),
        criterion.top,
        criterion.least if part.below else None,
    )
