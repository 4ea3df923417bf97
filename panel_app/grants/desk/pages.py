"""What organisers' and facilitators' pages of grants show, ready for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from panel_app.casework import notes, rules, schemes, subjects, substitutes
from panel_app.casework import queries as cases
from panel_app.casework.models import Case, Decision, Scheme
from panel_app.casework.queries import Assessed, Declaration
from panel_app.casework.subjects import Fact
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.outcomes import BASES, DECIDED, OUTCOMES
from panel_app.grants.queries import (
    WITH_DECISIONS,
    Tally,
    sent_to,
    tally,
)
from panel_app.grants.round_dates import Rule, dates_of
from panel_app.panels.models import Member, Panel
from panel_app.questions import asking
from panel_app.questions.question import Answer, Question
from panel_app.web import i18n
from panel_app.web.i18n import money_text
from panel_app.web.listing import Listing

Answered = Sequence[tuple[Question, Answer]]


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round and how it stands."""

    round: Round
    tally: Tally


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme and its newest rounds; `more` where it has others."""

    programme: Programme
    rounds: list[RoundCard]
    more: bool
    #: How its applications are scored: the newest version.
    scheme: Scheme


#: As many rounds of a programme as the overview shows; the programme's own list has them all.
ON_OVERVIEW = 6


def overview(panel: Panel) -> Listing[ProgrammeCard]:
    """Return every programme of a panel with its newest rounds, newest first."""
    return Listing(
        name=f"{panel.slug}-programmes",
        label=_("Programmes"),
        query=select(Programme).where(Programme.panel_id == panel.id),
        order=[Programme.id.desc()],
        prepare=lambda rows: [_card(programme) for programme in rows],
        columns=[],
        empty=_("There is no programme yet."),
    )


def _card(programme: Programme) -> ProgrammeCard:
    return ProgrammeCard(
        programme,
        cards(programme.rounds[: -ON_OVERVIEW - 1 : -1]),
        len(programme.rounds) > ON_OVERVIEW,
        schemes.current(programme.scheme),
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """The dates of a round that would be added, and what is unusual about them."""

    closes_at: datetime
    papers_at: datetime | None
    meets_at: datetime
    moved: bool
    clocks_change: bool


def preview(rounds: Sequence[Round], rule: Rule) -> list[Planned]:
    """Return what a rule's rounds would be; the rows themselves are not kept."""
    dates = dates_of(rule, rounds[0].opens_at)
    return [
        Planned(one.closes_at, one.papers_at, one.meets_at, one.moved, one.clocks_change)
        for one in dates
    ]


def cards(rounds: Sequence[Round]) -> list[RoundCard]:
    """Return how rounds stand, in their order."""
    return [RoundCard(round_, tally(round_)) for round_ in rounds]


@dataclass(frozen=True, slots=True)
class Listed:
    """An application in a round's list."""

    application: Application
    title: str
    state: Any
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """An application by its weighted total, from 0 to 100."""

    place: int
    application: Application
    title: str
    total: float
    #: Whether an average misses a minimum.
    below: bool


#: As many as the ranking shows.
MOST_RANKED = 200


def ranking(round_: Round) -> list[Ranked]:
    """Return the first of a round's applications by score, as far as figures may be told."""
    sent = sent_to(round_).with_only_columns(Application.case_id)
    all_cases = select(Case).where(Case.id.in_(sent)).options(selectinload(Case.scheme))
    places = cases.ranking(db.session.scalars(all_cases).all())[:MOST_RANKED]
    first = Application.case_id.in_([one.key for one in places])
    listed_ones = db.session.scalars(sent_to(round_).where(first).options(*WITH_DECISIONS))
    by_case = {one.case_id: one for one in listed_ones}
    return [
        Ranked(
            one.place,
            by_case[one.key],
            listed(by_case[one.key]).title,
            round(float(one.total), 1),
            one.below,
        )
        for one in places
    ]


#: As many as the console lists; the round's own page has them all.
ON_CONSOLE = 50


def on_console(round_: Round) -> list[Listed]:
    """Return the first of a round's applications: those to decide, then the decided."""
    query = sent_to(round_).options(*WITH_DECISIONS)
    ordered = query.order_by(Application.state.desc(), Application.reference)
    return [listed(row) for row in db.session.scalars(ordered.limit(ON_CONSOLE))]


def listed(application: Application) -> Listed:
    """Return how an application stands in a list."""
    decision, case = application.decision, application.case
    if decision and decision.flagged_at:
        state = _("To look at again: a connection was declared after the decision")
    elif case and case.voting:
        state = _("Being voted on")
    else:
        state = DECIDED[decision.outcome] if decision else _("To decide")
    return Listed(application, case.title if case else "", state, decision)


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Everything that the person recording a decision needs to see; counts, never a vote."""

    facts: Sequence[tuple[Any, Any]]
    answers: Sequence[tuple[Any, Any]]
    declarations: list[Declaration]
    assessed: Assessed | None
    standing: rules.Standing
    #: Whether a closed vote has papers, and how many each outcome had where that tells nobody's.
    counted: bool
    votes: list[tuple[Any, int]]
    #: What the votes say, in words, and how it follows.
    says: Any
    why: Any
    notes: list[notes.Shown]
    #: How many it lacks for a quorum, and who could be called.
    lacking: int
    callable: list[Member]


def case_desk(case: Case) -> CaseDesk:
    """Return what the decision page and the console show of a case."""
    subject, stands = subjects.of(case), cases.standing(case)
    lacking = substitutes.lacking(case) if case.undecided else 0
    counted = not case.voting and stands.voted > 0
    counts = cases.told_votes(case, stands) if counted else {}
    return CaseDesk(
        subject.facts(case),
        subject.answers(case),
        cases.declarations(case),
        cases.assessed(case),
        stands,
        counted,
        [(o.words, counts[o.key]) for o in OUTCOMES if o.key in counts],
        _says(stands),
        BASES.get(stands.basis) if counted and stands.verdict == "clear" else None,
        notes.shown(case),
        lacking,
        cases.can_be_called(case) if lacking else [],
    )


def contact(answered: Answered, application: Application) -> list[Fact]:
    """Return what only the organiser sees, in words; None for what was left empty."""
    return [
        (i18n.said(question.wording), asking.in_words(question, answer, application.language))
        for question, answer in answered
    ]


def can_record(application: Application) -> list[rules.Offer]:
    """Return what can be recorded of an application now, by its votes and the pot."""
    if application.case is None or application.round is None:
        return []
    stands = cases.standing(application.case)
    return rules.offers(stands, OUTCOMES, application.round.left)


def _says(stands: rules.Standing) -> Any:
    if stands.eligible < stands.quorum:
        return _("Too many members stay out: with this panel it can only be decided another time.")
    if stands.verdict == "below_quorum":
        return _("Not enough votes yet.")
    if stands.verdict == "no_majority":
        return _(
            "No more than half of those who voted want the same: talk and vote again, or decide it"
            " another time."
        )
    words = next(outcome.words for outcome in OUTCOMES if outcome.key == stands.outcome)
    if stands.amount is None:
        return _("The votes say: %(outcome)s.", outcome=words)
    return _(
        "The votes say: %(outcome)s, %(amount)s.",
        outcome=words,
        amount=money_text(stands.amount),
    )
