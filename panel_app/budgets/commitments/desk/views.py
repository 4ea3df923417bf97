"""A project's commitments on the desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from panel_app.budgets import queries as budgets
from panel_app.budgets import taken_on
from panel_app.budgets.commitments import queries, services
from panel_app.budgets.commitments.desk import forms
from panel_app.budgets.models import Commitment, Project
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("commitments_desk", __name__)
bp.before_request(only_with_seats)

HERE = "/desk/<panel_slug>/pots/<public_id>/projects/<project_id>/commitments"


@bp.get(HERE)
@access.needs("observe")
def index(public_id: str, project_id: str) -> str:
    """Show what is taken on for a project."""
    project = _project(public_id, project_id)
    return render_template(
        "commitments/desk/index.html",
        heading=_("Who does a part of it"),
        project=project,
        taken=[taken_on.told(one, one) for one in project.commitments],
        voted=budgets.voted(project),
    )


@bp.route(f"{HERE}/new", methods=["GET", "POST"])
@access.needs("organise")
def new(public_id: str, project_id: str) -> Page:
    """Write down what somebody offers."""
    project, form = _project(public_id, project_id), forms.offer_form()
    to = _to(project)
    return saved(
        form, lambda: services.offer(project=project, offer=form.offer(), actor=actor()), to[0]
    ) or page("staff/form.html", form, heading=_("Write down an offer"), back=to)


@bp.route(f"{HERE}/<commitment_id>", methods=["GET", "POST"])
@access.needs("organise")
def edit(public_id: str, project_id: str, commitment_id: str) -> Page:
    """Change what somebody takes on."""
    project, one = _both(public_id, project_id, commitment_id)
    form, to = forms.offer_form(one), _to(project)
    also = url_for(".remove", **_place(project), commitment_id=commitment_id), _("Remove")
    return saved(
        form, lambda: services.change(commitment=one, offer=form.offer(), actor=actor()), to[0]
    ) or page("staff/form.html", form, heading=_("Change the offer"), back=to, also=also)


@bp.route(f"{HERE}/<commitment_id>/move", methods=["GET", "POST"])
@access.needs("organise")
def move(public_id: str, project_id: str, commitment_id: str) -> Page:
    """Say how a commitment stands now."""
    project, one = _both(public_id, project_id, commitment_id)
    form, to = forms.move_form(), _to(project)

    def act() -> Any:
        return services.move(
            commitment=one, state=form.state.data, words=form.text("words"), actor=actor()
        )

    return saved(form, act, to[0]) or page(
        "staff/form.html",
        form,
        heading=_("How does it stand?"),
        words=[i18n.said(one.who), i18n.said(one.what)],
        back=to,
    )


@bp.route(f"{HERE}/<commitment_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove(public_id: str, project_id: str, commitment_id: str) -> Page:
    """Ask once more, then take out what nobody has voted on."""
    project, one = _both(public_id, project_id, commitment_id)
    form, to = Form(), _to(project)
    return saved(form, lambda: services.take_out(commitment=one, actor=actor()), to[0]) or page(
        "staff/form.html",
        form,
        heading=_("Remove this offer?"),
        words=[i18n.said(one.who), i18n.said(one.what)],
        button=_("Remove"),
        kind="stop",
        keep=_("Keep it"),
        back=to,
    )


def _project(public_id: str, project_id: str) -> Project:
    return budgets.project_of(budgets.pot_of(this_panel(), public_id), project_id)


def _both(public_id: str, project_id: str, commitment_id: str) -> tuple[Project, Commitment]:
    project = _project(public_id, project_id)
    return project, queries.commitment_of(project, commitment_id)


def _place(project: Project) -> dict[str, Any]:
    return {"public_id": project.pot.public_id, "project_id": project.public_id}


def _to(project: Project) -> tuple[str, Any]:
    return url_for(".index", **_place(project)), i18n.said(project.title)
