"""The tree of places, for organisers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.places import queries, services
from panel_app.places.desk.forms import KIND_NAMES, place_form
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Form, page, refusals

bp = Blueprint("places", __name__)

Page = tuple[str, int] | Response


@bp.get("/desk/places")
@access.needs("organise")
def places() -> str:
    """Show the tree."""
    return render_template(
        "places/desk/places.html", heading=_("Places"), tree=queries.tree(), kinds=KIND_NAMES
    )


@bp.route("/desk/places/new", methods=["GET", "POST"])
@access.needs("organise")
def new() -> Page:
    """Add a place."""
    form = place_form()
    if form.validate_on_submit():
        with refusals(form):
            services.add_place(**form.facts(), actor=actor())
            db.session.commit()
            return redirect(url_for(".places"), 303)
    return page("places/desk/place.html", form, heading=_("Add a place"), place=None)


@bp.route("/desk/places/<public_id>", methods=["GET", "POST"])
@access.needs("organise")
def edit(public_id: str) -> Page:
    """Rename or move a place."""
    place = queries.place_called(public_id)
    form = place_form(place)
    if form.validate_on_submit():
        with refusals(form):
            services.change_place(place=place, **form.facts(), actor=actor())
            db.session.commit()
            return redirect(url_for(".places"), 303)
    return page("places/desk/place.html", form, heading=i18n.said(place.name), place=place)


@bp.route("/desk/places/<public_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove(public_id: str) -> Page:
    """Remove a place that nothing lies in, after asking."""
    place, form = queries.place_called(public_id), Form()
    if form.validate_on_submit():
        with refusals(form):
            services.remove_place(place=place, actor=actor())
            db.session.commit()
            return redirect(url_for(".places"), 303)
    heading = _("Remove %(name)s?", name=i18n.wording(place.name).text)
    return page("places/desk/remove.html", form, heading=heading, place=place)
