"""Setting up panels, and who works on them, for organisers."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.text import _
from panel_app.panels import services, staffing
from panel_app.panels.current import this_panel
from panel_app.panels.desk.forms import StaffForm, form_for
from panel_app.panels.desk.path import path_of, steps
from panel_app.staff.desk.forms import ROLE_NAMES
from panel_app.staff.identity import actor, permissions
from panel_app.staff.step_up import fresh
from panel_app.web import access, addresses, i18n
from panel_app.web.forms import Page, done, page, saved

bp = Blueprint("panels_desk", __name__)


@bp.route("/desk/new", methods=["GET", "POST"])
@access.needs("organise")
def new() -> Page:
    """Set up a panel."""
    form = form_for()
    return saved(
        form,
        lambda: services.create_panel(**form.facts(), actor=actor()),
        lambda panel: url_for(".show", panel_slug=panel.slug),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Set up a panel"),
        back=(url_for("staff.desk"), _("Panels")),
    )


@bp.get("/desk/example")
@access.needs("staff")
def example() -> str:
    """Show where the path leads: a finished panel, with invented figures."""
    heading = _("A finished panel, as an example")
    return render_template("panels/desk/example.html", heading=heading, steps=steps())


@bp.get("/desk/<panel_slug>/")
@access.needs("observe")
def show() -> str:
    """Show how the panel stands, step by step, and what is next."""
    panel = this_panel()
    return render_template(
        "panels/desk/show.html", heading=i18n.said(panel.name), panel=panel, path=path_of(panel)
    )


@bp.route("/desk/<panel_slug>/edit", methods=["GET", "POST"])
@access.needs("organise")
def edit() -> Page:
    """Change what the panel is and does."""
    panel = this_panel()
    form = form_for(panel)
    back = url_for(".show"), i18n.said(panel.name)
    return saved(
        form,
        lambda: services.edit_panel(panel=panel, **form.facts(), actor=actor()),
        url_for(".show"),
        says=_("Saved."),
    ) or page("staff/form.html", form, heading=_("Edit the panel"), back=back)


@bp.post("/desk/<panel_slug>/publish")
@access.needs("organise")
def publish() -> Response:
    """Let anyone read the panel's public page."""
    return _set_published(True)


@bp.post("/desk/<panel_slug>/withdraw")
@access.needs("organise")
def withdraw() -> Response:
    """Take the panel's public page back."""
    return _set_published(False)


@bp.get("/desk/<panel_slug>/staff")
@access.needs("organise")
def staff() -> Page:
    """List who works on the panel."""
    return _staff_page(StaffForm())


@bp.post("/desk/<panel_slug>/staff")
@access.needs("organise")
@fresh
@addresses.shown_on(".staff")
def add_staff() -> Page:
    """Give a person a role on the panel."""
    form = StaffForm()
    panel = this_panel()
    return saved(
        form,
        lambda: staffing.add_staff(
            panel=panel, **form.person(), held=permissions(panel), actor=actor()
        ),
        url_for(".staff"),
    ) or _staff_page(form)


@bp.post("/desk/<panel_slug>/staff/<number>/remove")
@access.needs("organise")
@fresh
def remove_staff(number: str) -> Response:
    """Take a role on the panel away."""
    panel = this_panel()
    given = staffing.role_on(panel, number)
    staffing.remove_staff(given=given, held=permissions(panel), actor=actor())
    return done(url_for(".staff"))


def _staff_page(form: StaffForm) -> Page:
    return page(
        "panels/desk/staff.html",
        form,
        heading=_("Who works on this panel"),
        panel=this_panel(),
        given=staffing.staff_of(this_panel()),
        roles=ROLE_NAMES,
    )


def _set_published(published: bool) -> Response:
    services.publish(panel=this_panel(), published=published, actor=actor())
    return done(url_for(".show"))
