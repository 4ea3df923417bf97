"""What the pages of applicants and members show, ready for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import selectinload

from panel_app.casework import queries as cases
from panel_app.casework.models import Case
from panel_app.casework.rules import excluded
from panel_app.core import money
from panel_app.core.text import _
from panel_app.grants import questions
from panel_app.grants.case_subject import application_facts
from panel_app.grants.forms import HEADINGS
from panel_app.grants.models import Application, Round
from panel_app.grants.queries import terms_of, waiting_for_panel
from panel_app.panels.models import Member
from panel_app.web.i18n import money as money_markup
from panel_app.web.i18n import said, theirs
from panel_app.web.listing import Listing, State


@dataclass(frozen=True, slots=True)
class Step:
    """A question as the applicant's lists show it."""

    question: str
    heading: Any
    #: The answer, ready for the page; None where there is none yet.
    answer: Any | None
    faults: list[Any]


def steps(application: Application) -> list[Step]:
    """Return every question of the application with its answer and what is missing."""
    terms, answers = terms_of(application.programme), application.answers
    return [
        Step(
            question,
            HEADINGS[question],
            _shown(application, question, answers),
            list(questions.faults(question, answers, terms).values()),
        )
        for question in questions.asked(terms)
    ]


def first_open(application: Application) -> str | None:
    """Return the first question without a sound answer; None where all are answered."""
    return next((step.question for step in steps(application) if step.faults), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands among the others."""

    number: int
    of: int
    answered: list[bool]


def place(application: Application, question: str) -> Place:
    """Return where a question stands."""
    asked = questions.asked(terms_of(application.programme))
    number = asked.index(question) + 1
    return Place(number, len(asked), [n < number for n in range(1, len(asked) + 1)])


def after(token: str, application: Application, question: str, back: bool, reviewing: bool) -> str:
    """Return the address that follows a question, forwards or back."""
    asked = questions.asked(terms_of(application.programme))
    at = asked.index(question) + (-1 if back else 1)
    if at < 0:
        return url_for("grants.application", token=token)
    if reviewing or at == len(asked):
        return url_for("grants.review", token=token)
    return url_for("grants.question", token=token, question=asked[at])


@dataclass(frozen=True, slots=True)
class ToAssess:
    """An application in a member's list, with what the member has done about it."""

    round: Round
    title: str
    language: str
    facts: list[tuple[Any, Any]]
    url: str
    state: Any
    #: Whether something is still to do.
    open: bool


def to_assess(member: Member) -> Listing[ToAssess]:
    """Return the list of applications before the member's panel, soonest meeting first."""
    left = ~cases.stays_out(member) & ~cases.has_scored(member)
    return Listing(
        name="applications",
        label=_("Applications to read"),
        query=waiting_for_panel(member.panel_id),
        options=[
            selectinload(Application.case),
            selectinload(Application.round).selectinload(Round.programme),
        ],
        columns=(),
        order=[Round.meets_at, Application.reference, Application.id],
        states=[State("left", _("Still to do"), left)],
        prepare=lambda found: _to_assess(member, found),
        empty=_(
            "There is nothing to read at the moment. You will see new applications here and on"
            " your panel’s page."
        ),
    )


def _to_assess(member: Member, found: Sequence[Application]) -> list[ToAssess]:
    shown = [application.case for application in found if application.case]
    levels, scored = cases.levels(shown, member), cases.scored(shown, member)
    return [
        _listed(one, one.round, one.case, *_state(levels.get(one.case.id), one.case.id in scored))
        for one in found
        if one.case and one.round
    ]


def _listed(
    application: Application, round_: Round, case: Case, state: Any, still_open: bool
) -> ToAssess:
    return ToAssess(
        round_,
        case.title,
        application.language,
        list(application_facts(application)),
        url_for("cases.show", case_id=case.public_id),
        state,
        still_open,
    )


def _state(level: str | None, scored: bool) -> tuple[Any, bool]:
    if level is None:
        return _("To read"), True
    if excluded(level):
        return _("You stay out of this one"), False
    return (_("You have scored it"), False) if scored else (_("To score"), True)


def _shown(application: Application, question: str, answers: dict[str, Any]) -> Any | None:
    """Return an answer as the applicant sees it again."""
    if question == "contact":
        parts = [str(answers[field]) for field in questions.FIELDS[question] if answers.get(field)]
        return theirs(", ".join(parts)) if parts else None
    typed = answers.get(question)
    if not typed:
        return None
    if question == "kind":
        return questions.KINDS.get(typed)
    if question == "mission":
        return said(application.programme.mission_title(typed))
    if question == "amount" and (asks := questions.pence(answers)) and asks <= money.LARGEST:
        return money_markup(asks)
    return theirs(str(typed))
