"""Pots and projects, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from panel_app.budgets import frozen_terms, queries, services
from panel_app.budgets.desk import forms
from panel_app.budgets.models import Pot
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.desk.texts import TextsForm, in_languages
from panel_app.web.forms import page, refusals

bp = Blueprint("budgets_desk", __name__)


@bp.get("/desk/<panel_slug>/pots")
@access.needs("observe")
def index() -> str:
    """List the panel's pots and the ballots on them."""
    pots = [(pot, queries.ballots_on(pot)) for pot in queries.pots_of(this_panel())]
    return render_template("budgets/desk/index.html", heading=_("Budgets"), pots=pots)


@bp.route("/desk/<panel_slug>/pots/new", methods=["GET", "POST"])
@access.needs("organise")
def new_pot() -> Any:
    """Set up a pot."""
    form = in_languages(forms.PotForm)()
    if form.validate_on_submit():
        with refusals(form):
            pot = services.create_pot(
                panel=this_panel(),
                name=form.text("name"),
                amount=form.amount.pence or 0,
                actor=actor(),
            )
            db.session.commit()
            return redirect(url_for(".pot", public_id=pot.public_id), 303)
    return _form(_("Set up a pot"), form, form.amount, back=url_for(".index"))


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
def new_line(public_id: str) -> Any:
    """Add a service line."""
    pot = _pot(public_id)
    form = in_languages(forms.LineForm)()
    if form.validate_on_submit():
        with refusals(form):
            services.add_line(
                pot=pot, name=form.text("name"), yearly=form.yearly.pence, actor=actor()
            )
            db.session.commit()
            return redirect(url_for(".pot", public_id=public_id), 303)
    back = url_for(".pot", public_id=public_id)
    return _form(_("Add a service line"), form, form.yearly, back=back)


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/new", methods=["GET", "POST"])
@access.needs("organise")
def new_project(public_id: str) -> Any:
    """Add a project."""
    pot = _pot(public_id)
    form = forms.project_form(pot)
    if form.validate_on_submit():
        with refusals(form):
            line = queries.line_of(pot, form.line.data)
            services.add_project(pot=pot, line=line, **form.texts_and_costs(), actor=actor())
            db.session.commit()
            flash(_("The project is added."))
            return redirect(url_for(".pot", public_id=public_id), 303)
    return _project_form(_("Add a project"), form, pot)


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/<project_id>", methods=["GET", "POST"])
@access.needs("organise")
def project(public_id: str, project_id: str) -> Any:
    """Change a project."""
    pot = _pot(public_id)
    project = queries.project_of(pot, project_id)
    form = forms.project_form(pot, project)
    if form.validate_on_submit():
        with refusals(form):
            line = queries.line_of(pot, form.line.data)
            services.change_project(
                project=project, line=line, **form.texts_and_costs(), actor=actor()
            )
            db.session.commit()
            return redirect(url_for(".pot", public_id=public_id), 303)
    return _project_form(_("Change the project"), form, pot)


@bp.route(
    "/desk/<panel_slug>/pots/<public_id>/projects/<project_id>/remove", methods=["GET", "POST"]
)
@access.needs("organise")
def remove_project(public_id: str, project_id: str) -> Any:
    """Ask once more, then take a project out of the pot."""
    project = queries.project_of(_pot(public_id), project_id)
    form = forms.RemoveForm()
    if form.validate_on_submit():
        services.remove_project(project=project, actor=actor())
        db.session.commit()
        return redirect(url_for(".pot", public_id=public_id), 303)
    heading = _("Remove this project?")
    return page("budgets/desk/remove.html", form, heading=heading, project=project)


@bp.route("/desk/<panel_slug>/pots/<public_id>/ballots/new", methods=["GET", "POST"])
@access.needs("organise")
def new_ballot(public_id: str) -> Any:
    """Put the pot to a ballot, as a draft."""
    pot = _pot(public_id)
    form = in_languages(forms.QuestionForm)()
    if form.validate_on_submit():
        with refusals(form):
            ballot = services.create_budget_ballot(
                pot=pot, question=form.text("question"), actor=actor()
            )
            db.session.commit()
            return redirect(url_for("ballots_desk.show", public_id=ballot.public_id), 303)
    return _form(_("Make a ballot"), form, back=url_for(".pot", public_id=public_id))


def _pot(public_id: str) -> Pot:
    return queries.pot_of(this_panel(), public_id)


def _form(heading: Any, form: TextsForm, *amounts: Any, back: str) -> tuple[str, int]:
    return page("budgets/desk/form.html", form, heading=heading, amounts=amounts, back=back)


def _project_form(heading: Any, form: Any, pot: Pot) -> tuple[str, int]:
    back = url_for(".pot", public_id=pot.public_id)
    return _form(heading, form, form.cost, form.council_cost, form.line, back=back)
