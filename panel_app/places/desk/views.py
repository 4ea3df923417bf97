"""The tree of places, for organisers."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from panel_app.core.text import _
from panel_app.places import queries, services
from panel_app.places.desk.forms import KIND_NAMES, place_form
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Form, Page, page, saved

bp = Blueprint("places", __name__)


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
    back = url_for(".places"), _("Places")
    return saved(form, lambda: services.add_place(**form.facts(), actor=actor()), back[0]) or page(
        "staff/form.html", form, heading=_("Add a place"), back=back
    )


@bp.route("/desk/places/<public_id>", methods=["GET", "POST"])
@access.needs("organise")
def edit(public_id: str) -> Page:
    """Rename or move a place."""
    place = queries.place_called(public_id)
    form = place_form(place)
    back = url_for(".places"), _("Places")
    also = url_for(".remove", public_id=public_id), _("Remove")
    return saved(
        form,
        lambda: services.change_place(place=place, **form.facts(), actor=actor()),
        back[0],
    ) or page("staff/form.html", form, heading=i18n.said(place.name), back=back, also=also)


@bp.route("/desk/places/<public_id>/remove", methods=["GET", "POST"])
@access.needs("organise")
def remove(public_id: str) -> Page:
    """Remove a place that nothing lies in, after asking."""
    place, form = queries.place_called(public_id), Form()
    return saved(
        form, lambda: services.remove_place(place=place, actor=actor()), url_for(".places")
    ) or page(
        "staff/form.html",
        form,
        heading=_("Remove %(name)s?", name=i18n.wording(place.name).text),
        words=[_("It goes from every list. Only a place that nothing lies in can go.")],
        button=_("Remove"),
        kind="stop",
        back=(url_for(".edit", public_id=public_id), i18n.said(place.name)),
    )
