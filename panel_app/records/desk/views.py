"""People's records: administrators find a person, show, hand over and erase what is kept."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.records import services
from panel_app.records.desk.forms import EraseForm, SearchForm
from panel_app.staff.identity import actor
from panel_app.staff.step_up import fresh
from panel_app.web import access, addresses
from panel_app.web.forms import Page, page, refusals, saved

bp = Blueprint("records", __name__, url_prefix="/desk/records")


@bp.get("/")
@access.needs("administer")
@fresh
def search() -> tuple[str, int]:
    """Ask whom to look for."""
    return _search_page(SearchForm())


@bp.post("/")
@access.needs("administer")
@fresh
def find() -> tuple[str, int]:
    """Show whom the words fit."""
    form, findings = SearchForm(), None
    if form.validate():
        with refusals(form):
            findings = services.search(sought=form.sought(), actor=actor())
            db.session.commit()
    return _search_page(form, findings)


@bp.get("/<person_id>")
@access.needs("administer")
@fresh
def person(person_id: str) -> tuple[str, int]:
    """Offer what can be done with somebody's records; nothing of them is shown yet."""
    return _person_page(person_id, EraseForm())


@bp.post("/<person_id>/show")
@access.needs("administer")
@fresh
@addresses.shown_on(".person")
def show(person_id: str) -> str:
    """Show everything that is held, with a line in the log."""
    held = services.look(who=services.person(person_id), actor=actor())
    shown = render_template(
        "records/desk/held.html",
        heading=_("What is kept about this person"),
        held=held,
        person_id=person_id,
    )
    db.session.commit()
    return shown


@bp.post("/<person_id>/file.<any(json, html):kind>")
@access.needs("administer")
@fresh
@addresses.shown_on(".person")
def file(person_id: str, kind: str) -> Response:
    """Hand over everything that is held, for a machine or for a reader."""
    kept = services.hand_over(who=services.person(person_id), kind=kind, actor=actor())
    answer = jsonify(kept)
    if kind == "html":
        answer.set_data(render_template("records/file.html", heading=_("What we keep"), kept=kept))
        answer.mimetype = "text/html"
    db.session.commit()
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{person_id}.{kind}"'
    return answer


@bp.post("/<person_id>/erase")
@access.needs("administer")
@fresh
@addresses.shown_on(".person")
def erase(person_id: str) -> Page:
    """Erase somebody for good."""
    form = EraseForm()
    return saved(
        form,
        lambda: services.erase(who=services.person(person_id), actor=actor()),
        url_for(".search"),
        says=_("Erased."),
    ) or _person_page(person_id, form)


def _search_page(form: SearchForm, findings: services.Findings | None = None) -> tuple[str, int]:
    heading = _("People’s records")
    return page("records/desk/search.html", form, heading=heading, findings=findings)


def _person_page(person_id: str, form: EraseForm) -> tuple[str, int]:
    who = services.person(person_id)
    return page(
        "records/desk/person.html",
        form,
        heading=_("One person’s records"),
        person_id=person_id,
        who=who,
        stays=services.stays(who),
    )
