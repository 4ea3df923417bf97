"""Applying for a grant on a phone without an account, and the panel's list of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from panel_app.core.db import db, found
from panel_app.core.errors import DomainError, Refused
from panel_app.core.text import _, gettext
from panel_app.grants import (
    appeals,
    awards,
    letters,
    links,
    pages,
    questionnaire,
    reaching,
    services,
)
from panel_app.grants.account import account_of
from panel_app.grants.forms import ELIGIBILITY, EligibilityForm
from panel_app.grants.models import Application
from panel_app.grants.outcomes import BASES, DECIDED
from panel_app.grants.queries import (
    application_with,
    coming_rounds,
    programme_called,
)
from panel_app.outbox import lost_links
from panel_app.outbox import queries as outbox
from panel_app.outbox.lost_links import LostForm
from panel_app.panels.current import this_member
from panel_app.questions import asking, photos
from panel_app.questions.question import Answers, Question
from panel_app.web import access, i18n, limits, listing
from panel_app.web.forms import done, page, refusals, saved

bp = Blueprint("grants", __name__)

Page = str | tuple[str, int] | Response

#: Applications that a programme lets begin: more in an hour are made by a machine.
STARTS = parse("300 per hour")
_TOO_MANY = _(
    "Very many applications were begun just now. Try again in an hour, or ask the organiser."
)


@bp.get("/apply/<programme_slug>")
@access.needs("anyone")
def programme(programme_slug: str) -> str:
    """Say what the programme is for, how much there is, when it is decided and by whom."""
    shown = programme_called(programme_slug)
    return render_template(
        "grants/programme.html",
        heading=i18n.said(shown.name),
        programme=shown,
        rounds=coming_rounds(shown),
        given=account_of(shown),
    )


@bp.get("/apply/<programme_slug>/start")
@access.needs("anyone")
def check(programme_slug: str) -> Page:
    """Ask whether it fits the rules."""
    return _check_page(programme_slug, EligibilityForm())


@bp.post("/apply/<programme_slug>/start")
@access.needs("anyone")
def start(programme_slug: str) -> Page:
    """Start an application where it fits, or where the person asks all the same."""
    asked, form = programme_called(programme_slug), EligibilityForm()
    sound = form.validate()
    doubt = sound and form.fits.data != "yes" and "anyway" not in request.form
    if sound and not doubt:
        limits.take(STARTS, "application", programme_slug, message=_TOO_MANY)
        with refusals(form):
            draft, token = services.start_application(
                programme=asked, language=i18n.code(), fits=form.fits.data == "yes"
            )
            db.session.commit()
            first = next(iter(questionnaire.pages_of(draft)))
            return redirect(url_for(".question", token=token, question=first), 303)
    return _check_page(programme_slug, form, doubt=doubt)


@bp.get("/apply/<programme_slug>/lost")
@access.needs("anyone")
def lost(programme_slug: str) -> Page:
    """Ask somebody who lost their link for the contact that they gave."""
    return _lost_page(programme_slug, LostForm())


@bp.post("/apply/<programme_slug>/lost")
@access.needs("anyone")
def send_lost(programme_slug: str) -> Page:
    """Have new links sent to a contact, and say the same whether anybody applied with it."""
    asked, form = programme_called(programme_slug), LostForm()
    return saved(
        form,
        lambda: letters.ask_for_lost_links(programme=asked, contact=form.contact.data or ""),
        url_for(".programme", programme_slug=programme_slug),
        says=lost_links.answer(form.contact.data or ""),
    ) or _lost_page(programme_slug, form)


@bp.get("/a/<token>")
@access.needs("anyone")
def application(token: str) -> str:
    """Show the applicant how their application stands."""
    shown = application_with(token)
    if shown.state == "draft":
        return render_template(
            "grants/draft.html",
            heading=_("Your application so far"),
            link=links.address(token),
            opened=outbox.opened_for(letters.ref(shown)),
            token=token,
            steps=pages.steps(shown),
            first=pages.first_open(shown),
        )
    return render_template(
        "grants/status.html",
        heading=gettext("Your application, number %(number)d", number=shown.reference),
        application=shown,
        decision=shown.decision,
        **appeals.shown_to_applicant(shown),
        award=awards.standing_award(shown),
        decided=DECIDED,
        bases=BASES,
        hearing=reaching.hearing(shown),
        opened=outbox.opened_for(letters.ref(shown)),
        link=links.address(token),
        token=token,
    )


@bp.get("/a/<token>/answer/<question>")
@access.needs("anyone")
def question(token: str, question: str) -> Page:
    """Ask what stands on one page, with what was answered before."""
    shown = application_with(token)
    asked = found(questionnaire.pages_of(shown).get(question))
    if shown.state != "draft":
        return redirect(url_for(".application", token=token), 303)
    return _question_page(shown, token, asked, shown.answers)


@bp.post("/a/<token>/answer/<question>")
@access.needs("anyone")
def answer(token: str, question: str) -> Page:
    """Keep the answer, whatever it is; go on only when it is complete."""
    shown = application_with(token)
    asked = found(questionnaire.pages_of(shown).get(question))
    try:
        typed = asking.read(asked, request.form)
        unsound = pages.take_photos(letters.ref(shown), asked, typed, request.files)
        wrong = services.save_answer(
            application=shown, question=question, answers=typed, link=links.address(token)
        )
        wrong |= unsound
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        typed, wrong = asking.as_typed(asked, request.form), {}
        return _question_page(shown, token, asked, typed, wrong, refusal)
    go = request.form.get("go")
    if asking.moves(asked, request.form):
        return redirect(request.full_path, 303)
    if wrong and go not in {"back", "link"}:
        return _question_page(shown, token, asked, typed, wrong)
    if go == "link":
        return redirect(url_for(".application", token=token), 303)
    back = go == "back"
    return redirect(pages.after(token, shown, question, back, "review" in request.args), 303)


@bp.get("/a/<token>/check")
@access.needs("anyone")
def review(token: str) -> Page:
    """Show every answer before sending."""
    shown = application_with(token)
    if shown.state != "draft":
        return redirect(url_for(".application", token=token), 303)
    return render_template(
        "grants/review.html",
        heading=_("Check your answers"),
        steps=pages.steps(shown),
        application=shown,
        token=token,
    )


@bp.post("/a/<token>/check")
@access.needs("anyone")
def submit(token: str) -> Response:
    """Send the application to the panel, once."""
    shown = application_with(token)
    try:
        services.submit_application(application=shown, language=i18n.code())
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal.message), "warn")
        return redirect(
            url_for(".question", token=token, question=refusal.field, review="yes"), 303
        )
    return done(url_for(".application", token=token))


@bp.get("/a/<token>/withdraw")
@access.needs("anyone")
def ask_to_withdraw(token: str) -> str:
    """Ask again before an application is taken back."""
    return render_template(
        "grants/withdraw.html",
        heading=_("Take your application back?"),
        application=application_with(token),
        token=token,
    )


@bp.post("/a/<token>/withdraw")
@access.needs("anyone")
def withdraw(token: str) -> Response:
    """Take the application back."""
    shown = application_with(token)
    slug, draft = shown.programme.slug, shown.state == "draft"
    services.withdraw_application(application=shown)
    db.session.commit()
    if draft:
        flash(_("Your draft is deleted. Nothing of it is kept."))
        return redirect(url_for(".programme", programme_slug=slug), 303)
    return redirect(url_for(".application", token=token), 303)


@bp.get("/my/grants")
@access.needs("member")
def to_assess() -> str:
    """List the applications before the member's panel."""
    return render_template(
        "grants/to_assess.html",
        heading=_("Applications to read"),
        listing=listing.shown(pages.to_assess(this_member()), request.args),
    )


def _check_page(slug: str, form: EligibilityForm, *, doubt: bool = False) -> Page:
    return page(
        "grants/eligibility.html",
        form,
        heading=_("Before you start"),
        programme=programme_called(slug),
        rules=ELIGIBILITY,
        doubt=doubt,
    )


def _lost_page(slug: str, form: LostForm) -> Page:
    return page(
        "outbox/lost.html",
        form,
        heading=_("A lost link"),
        home=(url_for(".programme", programme_slug=slug), i18n.said(programme_called(slug).name)),
        hint=lost_links.hint(),
    )


def _question_page(
    application: Application,
    token: str,
    asked: list[Question],
    answers: Answers,
    wrong: Mapping[str, Any] | None = None,
    refusal: DomainError | None = None,
) -> tuple[str, int]:
    """Show a page of questions; `refusal` is why nothing of it was kept."""
    if refusal and refusal.field:
        wrong = {refusal.field: refusal.message}
    shown = render_template(
        "grants/question.html",
        heading=i18n.said(asked[0].wording),
        asked=pages.on_page(asked, answers, wrong or {}),
        refusal=None if refusal is None or refusal.field else refusal.message,
        action=url_for(
            ".answer",
            token=token,
            question=asked[0].code,
            review="yes" if request.args.get("review") else None,
        ),
        uploads=any(map(photos.takes_photo, asked)),
        programme=application.programme,
        place=pages.place(application, asked[0].code),
    )
    return shown, 422 if wrong or refusal else 200
