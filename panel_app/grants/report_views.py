"""Telling what came of a grant on a phone, and the public page of a grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectFieldBase

from panel_app.core.db import db, found
from panel_app.core.errors import DomainError
from panel_app.core.text import _
from panel_app.grants import awards, links, pages, reports
from panel_app.grants.award_models import Payment
from panel_app.grants.models import Award
from panel_app.grants.queries import application_with, awards_of, register_row
from panel_app.panels.current import this_panel
from panel_app.questions import asking, photos, steps
from panel_app.questions.question import Answers, Question
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, SelectChoice, TicksField, page, saved

bp = Blueprint("reports", __name__)


class AgreeForm(Form):
    """What everybody may see of a report."""

    agreed = TicksField(
        _("What may we show everyone?"),
        description=_(
            "Tick what you agree to. Nothing is shown without your tick, and somebody of ours looks"
            " at it first. You can change this at any time with your link."
        ),
    )

    def of(self, award: Award) -> AgreeForm:
        """Offer the parts that were told, those ticked that were agreed to."""
        told = [each for each in reports.questions() if reports.answers(award).get(each.code)]
        self.agreed.choices = [SelectChoice(each.code, _part(each)) for each in told]
        if not self.is_submitted() and award.report:
            _tick(self.agreed, award.report.agreed)
        return self


@bp.get("/a/<token>/report")
@access.needs("anyone")
def overview(token: str) -> Page:
    """Show what was told so far, what is missing, and what everybody may see."""
    award = _award(token)
    if award.report is None:
        reports.check_wanted(award)
        return redirect(url_for(".question", token=token, question=next(iter(reports.pages()))))
    return _overview(award, token, AgreeForm().of(award))


@bp.post("/a/<token>/report")
@access.needs("anyone")
def send(token: str) -> Page:
    """Send what came of it; once sent, change what everybody may see."""
    award = _award(token)
    form = AgreeForm().of(award)
    told = award.report is not None and award.report.sent_at is not None
    act = reports.agree if told else reports.send
    return saved(
        form,
        lambda: act(award=award, agreed=form.agreed.data or []),
        url_for(".overview", token=token),
        says=_("Saved.") if told else _("Thank you for telling us."),
    ) or _overview(award, token, form)


@bp.get("/a/<token>/report/<question>")
@access.needs("anyone")
def question(token: str, question: str) -> Page:
    """Ask what stands on one page, with what was told before."""
    award = _award(token)
    reports.check_wanted(award)
    return _question_page(award, token, question, reports.answers(award))


@bp.post("/a/<token>/report/<question>")
@access.needs("anyone")
def answer(token: str, question: str) -> Page:
    """Keep the answer, whatever it is; go on only when it is complete."""
    award = _award(token)
    asked = found(reports.pages().get(question))
    try:
        reports.check_wanted(award)
        typed = asking.read(asked, request.form)
        unsound = pages.take_photos(reports.about(award), asked, typed, request.files)
        wrong = reports.save(award=award, question=question, given=typed) | unsound
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        typed = asking.as_typed(asked, request.form)
        return _question_page(award, token, question, typed, {}, refusal)
    go = request.form.get("go")
    if wrong and go not in {"back", "link"}:
        return _question_page(award, token, question, typed, wrong)
    return redirect(_after(token, question, go, "review" in request.args), 303)


@bp.get("/p/<panel_slug>/grants/<award_id>")
@access.needs("anyone")
def public(award_id: str) -> str:
    """Show a grant from the pot to what came of it."""
    panel = this_panel()
    found(panel if panel.published else None)
    award = found(db.session.scalar(awards_of(panel).where(Award.public_id == award_id)))
    row = register_row(award)
    return render_template(
        "grants/public.html",
        heading=i18n.theirs(row.title, row.language) if row.title else _("A resident’s idea"),
        panel=panel,
        row=row,
        paid=_paid(award),
        report=_told(award),
        state=award.state,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a report as everybody sees it: words, or a small photo with its words."""

    heading: Any
    words: Any
    photo: str | None


def _told(award: Award) -> list[Told]:
    language = award.application.language
    return [
        Told(
            i18n.said(each.wording),
            answer["text"] if isinstance(answer, dict) else asking.in_words(each, answer, language),
            photos.address(answer["photo"]) if isinstance(answer, dict) else None,
        )
        for each, answer in reports.told_everybody(award)
    ]


def _paid(award: Award) -> list[Payment]:
    query = select(Payment).where(Payment.award_id == award.id, Payment.state == "paid")
    return list(db.session.scalars(query.order_by(Payment.number)))


def _award(token: str) -> Award:
    return found(awards.standing_award(application_with(token)))


def _overview(award: Award, token: str, form: AgreeForm) -> Page:
    kept = reports.answers(award)
    return page(
        "grants/report.html",
        form,
        heading=_("What came of it"),
        award=award,
        report=award.report,
        steps=steps.steps(reports.pages(), kept, reports.faults(award)),
        link=links.address(token),
        token=token,
    )


def _question_page(
    award: Award,
    token: str,
    code: str,
    kept: Answers,
    wrong: Mapping[str, Any] | None = None,
    refusal: DomainError | None = None,
) -> tuple[str, int]:
    asked, codes = found(reports.pages().get(code)), list(reports.pages())
    if refusal and refusal.field:
        wrong = {refusal.field: refusal.message}
    review = "yes" if request.args.get("review") else None
    number = codes.index(code) + 1
    shown = render_template(
        "grants/question.html",
        heading=i18n.said(asked[0].wording),
        asked=list(asking.on_page(asked, kept, wrong or {}, alone=True)),
        refusal=None if refusal is None or refusal.field else refusal.message,
        action=url_for(".answer", token=token, question=code, review=review),
        uploads=any(map(photos.takes_photo, asked)),
        programme=award.application.programme,
        place=pages.Place(number, len(codes), [at < number for at in range(1, len(codes) + 1)]),
    )
    return shown, 422 if wrong or refusal else 200


def _after(token: str, code: str, go: str | None, reviewing: bool) -> str:
    codes = list(reports.pages())
    at = codes.index(code) + (-1 if go == "back" else 1)
    if at < 0 or at == len(codes) or reviewing or go == "link":
        return url_for(".overview", token=token)
    return url_for(".question", token=token, question=codes[at])


def _part(question: Question) -> Any:
    return i18n.said(question.wording)


def _tick(field: SelectFieldBase, codes: list[str]) -> None:
    field.data = codes
