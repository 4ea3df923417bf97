"""Voting at a kiosk: the letter's code, the ballot, the receipt, and back to the start."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from panel_app.balloting import kiosk, origins, papers, queries, services
from panel_app.balloting.forms import counter_in
from panel_app.balloting.kiosk import Visit
from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.errors import DomainError, Refused
from panel_app.core.text import _
from panel_app.panels.forms import CodeForm
from panel_app.web import access, i18n
from panel_app.web.forms import page, refusals

bp = Blueprint("kiosk", __name__)


@bp.get("/kiosk")
@access.needs("anyone")
def start() -> Response:
    """Ask the next person for their letter's code."""
    return _start(CodeForm())


@bp.post("/kiosk")
@access.needs("anyone")
def let_in() -> Response:
    """Let somebody vote with their letter's code; their own phone keeps its seat."""
    ballot, form = kiosk.ballot_here(), CodeForm()
    if form.validate_on_submit():
        with refusals(form):
            member = kiosk.let_in(ballot, form.code.data or "")
            response = redirect(url_for(".vote"), 303)
            kiosk.remember(response, ballot, member)
            db.session.commit()
            return response
    return _start(form)


@bp.get("/kiosk/leave")
@access.needs("anyone")
def leave() -> Response:
    """Forget whoever was here, their language too, and begin anew; nobody on another device."""
    kiosk.ballot_here()
    response = redirect(url_for(".start"), 303)
    session.clear()
    kiosk.forget(response)
    response.delete_cookie(i18n.COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/kiosk/vote", methods=["GET", "POST"])
@access.needs("anyone")
def vote() -> Any:
    """Show the ballot, with the choice that was just sent; nothing is stored."""
    here = kiosk.visit()
    if here is None:
        return redirect(url_for(".leave"), 303)
    read = papers.of(here.ballot).read
    return _sheet(here, read(here.ballot, request.form) if request.form else None)


@bp.post("/kiosk/check")
@access.needs("anyone")
def check() -> Any:
    """Show a choice once more before it is cast; nothing is stored."""
    here = kiosk.visit()
    if here is None:
        return redirect(url_for(".leave"), 303)
    kind = papers.of(here.ballot)
    sent = kind.read(here.ballot, request.form)
    try:
        choice = kind.check(here.ballot.terms, sent)
    except Refused as refusal:
        return _sheet(here, sent, refusal.message), 422
    return render_template(
        "balloting/kiosk/check.html",
        heading=_("Is this your vote?"),
        words=kind.words(here.ballot, choice),
        fields=kind.fields(here.ballot, choice),
        counter=_next_counter(here),
        helpers=origins.HELPERS,
    )


@bp.post("/kiosk/cast")
@access.needs("anyone")
def cast() -> Any:
    """Put the paper into the box, and show its receipt."""
    here = kiosk.visit()
    if here is None:
        return redirect(url_for(".leave"), 303)
    sent = papers.of(here.ballot).read(here.ballot, request.form)
    try:
        services.cast_paper(
            ballot=here.ballot,
            member=here.member,
            choice=sent,
            counter=counter_in(request.form),
            origin="kiosk",
            helper=request.form.get("helper", ""),
        )
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        return _sheet(here, sent, refusal.message), 422
    return redirect(url_for(".receipt"), 303)


@bp.get("/kiosk/receipt")
@access.needs("anyone")
def receipt() -> Any:
    """Show the receipt until the person leaves, for a minute at most."""
    here = kiosk.visit()
    paper = queries.own_paper(here.ballot, here.member) if here else None
    if paper is None:
        return redirect(url_for(".leave"), 303)
    tracker = ids.spell(paper.tracker)
    heading = _("Your vote is in")
    return render_template("balloting/kiosk/receipt.html", heading=heading, tracker=tracker)


def _start(form: CodeForm) -> Response:
    ballot = kiosk.ballot_here()
    shown, status = page(
        "balloting/kiosk/start.html",
        form,
        heading=i18n.said(ballot.question),
        takes_papers=queries.takes_papers(ballot),
    )
    response = make_response(shown, status)
    kiosk.forget(response)
    return response


def _sheet(here: Visit, choice: Any, refusal: Any = None) -> str:
    sheet = papers.Sheet(
        ballot=here.ballot,
        member=here.member,
        choice=choice,
        counter=_next_counter(here),
        action=url_for(".check"),
        again=url_for(".vote"),
        sent=request.form,
    )
    return render_template(
        "balloting/kiosk/vote.html",
        heading=i18n.said(here.ballot.question),
        form=papers.of(here.ballot).form(sheet),
        refusal=refusal,
    )


def _next_counter(here: Visit) -> int:
    paper = queries.own_paper(here.ballot, here.member)
    return paper.counter + 1 if paper else 1
