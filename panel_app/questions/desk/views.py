"""The editor of a questionnaire: its questions, their words and order, and how they look."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.questions import asking, queries, services
from panel_app.questions.desk.forms import QuestionForm, question_form
from panel_app.questions.kinds import all_kinds, kind_called
from panel_app.questions.models import Questionnaire
from panel_app.questions.question import Question
from panel_app.questions.uses import Use, asked_now, use_of
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, done, page, saved

bp = Blueprint("questions_desk", __name__)


@bp.get("/desk/<panel_slug>/questionnaires/<public_id>")
@access.needs("observe")
def show(public_id: str) -> str:
    """List the questions, with what can be done to each."""
    questionnaire, use = _questionnaire(public_id)
    return render_template(
        "questions/desk/questionnaire.html",
        heading=_("Questions"),
        kinds=[kind for kind in all_kinds() if use.uploads or not kind.uploads],
        names={kind.name: kind.title for kind in all_kinds()},
        version=questionnaire.newest,
        questions=asked_now(questionnaire),
        **_frame(questionnaire, use),
    )


@bp.route("/desk/<panel_slug>/questionnaires/<public_id>/new/<kind>", methods=["GET", "POST"])
@access.needs("facilitate")
def new(public_id: str, kind: str) -> Page:
    """Add a question."""
    questionnaire, use = _writable(public_id)
    code, of_kind = services.code_for_another(questionnaire), kind_called(kind)
    found(of_kind if use.uploads or not of_kind.uploads else None)
    form = question_form(of_kind, code, list(asked_now(questionnaire)))
    return _edited(questionnaire, use, form, heading=_("Add a question"))


@bp.route("/desk/<panel_slug>/questionnaires/<public_id>/<code>/edit", methods=["GET", "POST"])
@access.needs("facilitate")
def edit(public_id: str, code: str) -> Page:
    """Change a question."""
    questionnaire, use = _writable(public_id)
    questions = asked_now(questionnaire)
    shown = _question(questionnaire, code)
    earlier, given = list(questions[: questions.index(shown)]), use.given(questionnaire)
    form = question_form(kind_called(shown.kind), code, earlier, shown, given.get(code))
    return _edited(questionnaire, use, form, heading=_("Change a question"))


@bp.post(
    "/desk/<panel_slug>/questionnaires/<public_id>/<code>/earlier", defaults={"towards": "earlier"}
)
@bp.post(
    "/desk/<panel_slug>/questionnaires/<public_id>/<code>/later", defaults={"towards": "later"}
)
@access.needs("facilitate")
def move(public_id: str, code: str, towards: Literal["earlier", "later"]) -> Response:
    """Move a question up or down."""
    questionnaire, _use = _writable(public_id)
    found(_question(questionnaire, code))
    services.move_question(questionnaire=questionnaire, code=code, towards=towards, actor=actor())
    return done(url_for(".show", public_id=public_id))


@bp.route("/desk/<panel_slug>/questionnaires/<public_id>/<code>/remove", methods=["GET", "POST"])
@access.needs("facilitate")
def remove(public_id: str, code: str) -> Page:
    """Ask, then take a question out."""
    questionnaire, use = _writable(public_id)
    shown, form = _question(questionnaire, code), Form()
    back = url_for(".show", public_id=public_id), use.title(questionnaire)
    return saved(
        form,
        lambda: services.remove_question(questionnaire=questionnaire, code=code, actor=actor()),
        back[0],
    ) or page(
        "staff/form.html",
        form,
        heading=_("Take the question out?"),
        words=[i18n.said(shown.wording)],
        button=_("Take it out"),
        kind="stop",
        keep=_("Keep it"),
        back=back,
    )


@bp.route("/desk/<panel_slug>/questionnaires/<public_id>/preview", methods=["GET", "POST"])
@access.needs("observe")
def preview(public_id: str) -> Page:
    """Show the questions all on one page, and check what is typed; nothing is kept."""
    questionnaire, use = _questionnaire(public_id)
    questions = asked_now(questionnaire)
    answers = asking.read(questions, request.form)
    asked = asking.asked_of(questions, answers)
    sent = request.method == "POST" and not asking.moves(questions, request.form)
    # A photo isn't received here, so that it isn't missed either.
    here = [question for question in asked if not kind_called(question.kind).uploads]
    wrong = asking.faults(here, answers) if sent else {}
    shown = render_template(
        "questions/desk/preview.html",
        heading=_("How it looks"),
        asked=list(asking.on_page(questions, answers, wrong)),
        words=[(q, asking.in_words(q, answers[q.code])) for q in asked] if sent else [],
        wrong=wrong,
        **_frame(questionnaire, use),
    )
    return shown, 422 if wrong else 200


def _questionnaire(public_id: str) -> tuple[Questionnaire, Use]:
    questionnaire = queries.questionnaire_of(this_panel(), public_id)
    return questionnaire, use_of(questionnaire)


def _writable(public_id: str) -> tuple[Questionnaire, Use]:
    """Return a questionnaire that whoever asks may change."""
    questionnaire, use = _questionnaire(public_id)
    if not access.may(use.permission):
        abort(403)
    return questionnaire, use


def _question(questionnaire: Questionnaire, code: str) -> Question:
    return found(next((q for q in asked_now(questionnaire) if q.code == code), None))


def _edited(questionnaire: Questionnaire, use: Use, form: QuestionForm, **shown: Any) -> Page:
    """Save the question that was typed; show the form again where something is wrong."""
    return saved(
        form,
        lambda: services.change_question(
            questionnaire=questionnaire, question=form.question(), actor=actor()
        ),
        url_for(".show", public_id=questionnaire.public_id),
    ) or page("questions/desk/question.html", form, **shown, **_frame(questionnaire, use))


def _frame(questionnaire: Questionnaire, use: Use) -> dict[str, Any]:
    """Return what every page of the editor shows."""
    return {
        "questionnaire": questionnaire,
        "title": use.title(questionnaire),
        "home": use.home(questionnaire),
        "closed": use.closed(questionnaire),
        "fixed": use.fixed,
        "may_write": access.may(use.permission),
    }
