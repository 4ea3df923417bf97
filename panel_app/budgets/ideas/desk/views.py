"""Ideas on the desk: ask for them, read first, cost one after the other, join into projects."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.budgets import queries as budgets
from panel_app.budgets import services as pots
from panel_app.budgets.ideas import costing, files, joining, lists, queries, rules, services
from panel_app.budgets.ideas.desk import forms
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.budgets.models import Pot, Project
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.questions import photos
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.staff.identity import actor
from panel_app.web import access, exports, i18n, listing
from panel_app.web.addresses import shown_on
from panel_app.web.desk.texts import in_languages
from panel_app.web.forms import Page, done, page, saved

bp = Blueprint("ideas_desk", __name__)
bp.before_request(only_with_seats)


@bp.get("/desk/<panel_slug>/pots/<public_id>/ideas")
@access.needs("observe")
def index(public_id: str) -> str | Response:
    """List the ideas for a pot with what there is to do."""
    pot = _pot(public_id)
    call = queries.call_of(pot)
    heading = _("Ideas")
    if call is None:
        return render_template("ideas/desk/none.html", heading=heading, pot=pot)
    return listing.page(
        "ideas/desk/index.html",
        lists.for_staff(call),
        heading=heading,
        pot=pot,
        call=call,
        progress=queries.progress(call),
        taking=services.takes_ideas(call),
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/ask", methods=["GET", "POST"])
@access.needs("organise")
def ask(public_id: str) -> Page:
    """Ask for ideas, or change how that is done."""
    pot = _pot(public_id)
    form = forms.call_form(queries.call_of(pot))
    return saved(
        form,
        lambda: services.ask_for_ideas(pot=pot, terms=form.terms(), actor=actor()),
        _to(pot)[0],
    ) or page("staff/form.html", form, heading=_("Ask for ideas"), back=_to(pot))


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/enter", methods=["GET", "POST"])
@access.needs("facilitate")
def enter(public_id: str) -> Page:
    """Write down an idea that somebody told."""
    pot = _pot(public_id)
    call = _call(pot)
    form = forms.enter_form(call)

    def act() -> Idea:
        return services.add_idea(
            call=call,
            said=form.said(form.spoken.data),
            known_by="staff",
            origin=form.origin.data,
            actor=actor(),
        )

    here = url_for(".enter", public_id=public_id)
    return saved(form, act, here, says=_("Written down. Here is room for the next one.")) or page(
        "ideas/desk/enter.html", form, heading=_("Write an idea down"), back=_to(pot)
    )


@bp.get("/desk/<panel_slug>/pots/<public_id>/ideas/list.csv")
@access.needs("organise")
def ideas_csv(public_id: str) -> Response:
    """Hand out every idea as a list, hidden ones too, for staff."""
    pot = _pot(public_id)
    call = _call(pot)
    link = {
        number: url_for(".show", public_id=public_id, number=number, _external=True)
        for number in queries.numbers_of(call)
    }
    name = f"{this_panel().slug}-ideas"
    return exports.csv_response(name, files.rows(call, link), files.STAFF_COLUMNS)


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/file", methods=["GET", "POST"])
@access.needs("organise")
def read_ideas(public_id: str) -> Page:
    """Take a list of ideas that were told elsewhere."""
    pot, form = _pot(public_id), UploadForm()
    call = _call(pot)

    def told(added: int) -> str:
        flash(_("%(added)s ideas are added.", added=added))
        return _to(pot)[0]

    return saved(
        form, lambda: files.read(call=call, source=form.source, actor=actor()), told
    ) or page(
        "ideas/desk/file.html",
        form,
        heading=_("Ideas from a list"),
        pot=pot,
        columns=files.COLUMNS,
        needed=files.NEEDED,
        origins=forms.ORIGINS,
        kept=form.keep_text() if form.is_submitted() else True,
    )


@bp.get("/desk/<panel_slug>/pots/<public_id>/ideas/next")
@access.needs("cost")
def next_one(public_id: str) -> Response:
    """Lead to the next idea to cost, or back to the list."""
    pot = _pot(public_id)
    idea = queries.next_to_cost(_call(pot))
    if idea is None:
        return redirect(_to(pot)[0], 303)
    return redirect(url_for(".cost", public_id=public_id, number=idea.number), 303)


@bp.get("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>")
@access.needs("observe")
def show(public_id: str, number: int) -> str:
    """Show one idea with its road and what can be done."""
    pot = _pot(public_id)
    idea = queries.idea_of(_call(pot), number)
    return render_template(
        "ideas/desk/idea.html",
        heading=i18n.said(idea.title),
        pot=pot,
        voted=idea.project is not None and joining.voted(idea.project),
        doubts=[rules.DOUBTS[doubt] for doubt in idea.doubts],
        photo=photos.address(idea.photo) if idea.photo else None,
        **_told(idea),
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/cost", methods=["GET", "POST"])
@access.needs("cost")
def cost(public_id: str, number: int) -> Page:
    """Say what an idea would cost, and go on to the next."""
    pot = _pot(public_id)
    idea = queries.idea_of(_call(pot), number)
    form = forms.cost_form(costing.newest(idea))
    return saved(
        form,
        lambda: costing.cost(idea=idea, cost=form.cost(), actor=actor()),
        url_for(".next_one", public_id=public_id),
        says=_("Kept, and told to its author."),
    ) or page(
        "ideas/desk/cost.html",
        form,
        heading=_("What would it cost?"),
        pot=pot,
        progress=queries.progress(idea.call),
        **_told(idea),
    )


@bp.post("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/show")
@access.needs("organise")
@shown_on(".show")
def let_through(public_id: str, number: int) -> Response:
    """Show an idea that was read, with its photo."""
    idea = queries.idea_of(_call(_pot(public_id)), number)
    services.show(idea=idea, actor=actor())
    return done(url_for(".show", public_id=public_id, number=number), _("Everybody sees it now."))


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/hide", methods=["GET", "POST"])
@access.needs("organise")
def hide(public_id: str, number: int) -> Page:
    """Show an idea to nobody, with a reason for its author."""
    idea = queries.idea_of(_call(_pot(public_id)), number)
    form = in_languages(forms.HideForm)()
    to = url_for(".show", public_id=public_id, number=number)
    return saved(
        form, lambda: services.hide(idea=idea, reason=form.text("reason"), actor=actor()), to
    ) or page(
        "staff/form.html",
        form,
        heading=_("Don’t show this idea?"),
        words=[i18n.said(idea.title)],
        button=_("Don’t show it"),
        kind="stop",
        keep=_("Keep it"),
        back=(to, i18n.said(idea.title)),
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/words", methods=["GET", "POST"])
@access.needs("organise")
def words(public_id: str, number: int) -> Page:
    """Put an idea into other languages."""
    idea = queries.idea_of(_call(_pot(public_id)), number)
    form = in_languages(forms.WordsForm, idea)()
    to = url_for(".show", public_id=public_id, number=number)

    def act() -> None:
        texts = {"title": form.text("title"), "why": form.text("why")}
        services.translate(idea=idea, **texts, actor=actor())

    return saved(form, act, to) or page(
        "staff/form.html",
        form,
        heading=_("In other languages"),
        words=[_("What the author wrote stays as it is.")],
        back=(to, i18n.said(idea.title)),
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/join", methods=["GET", "POST"])
@access.needs("organise")
def join(public_id: str, number: int) -> Page:
    """Make ideas a project, or part of one that is there."""
    pot = _pot(public_id)
    call = _call(pot)
    idea = queries.idea_of(call, number)
    others = queries.joinable(call, idea)
    form = forms.join_form(pot, idea, others, costing.newest(idea))
    into = request.form.get("project", "")
    if into:
        form.leave_out_texts()

    def act() -> None:
        chosen = [idea, *(other for other in others if other.public_id in (form.ideas.data or ()))]
        project = budgets.project_of(pot, into) if into else _made(pot, form)
        joining.join(ideas=chosen, project=project, actor=actor())

    to = url_for(".show", public_id=public_id, number=number)
    return saved(form, act, to, says=_("Each author is told.")) or page(
        "ideas/desk/join.html", form, heading=_("Make it a project"), idea=idea, back=to
    )


@bp.post("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/part")
@access.needs("organise")
@shown_on(".show")
def part(public_id: str, number: int) -> Response:
    """Take an idea out of its project again."""
    idea = queries.idea_of(_call(_pot(public_id)), number)
    joining.part(idea=idea, actor=actor())
    return done(url_for(".show", public_id=public_id, number=number))


@bp.post("/desk/<panel_slug>/pots/<public_id>/ideas/<int:number>/done")
@access.needs("organise")
@shown_on(".show")
def finish(public_id: str, number: int) -> Response:
    """Say that what an idea's project was to do is done."""
    idea = queries.idea_of(_call(_pot(public_id)), number)
    joining.finish(project=found(idea.project), actor=actor())
    return done(url_for(".show", public_id=public_id, number=number))


def _made(pot: Pot, form: forms.JoinForm) -> Project:
    line = budgets.line_of(pot, form.line.data)
    return pots.add_project(pot=pot, line=line, **form.texts_and_costs(), actor=actor())


def _told(idea: Idea) -> dict[str, Any]:
    told = queries.shown([idea])[0]
    return {
        "idea": idea,
        "call": idea.call,
        "row": told,
        "road": queries.road_of(idea),
        "wanted_told": queries.wanted_told(told.wanted),
        "versions": queries.costings(idea)[1:],
    }


def _pot(public_id: str) -> Pot:
    return budgets.pot_of(this_panel(), public_id)


def _call(pot: Pot) -> IdeaCall:
    return found(queries.call_of(pot))


def _to(pot: Pot) -> tuple[str, Any]:
    return url_for(".index", public_id=pot.public_id), _("Ideas")
