"""Registering on one's own phone, without an account: a link of one's own leads back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from panel_app.core import ids
from panel_app.core.db import db, found
from panel_app.core.errors import DomainError, Refused
from panel_app.core.text import _
from panel_app.outbox import lost_links
from panel_app.outbox.lost_links import LostForm
from panel_app.questions import asking
from panel_app.questions.question import Answers, Question
from panel_app.recruitment.registration import letters, lost, opening, queries, services
from panel_app.recruitment.registration.asked import asked_in
from panel_app.recruitment.registration.models import Registration, RegistrationPage
from panel_app.web import access, i18n
from panel_app.web.forms import Form, at_most, page, required, saved

bp = Blueprint("registration", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/register/<page_id>")
@access.needs("anyone")
def way_in(page_id: str) -> Page:
    """Say what people register for, what they are asked, and whether they can just now."""
    return _way_in_page(queries.way_in(page_id))


@bp.post("/register/<page_id>")
@access.needs("anyone")
def start(page_id: str) -> Page:
    """Begin to register."""
    return _start(queries.way_in(page_id), None)


class CodeForm(Form):
    """The code of a letter, typed."""

    code = StringField(
        _("Code on your letter"),
        [required(), at_most(40)],
        render_kw={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"},
    )


@bp.route("/r", methods=["GET", "POST"])
@access.needs("anyone")
def type_code() -> Page:
    """Ask for the code of a letter, for whoever can't scan it."""
    form = CodeForm()
    return saved(
        form,
        lambda: letters.opened(form.code.data or ""),
        lambda _opened: url_for(".invitation", code=ids.normalise_code(form.code.data or "")),
    ) or page("registration/code.html", form, heading=_("Register with your letter"))


@bp.route("/register/<page_id>/lost", methods=["GET", "POST"])
@access.needs("anyone")
def lost_link(page_id: str) -> Page:
    """Have another link sent to whoever registered, and say the same whether anybody did."""
    way, form = queries.way_in(page_id), LostForm()
    back = url_for(".way_in", page_id=page_id)
    return saved(
        form,
        lambda: lost.ask(page=way, contact=form.contact.data or ""),
        back,
        says=lost_links.answer(form.contact.data or ""),
    ) or page(
        "outbox/lost.html",
        form,
        heading=_("A lost link"),
        home=(back, i18n.said(way.panel.name)),
        hint=lost_links.hint(),
    )


@bp.get("/r/<code>")
@access.needs("anyone")
def invitation(code: str) -> Page:
    """Show whoever scanned a letter's code what they register for; nothing happens yet."""
    way, _invited = letters.opened(code)
    return _way_in_page(way, code=code)


@bp.post("/r/<code>")
@access.needs("anyone")
def start_invited(code: str) -> Page:
    """Begin to register with the code of a letter."""
    way, invited = letters.opened(code)
    return _start(way, invited, code=code)


@bp.get("/registration/<token>")
@access.needs("anyone")
def show(token: str) -> str:
    """Show somebody how their registration stands: to be gone on with, sent, or taken back."""
    shown = queries.registration_with(token)
    headings = {
        "draft": _("Your registration so far"),
        "sent": _("You are registered"),
        "withdrawn": _("You took your name back"),
    }
    steps = queries.steps(shown) if shown.person_key else []
    return render_template(
        "registration/receipt.html",
        heading=headings[shown.state],
        registration=shown,
        token=token,
        steps=steps,
        first=next((step.question for step in steps if step.faults), None),
        link=queries.address("registration.show", token=token),
        closed=opening.closed(shown.page),
    )


@bp.get("/registration/<token>/answer/<question>")
@access.needs("anyone")
def question(token: str, question: str) -> Page:
    """Ask what stands on one page, with what was answered before."""
    shown = queries.registration_with(token)
    if shown.state == "withdrawn":
        return redirect(url_for(".show", token=token), 303)
    kept = shown.answers
    asked = found(asked_in(shown).pages(kept).get(question))
    return _question_page(shown, token, asked, kept)


@bp.post("/registration/<token>/answer/<question>")
@access.needs("anyone")
def answer(token: str, question: str) -> Page:
    """Keep the answer, whatever it is; go on only when it is complete."""
    shown = queries.registration_with(token)
    asked = found(asked_in(shown).pages(shown.answers).get(question))
    typed = asking.as_typed(asked, request.form)
    try:
        typed = asking.read(asked, request.form)
        wrong = services.save_answer(registration=shown, question=question, answers=typed)
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        return _question_page(shown, token, asked, typed, refusal=refusal)
    if asking.moves(asked, request.form):
        return redirect(request.full_path, 303)
    if wrong and request.form.get("go") not in {"back", "link"}:
        return _question_page(shown, token, asked, typed, wrong)
    return redirect(_after(shown, token, question), 303)


@bp.get("/registration/<token>/check")
@access.needs("anyone")
def check(token: str) -> Page:
    """Show every answer before it is sent."""
    shown = queries.registration_with(token)
    if shown.state != "draft":
        return redirect(url_for(".show", token=token), 303)
    return render_template(
        "registration/check.html",
        heading=_("Check your answers"),
        registration=shown,
        steps=queries.steps(shown),
        token=token,
    )


@bp.post("/registration/<token>/check")
@access.needs("anyone")
def send(token: str) -> Response:
    """Send it, once."""
    shown = queries.registration_with(token)
    page_id = shown.page.public_id
    try:
        sent = services.send(registration=shown)
        letters.use(sent)
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal.message), "warn")
        field = refusal.field
        to = url_for(".question", token=token, question=_page_of(token, field), review="yes")
        return redirect(to if field else url_for(".check", token=token), 303)
    db.session.commit()
    if sent is None:
        flash(_("This page is being tried out: what you sent is thrown away."), "warn")
        return redirect(url_for(".way_in", page_id=page_id), 303)
    return redirect(url_for(".show", token=token), 303)


@bp.get("/registration/<token>/withdraw")
@access.needs("anyone")
def ask_to_withdraw(token: str) -> str:
    """Ask again before somebody's name is taken out."""
    return render_template(
        "registration/withdraw.html",
        heading=_("Take your name back?"),
        registration=queries.registration_with(token),
        token=token,
        days=services.KEPT_DAYS,
    )


@bp.post("/registration/<token>/withdraw")
@access.needs("anyone")
def withdraw(token: str) -> Response:
    """Take somebody's name out, or delete what they only began."""
    shown = queries.registration_with(token)
    page_id, draft = shown.page.public_id, shown.state == "draft"
    services.withdraw(registration=shown)
    letters.give_back(shown)
    db.session.commit()
    if draft:
        flash(_("What you typed is deleted. Nothing of it is kept."))
        return redirect(url_for(".way_in", page_id=page_id), 303)
    return redirect(url_for(".show", token=token), 303)


def _start(way: RegistrationPage, invited: services.Invited | None, code: str = "") -> Page:
    token = request.form.get("shown", "")
    try:
        opening.check_robot(way, token=token, trap=request.form.get("website", ""))
        opening.count(way, invited.code_digest if invited else None)
        begun, own = services.begin(page=way, language=i18n.code(), invited=invited)
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        return _way_in_page(way, code=code, refusal=refusal)
    first = next(iter(asked_in(begun).pages(begun.answers)))
    return redirect(url_for(".question", token=own, question=first), 303)


def _way_in_page(
    way: RegistrationPage, *, code: str = "", refusal: DomainError | None = None
) -> tuple[str, int]:
    shown = render_template(
        "registration/way_in.html",
        heading=i18n.said(way.panel.name),
        page=way,
        code=code,
        needs_code=way.by_code and not code,
        closed=opening.closed(way),
        shown=opening.signed(way),
        refusal=refusal.message if refusal else None,
    )
    return shown, refusal.status if refusal else 200


def _question_page(
    registration: Registration,
    token: str,
    asked: list[Question],
    answers: Answers,
    wrong: Mapping[str, Any] | None = None,
    refusal: DomainError | None = None,
) -> tuple[str, int]:
    """Show a page of questions; `refusal` is why nothing of it was kept."""
    if refusal and refusal.field:
        wrong = {refusal.field: refusal.message}
    codes = list(asked_in(registration).pages(registration.answers))
    number = codes.index(asked[0].code) + 1
    shown = render_template(
        "registration/question.html",
        heading=i18n.said(asked[0].wording),
        asked=list(asking.on_page(asked, answers, wrong or {}, alone=True)),
        refusal=None if refusal is None or refusal.field else refusal.message,
        question=asked[0].code,
        token=token,
        registration=registration,
        number=number,
        of=len(codes),
    )
    return shown, 422 if wrong or refusal else 200


def _after(registration: Registration, token: str, question: str) -> str:
    """Return the address that follows a question, forwards or back."""
    go = request.form.get("go")
    if go == "link" or registration.state == "sent":
        return url_for(".show", token=token)
    codes = list(asked_in(registration).pages(registration.answers))
    at = codes.index(question) + (-1 if go == "back" else 1)
    if at < 0:
        return url_for(".show", token=token)
    if at == len(codes) or "review" in request.args:
        return url_for(".check", token=token)
    return url_for(".question", token=token, question=codes[at])


def _page_of(token: str, field: str | None) -> str:
    """Return the code of the page that holds a question."""
    shown = queries.registration_with(token)
    pages = asked_in(shown).pages(shown.answers).items()
    holds = (code for code, page in pages if field in {one.code for one in page})
    return next(holds, field or "")
