"""What the pages of applicants and members show, ready for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import selectinload

from panel_app.casework import queries as cases
from panel_app.casework.models import Case
from panel_app.casework.rules import excluded
from panel_app.core.text import _
from panel_app.grants import questionnaire, reaching
from panel_app.grants.case_subject import application_facts
from panel_app.grants.models import Application, Round
from panel_app.grants.queries import waiting_for_panel
from panel_app.panels.models import Member
from panel_app.questions import asking, photos
from panel_app.questions.asking import Asked
from panel_app.questions.question import Answer, Answers, Question
from panel_app.questions.steps import Step
from panel_app.questions.steps import steps as all_steps
from panel_app.web.listing import Listing, State


def steps(application: Application) -> list[Step]:
    """Return every page of the application with its answers and what is missing."""
    wrong = questionnaire.faults(application)
    return all_steps(questionnaire.pages_of(application), application.answers, wrong)


def first_open(application: Application) -> str | None:
    """Return the first page without sound answers; None where all are answered."""
    return next((step.question for step in steps(application) if step.faults), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands among the others."""

    number: int
    of: int
    answered: list[bool]


def place(application: Application, question: str) -> Place:
    """Return where a question's page stands."""
    asked = list(questionnaire.pages_of(application))
    number = asked.index(question) + 1
    return Place(number, len(asked), [n < number for n in range(1, len(asked) + 1)])


def on_page(page: list[Question], answers: Answers, wrong: Mapping[str, Any]) -> list[Asked]:
    """Return the questions of a page; what a contact is for is said by who sends what."""
    return [
        replace(asked, note=_note(asked.question))
        for asked in asking.on_page(page, answers, wrong, alone=True)
    ]


def take_photos(
    about: str, asked: list[Question], typed: dict[str, Answer], uploads: photos.Uploads
) -> dict[str, Any]:
    """Put the files that came along into the answers, so that none is lost; return the faults."""
    kept, wrong = photos.received(about=about, questions=asked, uploads=uploads)
    for code, named in kept.items():
        before = typed[code]
        typed[code] = {**(before if isinstance(before, dict) else {}), **named}
    return wrong


def _note(question: Question) -> Any | None:
    if question.code == "contact":
        return reaching.contact_hint()
    if questionnaire.own_and_public(question):
        return _("If you get the grant, everyone can read your answer. Leave names out.")
    return None


def after(token: str, application: Application, question: str, back: bool, reviewing: bool) -> str:
    """Return the address that follows a question, forwards or back."""
    asked = list(questionnaire.pages_of(application))
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
