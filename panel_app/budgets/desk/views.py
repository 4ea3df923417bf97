"""Pots, their lines, projects and ballots, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.budgets import frozen_terms, pb_import, projects_file, queries, services
from panel_app.budgets.desk import forms
from panel_app.budgets.exports import pot_pb
from panel_app.budgets.models import BudgetBallot, Line, Pot
from panel_app.budgets.shares import services as shares
from panel_app.budgets.shares import terms as shares_terms
from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment.desk.forms import UploadForm
from panel_app.staff.identity import actor
from panel_app.web import access, exports, i18n
from panel_app.web.desk.texts import TextsForm
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("budgets_desk", __name__)
bp.before_request(only_with_seats)


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
    form = forms.pot_form()

    def act() -> Pot:
        amount = form.amount.pence or 0
        return services.create_pot(
            panel=this_panel(), name=form.text("name"), amount=amount, actor=actor()
        )

    back = (url_for(".index"), _("Budgets"))
    return saved(form, act, lambda pot: _to(pot)[0]) or _form(_("Set up a pot"), form, back)


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


@bp.route("/desk/<panel_slug>/pots/<public_id>/change", methods=["GET", "POST"])
@access.needs("organise")
def change_pot(public_id: str) -> Page:
    """Change a pot's name or amount."""
    pot = _pot(public_id)
    form = forms.pot_form(pot)

    def act() -> None:
        amount = form.amount.pence or 0
        services.change_pot(pot=pot, name=form.text("name"), amount=amount, actor=actor())

    return saved(form, act, _to(pot)[0]) or _form(_("Change the pot"), form, _to(pot))


@bp.route("/desk/<panel_slug>/pots/<public_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove_pot(public_id: str) -> Page:
    """Ask once more, then remove a pot with its projects."""
    pot, form = _pot(public_id), Form()
    return saved(
        form, lambda: services.remove_pot(pot=pot, actor=actor()), url_for(".index")
    ) or _remove(_("Remove this pot?"), form, pot, pot.name)


@bp.route("/desk/<panel_slug>/pots/<public_id>/lines/new", methods=["GET", "POST"])
@access.needs("organise")
def new_line(public_id: str) -> Page:
    """Add a service line."""
    pot, form = _pot(public_id), forms.line_form()

    def act() -> Line:
        return services.add_line(
            pot=pot, name=form.text("name"), yearly=form.yearly.pence, actor=actor()
        )

    return saved(form, act, _to(pot)[0]) or _form(_("Add a service line"), form, _to(pot))


@bp.route("/desk/<panel_slug>/pots/<public_id>/lines/<line_id>", methods=["GET", "POST"])
@access.needs("organise")
def line(public_id: str, line_id: str) -> Page:
    """Change a service line."""
    pot = _pot(public_id)
    line = found(queries.line_of(pot, line_id))
    form = forms.line_form(line)

    def act() -> None:
        services.change_line(
            line=line, name=form.text("name"), yearly=form.yearly.pence, actor=actor()
        )

    return saved(form, act, _to(pot)[0]) or _form(_("Change the service line"), form, _to(pot))


@bp.route("/desk/<panel_slug>/pots/<public_id>/lines/<line_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove_line(public_id: str, line_id: str) -> Page:
    """Ask once more, then take a service line out of the pot."""
    pot, form = _pot(public_id), Form()
    line = found(queries.line_of(pot, line_id))
    return saved(
        form, lambda: services.remove_line(line=line, actor=actor()), _to(pot)[0]
    ) or _remove(_("Remove this service line?"), form, pot, line.name)


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/new", methods=["GET", "POST"])
@access.needs("organise")
def new_project(public_id: str) -> Page:
    """Add a project."""
    pot = _pot(public_id)
    form = forms.project_form(pot)

    def act() -> Any:
        line = queries.line_of(pot, form.line.data)
        return services.add_project(pot=pot, line=line, **form.texts_and_costs(), actor=actor())

    to = _to(pot)
    return saved(form, act, to[0], says=_("The project is added.")) or _form(
        _("Add a project"), form, to
    )


@bp.get("/desk/<panel_slug>/pots/<public_id>/projects.csv")
@access.needs("observe")
def projects_csv(public_id: str) -> Response:
    """Hand out the projects as a list, to correct in a spreadsheet; of an empty pot a sample."""
    pot = _pot(public_id)
    name = f"{this_panel().slug}-projects" if pot.projects else "sample-projects"
    rows = projects_file.rows(pot) or projects_file.sample()
    return exports.csv_response(name, rows, projects_file.columns(pot))


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/file", methods=["GET", "POST"])
@access.needs("organise")
def read_projects(public_id: str) -> Page:
    """Take a list of projects: add those that are new, change those that are known."""
    pot, form = _pot(public_id), UploadForm()

    def told(done: projects_file.Done) -> str:
        flash(_("%(added)s added, %(changed)s changed.", added=done.added, changed=done.changed))
        return _to(pot)[0]

    return saved(
        form, lambda: projects_file.read(pot=pot, source=form.source, actor=actor()), told
    ) or page(
        "budgets/desk/projects_file.html",
        form,
        heading=_("Projects from a list"),
        pot=pot,
        columns=projects_file.columns(pot),
        needed=projects_file.NEEDED,
        kept=form.keep_text() if form.is_submitted() else True,
    )


@bp.get("/desk/<panel_slug>/pots/<public_id>/projects.pb")
@access.needs("observe")
def projects_pb(public_id: str) -> Response:
    """Hand out the projects in the .pb format that counting tools read."""
    body = pot_pb(_pot(public_id))
    return exports.attachment(f"{this_panel().slug}-projects.pb", body, "text/plain")


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/pb", methods=["GET", "POST"])
@access.needs("organise")
def read_pb(public_id: str) -> Page:
    """Take the projects of a .pb file, and its way of voting as a draft ballot."""
    pot, form = _pot(public_id), forms.PbForm()

    def act() -> pb_import.Done:
        done = pb_import.read(pot=pot, source=form.source, actor=actor())
        if form.draft.data:
            question = Translated.of(en=done.question or str(pot.name))
            services.create_budget_ballot(
                pot=pot, question=question, rules=done.rules, actor=actor()
            )
        return done

    def told(done: pb_import.Done) -> str:
        flash(_("%(added)s added, %(changed)s changed.", added=done.added, changed=done.changed))
        if done.pot is not None and done.pot != pot.amount:
            amount = i18n.money_text(done.pot)
            flash(_("The file’s own pot is %(amount)s; yours stays.", amount=amount))
        return _to(pot)[0]

    return saved(form, act, told) or page(
        "budgets/desk/pb_file.html",
        form,
        heading=_("Projects from a .pb file"),
        pot=pot,
        kept=form.keep_text() if form.is_submitted() else True,
    )


@bp.route("/desk/<panel_slug>/pots/<public_id>/projects/<project_id>", methods=["GET", "POST"])
@access.needs("organise")
def project(public_id: str, project_id: str) -> Page:
    """Change a project."""
    pot = _pot(public_id)
    project = queries.project_of(pot, project_id)
    form = forms.project_form(pot, project)

    def act() -> Any:
        line = queries.line_of(pot, form.line.data)
        return services.change_project(
            project=project, line=line, **form.texts_and_costs(), actor=actor()
        )

    return saved(form, act, _to(pot)[0]) or _form(_("Change the project"), form, _to(pot))


@bp.route(
    "/desk/<panel_slug>/pots/<public_id>/projects/<project_id>/remove", methods=["GET", "POST"]
)
@access.needs("organise")
def remove_project(public_id: str, project_id: str) -> Page:
    """Ask once more, then take a project out of the pot."""
    pot, form = _pot(public_id), Form()
    project = queries.project_of(pot, project_id)
    return saved(
        form, lambda: services.remove_project(project=project, actor=actor()), _to(pot)[0]
    ) or _remove(_("Remove this project?"), form, pot, project.title)


@bp.route("/desk/<panel_slug>/pots/<public_id>/ballots/new", methods=["GET", "POST"])
@access.needs("organise")
def new_ballot(public_id: str) -> Page:
    """Put the pot to a ballot, as a draft, with the rules agreed for it."""
    pot = _pot(public_id)
    form = forms.rules_form(pot)

    def act() -> Any:
        return services.create_budget_ballot(
            pot=pot, question=form.text("question"), rules=form.rules(), actor=actor()
        )

    return saved(
        form, act, lambda made: url_for("ballots_desk.show", public_id=made.public_id)
    ) or _rules(_("Make a ballot"), form, pot)


@bp.route("/desk/<panel_slug>/pots/<public_id>/ballots/<ballot_id>", methods=["GET", "POST"])
@access.needs("organise")
def draft(public_id: str, ballot_id: str) -> Page:
    """Change the question and the rules of a ballot that isn't open yet."""
    pot = _pot(public_id)
    draft = queries.draft_on(pot, ballot_id)
    if draft.ballot.kind == shares_terms.KIND:
        return _shares_draft(pot, draft)
    form = forms.rules_form(pot, draft)

    def act() -> None:
        services.change_draft(
            ballot=draft.ballot, question=form.text("question"), rules=form.rules(), actor=actor()
        )

    to = url_for("ballots_desk.show", public_id=ballot_id)
    return saved(form, act, to) or _rules(_("Change the ballot"), form, pot)


@bp.route("/desk/<panel_slug>/pots/<public_id>/ballots/shares", methods=["GET", "POST"])
@access.needs("organise")
def new_shares(public_id: str) -> Page:
    """Put the pot's service lines to a ballot, as a draft."""
    pot, form = _pot(public_id), forms.shares_form()

    def act() -> Any:
        return shares.create_ballot(
            pot=pot,
            question=form.text("question"),
            agreed_by=form.agreed_by.data or "",
            actor=actor(),
        )

    return saved(
        form, act, lambda made: url_for("ballots_desk.show", public_id=made.public_id)
    ) or _shares(_("Make a ballot on the service lines"), form, pot)


def _shares_draft(pot: Pot, draft: BudgetBallot) -> Page:
    form = forms.shares_form(draft)

    def act() -> None:
        shares.change_draft(
            ballot=draft.ballot,
            question=form.text("question"),
            agreed_by=form.agreed_by.data or "",
            actor=actor(),
        )

    to = url_for("ballots_desk.show", public_id=draft.ballot.public_id)
    return saved(form, act, to) or _shares(_("Change the ballot"), form, pot)


def _shares(heading: Any, form: forms.SharesForm, pot: Pot) -> Page:
    return page("budgets/desk/shares.html", form, heading=heading, pot=pot, back=_to(pot)[0])


def _pot(public_id: str) -> Pot:
    return queries.pot_of(this_panel(), public_id)


def _to(pot: Pot) -> tuple[str, Any]:
    return url_for(".pot", public_id=pot.public_id), i18n.said(pot.name)


def _form(heading: Any, form: TextsForm, back: tuple[str, Any]) -> Page:
    return page("staff/form.html", form, heading=heading, back=back)


def _rules(heading: Any, form: forms.RulesForm, pot: Pot) -> Page:
    return page("budgets/desk/rules.html", form, heading=heading, pot=pot, back=_to(pot)[0])


def _remove(heading: Any, form: Form, pot: Pot, name: Translated) -> Page:
    return page(
        "staff/form.html",
        form,
        heading=heading,
        words=[
            i18n.said(name),
            _("Ballots that are open or closed keep it; a new ballot won’t have it."),
        ],
        button=_("Remove"),
        kind="stop",
        keep=_("Keep it"),
        back=_to(pot),
    )
