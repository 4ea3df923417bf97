"""A case on a member's phone: declare, read, score, vote."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.casework import notes, queries, services, subjects
from panel_app.casework.forms import (
    AssessmentForm,
    ConflictForm,
    NoteForm,
    VoteForm,
    assessment_form,
    vote_form,
)
from panel_app.casework.models import Case
from panel_app.casework.rubric import CONFLICTS
from panel_app.casework.rules import excluded, may_read
from panel_app.core.text import _
from panel_app.panels.current import this_member
from panel_app.web import access, addresses, i18n
from panel_app.web.addresses import local_address
from panel_app.web.forms import done, page, saved
from panel_app.web.i18n import theirs

bp = Blueprint("cases", __name__)
bp.app_template_filter("short_reason")(subjects.reason_of)
bp.app_template_filter("conditions")(subjects.conditions_of)

Page = tuple[str, int] | str | Response


@bp.get("/my/cases/<case_id>")
@access.needs("member")
def show(case_id: str) -> Page:
    """Show a case: to be declared on, to be read and scored, or that the member stays out."""
    case = _case(case_id)
    return _reading(case) if may_read(_level(case)) else _before_reading(case, ConflictForm())


@bp.get("/my/cases/<case_id>/connection")
@access.needs("member")
def connection(case_id: str) -> Page:
    """Ask again whether the member has a connection with the case."""
    case = _case(case_id)
    level = _level(case)
    if excluded(level):
        return redirect(url_for(".show", case_id=case_id), 303)
    return _before_reading(case, ConflictForm(data={"level": level}))


@bp.post("/my/cases/<case_id>/connection")
@access.needs("member")
@addresses.shown_on(".show")
def declare(case_id: str) -> Page:
    """Keep what the member declares."""
    case, form = _case(case_id), ConflictForm()
    return saved(
        form,
        lambda: services.declare_conflict(case=case, member=this_member(), level=form.level.data),
        _onwards(case),
    ) or _before_reading(case, form)


@bp.post("/my/cases/<case_id>/score")
@access.needs("member")
@addresses.shown_on(".show")
def score(case_id: str) -> Page:
    """Keep the member's scores."""
    case = _case(case_id)
    if not may_read(_level(case)):
        return redirect(url_for(".show", case_id=case_id), 303)
    member = this_member()
    form = assessment_form(case, why=queries.needs_why(case, member))
    return saved(
        form,
        lambda: services.save_assessment(case=case, by=member, **form.given()),
        url_for(".scores", case_id=case_id),
    ) or _reading(case, sent=form)


@bp.get("/my/cases/<case_id>/scores")
@access.needs("member")
def scores(case_id: str) -> Page:
    """Show what others think, to a member who scored first."""
    case, member = _case(case_id), this_member()
    assessed = queries.assessed_for(case, member) if may_read(_level(case)) else None
    if assessed is None:
        return redirect(url_for(".show", case_id=case_id), 303)
    return render_template(
        "casework/scores.html",
        heading=_("What the panel thinks so far"),
        case=case,
        where=theirs(case.title, case.language),
        assessed=assessed,
        list_url=subjects.of(case).list_url(),
    )


@bp.route("/my/cases/<case_id>/notes", methods=["GET", "POST"])
@access.needs("member")
def discussion(case_id: str) -> Page:
    """Show what members say about a case, and keep the member's own note."""
    case, member = _case(case_id), this_member()
    if not may_read(_level(case)) or not notes.may_discuss(case, member):
        return redirect(url_for(".show", case_id=case_id), 303)
    own = notes.own(case, member)
    form = NoteForm(data={"text": own.text if own else ""})
    return saved(
        form,
        lambda: notes.write(
            case=case, member=member, text=form.text.data or "", language=i18n.code()
        ),
        url_for(".discussion", case_id=case_id),
    ) or page(
        "casework/notes.html",
        form,
        heading=_("What the panel says"),
        case=case,
        where=theirs(case.title, case.language),
        notes=notes.shown(case, member),
        list_url=subjects.of(case).list_url(),
    )


@bp.post("/my/cases/<case_id>/notes/<note_id>")
@access.needs("member")
@addresses.shown_on(".discussion")
def answer_note(case_id: str, note_id: str) -> Response:
    """Keep whether the member agrees with a note."""
    notes.answer(
        case=_case(case_id),
        member=this_member(),
        note_id=note_id,
        agrees=request.form.get("view") == "agree",
    )
    return done(url_for(".discussion", case_id=case_id))


@bp.post("/my/cases/<case_id>/vote")
@access.needs("member")
@addresses.shown_on(".show")
def vote(case_id: str) -> Page:
    """Keep the member's vote on the decision."""
    case = _case(case_id)
    form = vote_form(case, sent=True)
    cast = saved(
        form,
        lambda: services.cast_decision_vote(case=case, member=this_member(), **form.named()),
        _onwards(case),
    )
    if cast or not may_read(_level(case)):
        return cast or redirect(_onwards(case), 303)
    return _reading(case, sent=form)


def _case(public_id: str) -> Case:
    return queries.case_of(this_member().panel_id, public_id)


def _level(case: Case) -> str | None:
    conflict = queries.declared(case, this_member())
    return conflict.level if conflict else None


def _onwards(case: Case) -> str:
    """Return where the form stood: the session's page, or the case."""
    back = request.form.get("next")
    return local_address(back) if back else url_for(".show", case_id=case.public_id)


def _before_reading(case: Case, form: ConflictForm) -> Page:
    """Show title and facts only, and the question about a connection."""
    subject = subjects.of(case)
    return page(
        "casework/connection.html",
        form,
        heading=theirs(case.title, case.language),
        case=case,
        where=subject.where(case),
        facts=subject.facts(case),
        level=_level(case),
        why={level: why for level, (_words, why) in CONFLICTS.items()},
        list_url=subject.list_url(),
    )


def _reading(case: Case, sent: AssessmentForm | VoteForm | None = None) -> Page:
    """Show the case in full with the member's scores, and the vote while it is open.

    `sent` is the form that was refused, if one was.
    """
    member, subject = this_member(), subjects.of(case)
    own, voted = queries.assessment_of(case, member), queries.vote_of(case, member)
    score_form = sent if isinstance(sent, AssessmentForm) else None
    typed_vote = sent if isinstance(sent, VoteForm) else None
    score_form = score_form or assessment_form(case, own, why=queries.needs_why(case, member))
    return page(
        "casework/case.html",
        sent or score_form,
        heading=theirs(case.title, case.language),
        case=case,
        where=subject.where(case),
        facts=subject.facts(case),
        summary=theirs(subject.summary(case), case.language),
        answers=subject.answers(case),
        own=own,
        discusses=notes.may_discuss(case, member),
        voided=own is None and queries.was_voided(case, member),
        level=_level(case),
        score_form=score_form,
        vote_form=typed_vote or vote_form(case, voted),
        rule=subject.rule,
        voted=voted,
        decided={outcome.key: outcome.decided for outcome in subject.outcomes},
        list_url=subject.list_url(),
    )
