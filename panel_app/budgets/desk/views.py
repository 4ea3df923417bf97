"""Pots and projects, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from panel_app.budgets import frozen_terms, queries, services
from panel_app.budgets.desk import forms
from panel_app.budgets.models import Pot
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.desk.texts import TextsForm, in_languages
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("budgets_desk", __name__)


@bp.get("/desk/<panel_slug>/pots")
@access.needs("observe")
def index() -> str:
    """List the panel's pots and the ballots on them."""
    pots = [(pot, queries.ballots_on(pot)) for pot in queries.pots_of(this_panel())]
    return render_template("budgets/desk/index.html", heading=_("Budgets"), pots=pots)


@bp.route("/desk/<panel_slug>/pots/new", methods=["GET", "POST"])
@access.needs("organise")
def new_pot() -> Page:
    """Set up a pot."""
    form = in_languages(forms.PotForm)()
    return saved(
        form,
        lambda: services.create_pot(
            panel=this_panel(),
            name=form.text("name"),
            amount=form.amount.pence or 0,
            actor=actor(),
        ),
        lambda pot: url_for(".pot", public_id=pot.public_id),
    ) or _form(_("Set up a pot"), form, (url_for(".index"), _("Budgets")))


@bp.get("/desk/<panel_slug>/pots/<public_id>")
@access.needs("observe")
def pot(public_id: str) -> str:
    """Show a pot with its lines, projects and ballots."""
    pot = _pot(public_id)
    return render_template(
        "budgets/desk/pot.html",
        heading=i18n.said(pot.name),
        pot=pot,
        alike=frozen_terms.alike(pot.projects),
        wanted=sum(project.cost for project in pot.projects),
        ballots=queries.ballots_on(pot),
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/lines/new", methods=["GET", "POST"])
@access.needs("organise")
def new_line(public_id: str) -> Page:
    """Add a service line."""
    pot = _pot(public_id)
    form, back = in_languages(forms.LineForm)(), _to(pot)
    return saved(
        form,
        lambda: services.add_line(
            pot=pot, name=form.text("name"), yearly=form.yearly.pence, actor=actor()
        ),
        back[0],
    ) or _form(_("Add a service line"), form, back)


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/new", methods=["GET", "POST"])
@access.needs("organise")
def new_project(public_id: str) -> Page:
    """Add a project."""
    pot = _pot(public_id)
    form, back = forms.project_form(pot), _to(pot)
    return saved(
        form,
        lambda: services.add_project(
            pot=pot,
            line=queries.line_of(pot, form.line.data),
            **form.texts_and_costs(),
            actor=actor(),
        ),
        back[0],
        says=_("The project is added."),
    ) or _form(_("Add a project"), form, back)


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/<project_id>", methods=["GET", "POST"])
@access.needs("organise")
def project(public_id: str, project_id: str) -> Page:
    """Change a project."""
    pot = _pot(public_id)
    project = queries.project_of(pot, project_id)
    form, back = forms.project_form(pot, project), _to(pot)
    return saved(
        form,
        lambda: services.change_project(
            project=project,
            line=queries.line_of(pot, form.line.data),
            **form.texts_and_costs(),
            actor=actor(),
        ),
        back[0],
    ) or _form(_("Change the project"), form, back)


@bp.route(
    "/desk/<panel_slug>/pots/<public_id>/projects/<project_id>/remove", methods=["GET", "POST"]
)
@access.needs("organise")
def remove_project(public_id: str, project_id: str) -> Page:
    """Ask once more, then take a project out of the pot."""
    project = queries.project_of(_pot(public_id), project_id)
    form, back = Form(), _to(project.pot)
    return saved(
        form, lambda: services.remove_project(project=project, actor=actor()), back[0]
    ) or page(
        "staff/form.html",
        form,
        heading=_("Remove this project?"),
        words=[
            i18n.said(project.title),
            _("Ballots that are open or closed keep it; a new ballot won’t have it."),
        ],
        button=_("Remove"),
        kind="stop",
        keep=_("Keep it"),
        back=back,
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/ballots/new", methods=["GET", "POST"])
@access.needs("organise")
def new_ballot(public_id: str) -> Page:
    """Put the pot to a ballot, as a draft."""
    pot = _pot(public_id)
    form = in_languages(forms.QuestionForm)()
    return saved(
        form,
        lambda: services.create_budget_ballot(
            pot=pot, question=form.text("question"), actor=actor()
        ),
        lambda ballot: url_for("ballots_desk.show", public_id=ballot.public_id),
    ) or _form(_("Make a ballot"), form, _to(pot))


def _pot(public_id: str) -> Pot:
    return queries.pot_of(this_panel(), public_id)


def _to(pot: Pot) -> tuple[str, Any]:
    return url_for(".pot", public_id=pot.public_id), i18n.said(pot.name)


def _form(heading: Any, form: TextsForm, back: tuple[str, Any]) -> Page:
    return page("staff/form.html", form, heading=heading, back=back)
