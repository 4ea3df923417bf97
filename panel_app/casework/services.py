"""What members and facilitators do with cases: declare, score, vote."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from panel_app.casework import rules, subjects
from panel_app.casework.models import (
    Assessment,
    Case,
    Conflict,
    Criterion,
    DecisionVote,
    Note,
    NoteView,
    Scheme,
    Score,
    TookPart,
)
from panel_app.casework.outcomes import Outcome
from panel_app.casework.queries import (
    declared,
    eligible_members,
    needs_why,
    scored_since_told,
    takes_part,
)
from panel_app.casework.rubric import CONFLICTS
from panel_app.core import audit, clock, disclosure, errors
from panel_app.core.db import db, locked
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.panels import electorate
from panel_app.panels.models import Member
from panel_app.staff.models import User

LONGEST_REASON = 2_000


def open_case(*, scheme: Scheme, kind: str, title: str, language: str) -> Case:
    """Put something before the scheme's panel."""
    case = Case(
        panel_id=scheme.panel_id, scheme_id=scheme.id, kind=kind, title=title, language=language
    )
    db.session.add(case)
    db.session.flush()
    return case


def declare_conflict(*, case: Case, member: Member, level: str) -> Conflict:
    """Keep what a member declares; `close` and `direct` take back their scores and their vote.

    While the vote is open they are taken out of its electorate, which goes on saying so. Once it is
    closed, its figures were seen: without one vote they would tell whose it was, so that all of the
    vote goes and is taken anew. What was decided stays as it is, and is flagged where they took
    part in it. Raises Refused for an unknown level, NotAllowed where someone who stays out wants
    back in.
    """
    _check_panel(case, member)
    if level not in CONFLICTS:
        raise errors.Refused(_("Choose one of these."), field="level")
    locked(case)
    conflict = declared(case, member)
    if conflict and not rules.may_change(conflict.level, level):
        raise errors.NotAllowed(
            _("You said that you stay out of this one. If that was a mistake, tell the organiser.")
        )
    if conflict is None:
        conflict = Conflict(case_id=case.id, member_id=member.id, level=level)
        db.session.add(conflict)
    conflict.level = level
    out = rules.excluded(level)
    taken_out = out and case.undecided and take_back(case, member)
    flagged = out and not case.undecided and _flag(case, member)
    if taken_out and not case.voting:
        adjourn(case=case)
        case.vote_anew = True
    db.session.flush()
    audit.record(
        "conflict.declared",
        actor=f"member:{member.public_id}",
        subject=f"case:{case.public_id}",
        stays_out=out,
        **({"taken_out_of_the_vote": True} if taken_out else {}),
        **({"vote_anew": True} if taken_out and not case.voting else {}),
        **({"decision_flagged": True} if flagged else {}),
    )
    tell(case)
    return conflict


def clear_conflict(*, case: Case, member: Member, actor: str) -> None:
    """Let a member declare anew after a mistake. Raises Conflict once the case is decided."""
    _check_panel(case, member)
    hold_undecided(case)
    conflict = declared(case, member)
    if conflict is None:
        raise errors.Conflict(_("There is nothing to clear."))
    db.session.delete(conflict)
    electorate.let_back(case.vote_name, member)
    audit.record(
        "conflict.cleared",
        actor=actor,
        subject=f"case:{case.public_id}",
        member=member.public_id,
    )
    tell(case)


def save_assessment(
    *, case: Case, by: Member | User, points: Mapping[str, int], reason: str, why: str = ""
) -> Assessment:
    """Add a member's or a staff account's scores by criterion (public id); their newest counts.

    `why` says what changed their mind, where others' scores could be seen. The first score fixes
    the scheme. Raises NotAllowed before a declaration, with a close interest, or for who doesn't
    score here; Conflict once the case is decided; Refused where a score is missing or outside its
    scale, or a reason is.
    """
    hold_undecided(case)
    _check_assessor(case, by)
    reason = checked_reason(reason, _("Give one reason in your own words."))
    scores = [_score(criterion, points) for criterion in case.scheme.criteria]
    if needs_why(case, by):
        why = checked_reason(why, _("Say what changed your mind."), field="why")
    assessment = Assessment(
        case_id=case.id, scheme_id=case.scheme_id, reason=reason, why=why.strip(), scores=scores
    )
    if isinstance(by, Member):
        assessment.member_id = by.id
    else:
        assessment.staff_id = by.id
    db.session.add(assessment)
    freeze(case.scheme)
    db.session.flush()
    if disclosure.may_tell(scored_since_told(case)):
        case.told, case.told_until = True, assessment.id
    tell(case)
    return assessment


def freeze(scheme: Scheme) -> None:
    """Fix how cases are scored and decided; from here on a change is a new version."""
    if scheme.frozen_at is None:
        scheme.frozen_at = clock.now()
        audit.record("scheme.fixed", actor="system", subject=f"scheme:{scheme.public_id}")


def open_voting(*, case: Case, actor: str) -> None:
    """Let members vote on the decision, and write down who may; a vote that was closed starts anew.

    Its figures have been seen: one more vote added to them would tell what that member voted.
    Raises Refused where nobody could vote.
    """
    hold_undecided(case)
    if not case.voting:
        adjourn(case=case)
        case.vote_anew = False
        freeze(case.scheme)
        electorate.write_down(case.vote_name, eligible_members(case))
    _set_voting(case, True, actor)


def close_voting(*, case: Case, actor: str) -> None:
    """Take no more votes; those given stay until the decision is recorded."""
    _set_voting(case, False, actor)


def cast_decision_vote(
    *, case: Case, member: Member, outcome: str, amount: int | None = None
) -> DecisionVote:
    """Keep what a member thinks should be decided; it may change while the vote is open.

    `amount` in pence: what a vote for a part names. Raises NotAllowed before a declaration, with a
    close interest or for who isn't in the electorate, Conflict where the vote is not open, Refused
    for an unknown outcome, or an amount that doesn't go with it.
    """
    locked(case)
    check_reader(case, member)
    _check_amount(case, outcome_called(case, outcome), amount)
    if not case.voting:
        raise errors.Conflict(_("The vote on this is not open now. Nothing was changed."))
    if not electorate.includes(case.vote_name, member):
        raise errors.NotAllowed(_("This vote opened without you, so you can’t take part in it."))
    vote = db.session.scalar(
        select(DecisionVote).where(
            DecisionVote.case_id == case.id, DecisionVote.member_id == member.id
        )
    )
    if vote is None:
        vote = DecisionVote(case_id=case.id, member_id=member.id, outcome=outcome)
        db.session.add(vote)
    vote.outcome, vote.amount = outcome, amount
    db.session.flush()
    tell(case)
    return vote


def adjourn(*, case: Case) -> None:
    """End the talk about a case for this meeting: no vote is open, and who voted what is gone.

    The caller tells of it, after its audit entry.
    """
    case.voting = False
    electorate.forget(case.vote_name)
    db.session.execute(delete(DecisionVote).where(DecisionVote.case_id == case.id))
    db.session.flush()


def withdraw_case(*, case: Case) -> None:
    """Take a case off the panel's list. Raises Conflict where it is decided.

    The caller tells of it, after its audit entry.
    """
    hold_undecided(case)
    case.state = "withdrawn"
    adjourn(case=case)


def tell(case: Case) -> None:
    """Let the feature that brought the case refresh what others see of it.

    Last in a transaction, after locks and the audit entry: all who change a case go in this order,
    so that none waits for another in a ring.
    """
    subjects.of(case).changed(case)


def _set_voting(case: Case, open_now: bool, actor: str) -> None:
    hold_undecided(case)
    case.voting = open_now
    db.session.flush()
    audit.record(
        "vote.opened" if open_now else "vote.closed",
        actor=actor,
        subject=f"case:{case.public_id}",
    )
    tell(case)


def _check_panel(case: Case, member: Member) -> None:
    if not takes_part(case, member):
        raise errors.NotFound(_("There is nothing here, or it is not yours to see."))


def check_reader(case: Case, member: Member) -> None:
    """Refuse somebody who may not read the case. Raises NotFound or NotAllowed."""
    _check_panel(case, member)
    conflict = declared(case, member)
    if conflict is None:
        raise errors.NotAllowed(_("First say whether you have a connection with this."))
    if not rules.may_read(conflict.level):
        raise errors.NotAllowed(_("You said that you stay out of this one."))


def _check_assessor(case: Case, by: Member | User) -> None:
    if case.scheme.scorers not in {"both", "members" if isinstance(by, Member) else "staff"}:
        raise errors.NotAllowed(_("You don’t score this one."))
    if isinstance(by, Member):
        check_reader(case, by)


def hold_undecided(case: Case) -> None:
    """Hold the case against others who would change it. Raises Conflict where it is decided."""
    if not locked(case).undecided:
        raise errors.Conflict(_("This is decided already."))


def outcome_called(case: Case, key: str) -> Outcome:
    found = subjects.outcome_of(case, key)
    if found is None:
        raise errors.Refused(_("Choose one of these."), field="outcome")
    return found


def _check_amount(case: Case, outcome: Outcome, amount: int | None) -> None:
    if outcome.gives == "part":
        if amount is None or not 0 < amount < (subjects.of(case).asks(case) or 0):
            raise errors.Refused(
                _("For part of it, type an amount above nothing and below what they ask for."),
                field="amount",
            )
    elif amount is not None:
        raise errors.Refused(
            _("Leave the amount empty: only funding a part of it needs one."), field="amount"
        )


def checked_reason(typed: str, missing: object, field: str = "reason") -> str:
    """Return a reason as it is kept. Raises Refused for none, or for one that is too long."""
    reason = cleaned(typed)
    if not reason:
        raise errors.Refused(missing, field=field)
    if len(reason) > LONGEST_REASON:
        raise errors.Refused(
            _("This is too long: write at most %(max)d characters.", max=LONGEST_REASON),
            field=field,
        )
    return reason


def _score(criterion: Criterion, points: Mapping[str, int]) -> Score:
    given = points.get(criterion.public_id)
    if given is None or not 0 <= given <= criterion.top:
        raise errors.Refused(_("Choose one of these."), field=f"score-{criterion.public_id}")
    return Score(criterion_id=criterion.id, points=given)


def _flag(case: Case, member: Member) -> bool:
    """Mark the decision where the member took part in it; return whether they did."""
    decision = case.decision
    if decision is None or db.session.get(TookPart, (decision.id, member.id)) is None:
        return False
    decision.flagged_at = decision.flagged_at or clock.now()
    return True


def take_back(case: Case, member: Member) -> bool:
    """Forget what a member gave to a case that they stay out of; return whether they counted."""
    assessments = select(Assessment.id).where(
        Assessment.case_id == case.id, Assessment.member_id == member.id
    )
    gone = db.session.execute(delete(Score).where(Score.assessment_id.in_(assessments)))
    case.told = case.told and not gone.rowcount  # type: ignore[attr-defined]
    notes = select(Note.id).where(Note.case_id == case.id)
    own = NoteView.note_id.in_(notes.where(Note.member_id == member.id))
    said = NoteView.note_id.in_(notes) & (NoteView.member_id == member.id)
    db.session.execute(delete(NoteView).where(own | said))
    for kind in (Assessment, DecisionVote, Note):
        db.session.execute(delete(kind).where(kind.case_id == case.id, kind.member_id == member.id))
    return electorate.take_out(case.vote_name, member)
