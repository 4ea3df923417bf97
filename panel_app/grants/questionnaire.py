"""What applicants are asked: the questions a programme begins with, and who may change them.

An answer that the programme itself reads is to a question that stays (`FIXED`); its missions and
its largest grant are said by the programme, not by the questionnaire.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from panel_app.core.db import db, one
from panel_app.core.text import _
from panel_app.grants.models import Application, Mission, Programme
from panel_app.questions import asking
from panel_app.questions import services as questionnaires
from panel_app.questions.kinds import kind_called
from panel_app.questions.models import Questionnaire
from panel_app.questions.question import Answer, Option, Question
from panel_app.questions.uses import Given, Use, with_given
from panel_app.web.i18n import in_every_language, said

USE = "grants"
#: Their answers are read by the programme: whose it is, the register, the pot, the letters.
FIXED = frozenset({"kind", "title", "plan", "mission", "amount", "contact", "name"})
#: It becomes a case's title.
LONGEST_TITLE = 80
KINDS = {
    "individual": _("Me, as a resident"),
    "group": _("A group of neighbours"),
    "organisation": _("An organisation"),
}


def default_questions(missions: list[Mission], largest_grant: int) -> list[Question]:
    """Return what a programme asks until it changes that; `largest_grant` in pence."""
    asked = [*_what_it_is(), *_mission_and_money(missions, largest_grant), *_reaching()]
    return [question for question in asked if question.code != "mission" or len(missions) > 1]


def _what_it_is() -> list[Question]:
    return [
        _question("kind", "one_of", _("Who is asking?"), options=_kinds(), public=True),
        _question(
            "title",
            "line",
            _("What is it, in a few words?"),
            _("Everyone will see this, so leave names out. For example: Saturday breakfast club."),
            high=LONGEST_TITLE,
            public=True,
        ),
        _question(
            "plan",
            "text",
            _("What will happen?"),
            _(
                "What, where, when, and who does it. Write in any language, at most 1,500"
                " characters."
            ),
            high=1_500,
        ),
        _question(
            "people",
            "text",
            _("Who is it for, and what will change for them?"),
            _("A few sentences are enough: at most 1,000 characters."),
            high=1_000,
        ),
    ]


def _mission_and_money(missions: list[Mission], largest_grant: int) -> list[Question]:
    return [
        _question(
            "mission",
            "one_of",
            _("Which of these does it help most?"),
            options=_options(missions),
            public=True,
        ),
        _question(
            "amount", "money", _("How much do you ask for?"), high=largest_grant, public=True
        ),
        _question(
            "costs",
            "text",
            _("What will the money be spent on?"),
            _("For example: ingredients £900, two hobs £450, leaflets £50."),
            high=1_000,
        ),
    ]


def make_questionnaire(programme: Programme) -> Questionnaire:
    """Give a programme the questions that it begins with."""
    programme.questionnaire = questionnaires.create_questionnaire(
        panel=programme.panel,
        use=USE,
        questions=default_questions(programme.missions, programme.largest_grant),
    )
    return programme.questionnaire


def questions_of(application: Application) -> tuple[Question, ...]:
    """Return the questions that an applicant is asked, whatever was changed since."""
    programme, version = application.programme, application.version
    if version is None and programme.questionnaire:
        # Begun with the release before this one.
        version = programme.questionnaire.versions[0]
    defaults = default_questions(programme.missions, programme.largest_grant)
    return with_given(version.questions if version else defaults, given(programme))


def given(programme: Programme) -> Given:
    """Return what the programme says of its questions."""
    return {
        "title": {"high": LONGEST_TITLE},
        "mission": {"options": _options(programme.missions)},
        "amount": {"high": programme.largest_grant},
    }


def pages_of(application: Application) -> dict[str, list[Question]]:
    """Return the questions page by page, by the code of the page's first."""
    pages = asking.pages_of(questions_of(application), dict(application.answers))
    return {page[0].code: page for page in pages}


def answered(application: Application) -> list[tuple[Question, Answer]]:
    """Return the questions that an applicant is asked, each with the answer or an empty one."""
    kept = dict(application.answers)
    asked = asking.asked_of(questions_of(application), kept)
    return [(question, kept.get(question.code, "")) for question in asked]


def faults(application: Application) -> dict[str, Any]:
    """Return what is wrong with an application's answers, or missing, by question."""
    asked = answered(application)
    return asking.faults([question for question, _answer in asked], dict(application.answers))


def told_panel(application: Application) -> list[tuple[Question, Answer]]:
    """Return what the panel may read: nothing that would tell it who asks."""
    return [(question, answer) for question, answer in answered(application) if not question.hidden]


def told_everybody(application: Application) -> list[tuple[Question, Answer]]:
    """Return the answers to the programme's own public questions, for the register.

    What tells who somebody is stays out of it, and so do the words of whoever asks alone: they
    could tell who it is.
    """
    alone = application.applicant_kind == "individual"
    return [
        (question, answer)
        for question, answer in told_panel(application)
        if own_and_public(question) and not (alone and kind_called(question.kind).own_words)
    ]


def own_and_public(question: Question) -> bool:
    """Whether anyone may read the answers to a question that the programme added."""
    added = question.public and not question.hidden and question.code not in FIXED
    return added and not kind_called(question.kind).tells_who


def _question(code: str, kind: str, wording: Any, help: Any = None, **more: Any) -> Question:
    return Question(
        code=code,
        kind=kind,
        wording=in_every_language(wording),
        help=in_every_language(help) if help else None,
        **more,
    )


def _reaching() -> list[Question]:
    return [
        _question(
            "contact",
            "contact",
            _("How can we reach you?"),
            _("E-mail or phone number (you may leave it empty)"),
            required=False,
            hidden=True,
        ),
        _question(
            "name",
            "name",
            _("Your name, or your group’s"),
            high=80,
            required=False,
            hidden=True,
            with_previous=True,
        ),
    ]


def _kinds() -> tuple[Option, ...]:
    return tuple(Option(kind, in_every_language(words)) for kind, words in KINDS.items())


def _options(missions: list[Mission]) -> tuple[Option, ...]:
    return tuple(Option(mission.code, mission.title) for mission in missions)


def _programme(questionnaire: Questionnaire) -> Programme:
    return one(select(Programme).where(Programme.questionnaire_id == questionnaire.id))


def _closed(questionnaire: Questionnaire) -> Any | None:
    sent = select(Application.id).where(
        Application.programme_id == _programme(questionnaire).id, Application.state != "draft"
    )
    if db.session.scalar(sent.limit(1)) is None:
        return None
    return _("An application was sent already, so the questions stay: all are asked the same.")


QUESTIONS = Use(
    name=USE,
    permission="organise",
    title=lambda questionnaire: said(_programme(questionnaire).name),
    home=lambda questionnaire: (url_for("grants_desk.overview"), _("Grants")),
    closed=_closed,
    fixed=FIXED,
    uploads=True,
    given=lambda questionnaire: given(_programme(questionnaire)),
)
