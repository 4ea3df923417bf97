"""Ideas on a phone: read, search, want too, send one, follow one's own; without an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.budgets.ideas import authors, lists, queries, services
from panel_app.budgets.ideas.forms import ResidentForm
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.questions import photos
from panel_app.web import access, i18n, listing, robots
from panel_app.web.forms import Form, Page, done, page, refusals, saved

bp = Blueprint("ideas", __name__)


@bp.get("/ideas/<call_id>")
@access.needs("anyone")
def all_of(call_id: str) -> str | Response:
    """List what residents would change, and how far the costing is."""
    call = queries.call_called(call_id)
    return listing.page(
        "ideas/all.html",
        lists.for_everybody(call),
        heading=_("What residents would change"),
        call=call,
        progress=queries.progress(call),
        taking=services.takes_ideas(call),
        wanted_told=queries.wanted_told,
    )


@bp.route("/ideas/<call_id>/new", methods=["GET", "POST"])
@access.needs("anyone")
def new(call_id: str) -> Page:
    """Ask what somebody would change; show what is alike before it is sent."""
    call = queries.call_called(call_id)
    authors.here()
    form = ResidentForm()
    form.offer(call)
    if not services.takes_ideas(call):
        return redirect(url_for(".all_of", call_id=call_id), 303)
    alike: list[Idea] = []
    if form.validate_on_submit():
        alike = [] if "sure" in request.form else queries.alike(call, form.title.data or "")
        if not alike:
            with refusals(form):
                return _sent(call, form)
    return _form(call, form, alike)


@bp.get("/ideas/<call_id>/alike")
@access.needs("anyone")
def alike(call_id: str) -> str:
    """Return the ideas that are like what is being typed."""
    call = queries.call_called(call_id)
    near = queries.alike(call, request.args.get("title", "")[: services.LONGEST_TITLE])
    return render_template("ideas/_alike.html", call=call, alike=near)


@bp.get("/ideas/<call_id>/<int:number>")
@access.needs("anyone")
def show(call_id: str, number: int) -> str:
    """Show one idea and its road."""
    idea = queries.shown_idea(queries.call_called(call_id), number)
    who = authors.here()
    return render_template(
        "ideas/idea.html",
        heading=i18n.said(idea.title),
        wanted=services.wants(idea, who),
        **_road(idea),
    )


@bp.post("/ideas/<call_id>/<int:number>/want")
@access.needs("anyone")
def want(call_id: str, number: int) -> Response:
    """Note that somebody wants it too, once."""
    call = queries.call_called(call_id)
    idea = queries.shown_idea(call, number)
    here = url_for(".show", call_id=call_id, number=number)
    if not authors.known_before():
        authors.here()
        return done(here, _("Please press once more."))
    authors.count_wish(call)
    services.want_too(idea=idea, who=authors.here())
    return done(here, _("Counted: you want this too."))


@bp.get("/ideas/own/<token>")
@access.needs("anyone")
def own(token: str) -> Response:
    """Show an author how their idea stands, whether or not others see it."""
    idea = queries.own_idea(token)
    heading = _("You took your idea back") if idea.state == "withdrawn" else i18n.said(idea.title)
    shown = render_template("ideas/own.html", heading=heading, token=token, **_road(idea))
    answer = make_response(shown)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.route("/ideas/own/<token>/take-back", methods=["GET", "POST"])
@access.needs("anyone")
def take_back(token: str) -> Page:
    """Ask once more, then take an idea back."""
    idea, form = queries.own_idea(token), Form()
    to = url_for(".own", token=token)
    return saved(form, lambda: services.withdraw(idea=idea), to) or page(
        "ideas/take_back.html", form, heading=_("Take your idea back?"), idea=idea, token=token
    )


def _sent(call: IdeaCall, form: ResidentForm) -> Response:
    token = request.form.get("shown", "")
    robots.check(call.public_id, token=token, trap=request.form.get("website", ""))
    known = authors.known_by(call, code=form.code.data or "", home=form.home.data or "")
    idea = services.add_idea(
        call=call,
        said=form.said(i18n.code()),
        known_by=known,
        key=ids.digest(f"{token}:{authors.here()}:{form.title.data}"),
    )
    db.session.commit()
    return redirect(url_for(".own", token=queries.own_token(idea)), 303)


def _form(call: IdeaCall, form: ResidentForm, alike: list[Idea]) -> tuple[str, int]:
    return page(
        "ideas/new.html",
        form,
        heading=_("What would you change?"),
        call=call,
        alike=alike,
        shown=robots.signed(call.public_id),
        seated=authors.here().startswith("member:"),
    )


def _road(idea: Idea) -> dict[str, Any]:
    told = queries.shown([idea])[0]
    return {
        "row": told,
        "idea": idea,
        "call": idea.call,
        "road": queries.road_of(idea),
        "photo": photos.address(idea.photo) if idea.photo and idea.photo_shown else None,
        "versions": queries.costings(idea)[1:],
        "wanted_told": queries.wanted_told(told.wanted),
    }
