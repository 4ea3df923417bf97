"""Reading programmes, rounds and applications for pages and for the public register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import to_user_timezone
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from panel_app.casework import queries as cases
from panel_app.casework.models import Case, Decision
from panel_app.core import clock, ids
from panel_app.core.db import db, one
from panel_app.core.translated import Translated
from panel_app.grants.models import ApplicantLink, Application, Award, Programme, Round
from panel_app.grants.questionnaire import told_everybody
from panel_app.panels.models import Member, Panel
from panel_app.questions.asking import in_words

#: How many open votes a member is offered at once.
MOST_VOTES = 20


def programme_called(slug: str, panel: Panel | None = None) -> Programme:
    """Return the programme with this name in addresses, of a published panel, or of this one."""
    query = select(Programme).join(Panel).where(Programme.slug == slug, Panel.published)
    if panel is not None:
        query = query.where(Programme.panel_id == panel.id)
    return one(query.options(selectinload(Programme.panel)))


def programme_of(panel: Panel, public_id: str) -> Programme:
    """Return a panel's programme. Raises NotFound for another panel's."""
    return one(
        select(Programme).where(Programme.public_id == public_id, Programme.panel_id == panel.id)
    )


#: How many programmes a page tells of beside other things; the desk's list has them all.
MOST_PROGRAMMES = 10


def programmes(panel: Panel) -> list[Programme]:
    """Return a panel's newest programmes, the oldest of them first; at most MOST_PROGRAMMES."""
    query = select(Programme).where(Programme.panel_id == panel.id)
    newest = query.order_by(Programme.id.desc()).limit(MOST_PROGRAMMES)
    return list(db.session.scalars(newest))[::-1]


def taking(panel: Panel) -> list[Programme]:
    """Return a panel's newest programmes that take applications; at most MOST_PROGRAMMES."""
    query = select(Programme).where(Programme.panel_id == panel.id, Programme.open)
    newest = query.order_by(Programme.id.desc()).limit(MOST_PROGRAMMES)
    return list(db.session.scalars(newest))[::-1]


def rounds_of(panel: Panel) -> list[Round]:
    """Return every round of a panel's programmes, newest first."""
    query = select(Round).join(Programme).where(Programme.panel_id == panel.id)
    return list(db.session.scalars(query.order_by(Round.meets_at.desc(), Round.id)))


def round_of(panel: Panel, public_id: str) -> Round:
    """Return a panel's round. Raises NotFound for another panel's."""
    return one(
        select(Round)
        .join(Programme)
        .where(Round.public_id == public_id, Programme.panel_id == panel.id)
        .options(selectinload(Round.programme))
    )


def coming_rounds(programme: Programme) -> list[Round]:
    """Return the rounds that an application sent now could still reach, soonest first."""
    query = select(Round).where(
        Round.programme_id == programme.id, Round.state == "open", Round.closes_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(Round.closes_at, Round.number)))


def next_round(programme: Programme, after: Round | None = None) -> Round | None:
    """Return the round that takes applications now, or the next one that meets after `after`.

    Nothing is taken before the programme's first round opens. From then on what misses a cut-off
    goes to the next round, also where its dates leave a gap: no application falls between two.
    """
    if after is None:
        begun = select(Round.id).where(
            Round.programme_id == programme.id, Round.opens_at <= clock.now()
        )
        if db.session.scalar(begun.limit(1)) is None:
            return None
        return next(iter(coming_rounds(programme)), None)
    query = select(Round).where(
        Round.programme_id == programme.id,
        Round.state != "closed",
        Round.id != after.id,
        Round.meets_at >= after.meets_at,
    )
    return db.session.scalars(query.order_by(Round.meets_at, Round.number)).first()


def application_with(token: str) -> Application:
    """Return the application that a link's token opens. Raises NotFound for any other token."""
    digest = ids.digest(token)
    later = select(ApplicantLink.application_id).where(ApplicantLink.token_digest == digest)
    return one(
        select(Application)
        .where(or_(Application.token_digest == digest, Application.id.in_(later)))
        .options(selectinload(Application.programme).selectinload(Programme.panel))
    )


def application_of(panel: Panel, public_id: str) -> Application:
    """Return an application that was sent to a panel. Raises NotFound for another panel's."""
    return one(
        select(Application)
        .join(Programme)
        .where(
            Application.public_id == public_id,
            Application.case_id.is_not(None),
            Programme.panel_id == panel.id,
        )
        .options(selectinload(Application.case), selectinload(Application.round))
    )


def application_for(case: Case) -> Application:
    """Return the application that a case is about."""
    return one(
        select(Application)
        .where(Application.case_id == case.id)
        .options(selectinload(Application.programme), selectinload(Application.round))
    )


#: Loads the cases of applications, and what was decided on them, in one question each.
WITH_DECISIONS = (selectinload(Application.case).selectinload(Case.decisions),)


def sent_to(round_: Round) -> Select[Application]:
    """Return the question for a round's applications, without those taken back."""
    return select(Application).where(
        Application.round_id == round_.id, Application.state.in_(("submitted", "decided"))
    )


def applications_in(round_: Round) -> list[Application]:
    """Return a round's applications by public number, without those taken back."""
    query = sent_to(round_).options(*WITH_DECISIONS)
    return list(db.session.scalars(query.order_by(Application.reference)))


def waiting_for_panel(panel_id: int) -> Select[Application]:
    """Return the question for what the panel has still to decide, with its Case and its Round."""
    return (
        select(Application)
        .join(Application.case)
        .join(Application.round)
        .join(Application.programme)
        .where(Programme.panel_id == panel_id, Application.state == "submitted")
    )


def open_votes(member: Member) -> list[Case]:
    """Return the cases that the member may vote on now; of very many the first."""
    query = waiting_for_panel(member.panel_id).where(Case.voting, ~cases.stays_out(member))
    query = query.order_by(Round.meets_at, Application.reference).limit(MOST_VOTES)
    found = db.session.scalars(query.options(selectinload(Application.case)))
    return [application.case for application in found if application.case]


def left_to_score(member: Member) -> tuple[int, datetime | None]:
    """Return how many applications the member can still score, and when the first round meets."""
    query = waiting_for_panel(member.panel_id).where(
        ~cases.stays_out(member), ~cases.has_scored(member)
    )
    figures = query.with_only_columns(
        func.count(), func.min(Round.meets_at), maintain_column_froms=True
    )
    count, meets_at = db.session.execute(figures).one()
    return count, meets_at


@dataclass(frozen=True, slots=True)
class Tally:
    """How many applications of a round stand in each state, and its money in pence."""

    waiting: int
    decided: int
    withdrawn: int
    pot: int
    left: int


def tally(round_: Round) -> Tally:
    """Return how a round stands."""
    query = (
        select(Application.state, func.count())
        .where(Application.round_id == round_.id)
        .group_by(Application.state)
    )
    numbers = dict(db.session.execute(query).all())
    return Tally(
        numbers.get("submitted", 0),
        numbers.get("decided", 0),
        numbers.get("withdrawn", 0),
        round_.pot,
        round_.left,
    )


def position(application: Application) -> tuple[int, int]:
    """Return the application's place among its round's, and how many there are."""
    query = select(Application.reference).where(
        Application.round_id == application.round_id,
        Application.state.in_(("submitted", "decided")),
    )
    others = [r or 0 for r in db.session.scalars(query) if r != application.reference]
    return sum(r < (application.reference or 0) for r in others) + 1, len(others) + 1


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One award in the public register; never a person's name."""

    #: The programme's name in addresses and the public number: `small-grants-12`.
    reference: str
    programme: Translated
    round: int
    #: The title; None for a single resident, whose words could tell who it is.
    title: str | None
    language: str
    recipient: str
    mission: Translated | None
    #: In pence.
    asked: int
    amount: int
    outcome: str
    reason: str
    reason_language: str
    decided_on: date
    corrected_on: date | None
    #: The programme's own public questions, with what was answered in words.
    answers: list[tuple[Translated, Any]]
    #: What names its own public page.
    public_id: str


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """What became of a round: money in pence, and how many requests were granted and declined."""

    programme: Translated
    round: int
    pot: int
    awarded: int
    left: int
    granted: int
    declined: int


def register(panel: Panel) -> list[RegisterRow]:
    """Return the panel's awards, newest first; what isn't decided is not in it."""
    query = awards_of(panel).options(*WITH_REGISTER).order_by(Award.id.desc())
    return [register_row(award) for award in db.session.scalars(query)]


#: Loads what a row of the register tells, in one question for each table.
WITH_REGISTER = (
    selectinload(Award.round),
    selectinload(Award.decision),
    selectinload(Award.application).selectinload(Application.case),
    selectinload(Award.application).selectinload(Application.programme),
    selectinload(Award.application).selectinload(Application.version),
)


def awards_of(panel: Panel) -> Select[Award]:
    """Return the question for a panel's awards that stand."""
    return (
        select(Award)
        .join(Application, Application.id == Award.application_id)
        .join(Case, Case.id == Application.case_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Programme.panel_id == panel.id, Award.freed < Award.amount)
    )


def round_figures(panel: Panel, *, at_most: int | None = None) -> list[RoundFigures]:
    """Return the panel's rounds in which something was decided, newest first."""
    query = (
        select(
            Round,
            func.count(Decision.amount),
            func.count().filter(Decision.outcome == "decline"),
        )
        .join(Application, Application.round_id == Round.id)
        .join(Programme, Programme.id == Round.programme_id)
        .join(Decision, Decision.case_id == Application.case_id)
        .where(Programme.panel_id == panel.id, Decision.annulled_at.is_(None))
        .where(Application.state == "decided")
        .group_by(Round.id)
        .order_by(Round.id.desc())
        .limit(at_most)
    )
    return [
        RoundFigures(r.programme.name, r.number, r.pot, r.awarded, r.left, granted, refused)
        for r, granted, refused in db.session.execute(query)
    ]


#: What stands in the register in place of names (360Giving: a fixed text for people).
RECIPIENTS = {
    "individual": "Individual Recipient",
    "group": "Group of residents",
    "organisation": "Organisation",
}


def register_row(award: Award) -> RegisterRow:
    """Return an award as the public register tells it."""
    application, decision = award.application, award.decision
    kind = application.applicant_kind or "individual"
    return RegisterRow(
        reference=f"{application.programme.slug}-{application.reference}",
        programme=application.programme.name,
        round=award.round.number,
        title=application.case.title if application.case and kind != "individual" else None,
        language=application.language,
        recipient=RECIPIENTS[kind],
        mission=application.programme.mission_title(application.mission),
        asked=application.asks or 0,
        amount=award.stands,
        outcome=decision.outcome,
        reason=decision.reason,
        reason_language=decision.reason_language,
        decided_on=_day(decision.decided_at),
        corrected_on=to_user_timezone(decision.corrected_at).date()
        if decision.corrected_at
        else None,
        answers=[
            (question.wording, words)
            for question, answer in told_everybody(application)
            if (words := in_words(question, answer, application.language)) is not None
        ],
        public_id=award.public_id,
    )


def _day(moment: datetime) -> date:
    """Return the day of a moment on the hall's clock."""
    day: date = to_user_timezone(moment).date()
    return day


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided on one application, for pages and snapshots."""

    reference: int
    title: str
    language: str
    asked: int
    outcome: str
    amount: int | None
    reason: str
    reason_language: str
    decided_at: datetime


def results(round_: Round) -> list[Result]:
    """Return what was decided in a round so far, by public number."""
    found = []
    for application in applications_in(round_):
        decision = application.decision
        if decision and application.case:
            found.append(
                Result(
                    application.reference or 0,
                    application.case.title,
                    application.language,
                    application.asks or 0,
                    decision.outcome,
                    decision.amount,
                    decision.reason,
                    decision.reason_language,
                    decision.decided_at,
                )
            )
    return found
