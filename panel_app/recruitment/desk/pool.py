"""The pool for organisers: who is in it, one person, what the targets say of it, as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField

from panel_app.core import jobs
from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import people, people_files, pool_check, queries
from panel_app.recruitment.desk import changes, lists
from panel_app.recruitment.desk.forms import SilentForm
from panel_app.recruitment.models import Person
from panel_app.staff.identity import actor
from panel_app.staff.step_up import ask_again, fresh, is_fresh
from panel_app.web import access, listing
from panel_app.web.exports import csv_response
from panel_app.web.forms import Form, Page, SelectChoice, at_most, page, saved
from sortition.meanings import NO_ANSWER

bp = Blueprint("pool_desk", __name__)
bp.before_request(only_with_seats)

LONGEST_CELL = 2_000


@bp.get("/desk/<panel_slug>/pool")
@access.needs("organise")
def show() -> str | AnyResponse:
    """List the people of the pool with their features, never with their names."""
    if request.args.get("as") == "csv" and not is_fresh():
        return ask_again()
    heading = _("People in the pool")
    return listing.page("recruitment/desk/pool.html", lists.pool(this_panel()), heading=heading)


@bp.route("/desk/<panel_slug>/pool/targets", methods=["GET", "POST"])
@access.needs("organise")
def against_targets() -> Page:
    """Show the pool against the targets, and take the rule for people without an answer."""
    panel, pool = this_panel(), found(queries.pool_of(this_panel()))
    form = SilentForm(data={"silent": pool.silent})
    return saved(
        form,
        lambda: people.choose_silent(panel=panel, silent=form.silent.data, actor=actor()),
        url_for(".against_targets"),
        says=_("Saved."),
    ) or page(
        "recruitment/desk/pool_targets.html",
        form,
        heading=_("The pool and the targets"),
        features=pool_check.groups_of(panel),
        checked=pool.checked,
        one_in=pool_check.one_in(pool),
        stale=pool_check.is_stale(panel),
        fault_lines=changes.fault_lines,
        panel=panel,
    )


@bp.post("/desk/<panel_slug>/pool/check")
@access.needs("organise")
def check() -> AnyResponse:
    """Have the pool looked at now."""
    jobs.queue_after_commit(pool_check.check_pool, this_panel().id)
    db.session.commit()
    return redirect(url_for(".against_targets"), 303)


@bp.get("/desk/<panel_slug>/pool/people.csv")
@access.needs("organise")
@fresh
def export() -> Response:
    """Download everybody of the pool, names and contacts too."""
    panel = this_panel()
    columns = [*people_files.people_columns(panel), "origin", "pool_state"]
    return csv_response(f"{panel.slug}-pool", people.exported(panel), columns)


@bp.route("/desk/<panel_slug>/pool/<person_id>", methods=["GET", "POST"])
@access.needs("organise")
@fresh
def person(person_id: str) -> Page:
    """Correct one person."""
    panel = this_panel()
    shown = people.person_called(panel, person_id)
    form, names = _person_form(shown)
    return saved(
        form,
        lambda: people.correct_person(person=shown, actor=actor(), **_typed(form, names)),
        url_for(".show"),
        says=_("Saved."),
    ) or page(
        "recruitment/desk/person.html",
        form,
        heading=_("Person %(id)s", id=shown.reference),
        person=shown,
        panel=panel,
    )


@bp.post("/desk/<panel_slug>/pool/<person_id>/<any(out, back):way>")
@access.needs("organise")
def change(person_id: str, way: str) -> AnyResponse:
    """Take somebody out of the pool, or put them back."""
    act = people.withdraw_person if way == "out" else people.put_person_back
    act(person=people.person_called(this_panel(), person_id), actor=actor())
    db.session.commit()
    return redirect(url_for(".show"), 303)


def _person_form(shown: Person) -> tuple[Form, dict[str, tuple[str, str]]]:
    """Return a form of a person's features and cells, and which field is which."""
    panel = this_panel()
    fields: dict[str, Any] = {}
    names: dict[str, tuple[str, str]] = {}
    for at, (feature, targets) in enumerate(queries.targets_of(panel)):
        values = [SelectChoice(t.value, t.value) for t in targets]
        choices = [*values, SelectChoice(NO_ANSWER, _("No answer"))]
        now = shown.features.get(feature, NO_ANSWER)
        fields[f"f{at}"] = SelectField(feature, choices=choices, default=now)
        names[f"f{at}"] = "features", feature
    details = shown.details if shown.person_key else {}
    for at, (column, cell) in enumerate(details.items()):
        fields[f"d{at}"] = StringField(
            column,
            [at_most(LONGEST_CELL)],
            filters=[lambda t: one_line(t or "")],
            default=str(cell),
        )
        names[f"d{at}"] = "details", column
    made: type[Form] = type("PersonForm", (Form,), fields)
    return made(), names


def _typed(form: Form, names: dict[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    typed: dict[str, dict[str, str]] = {"features": {}, "details": {}}
    for field, (kind, name) in names.items():
        typed[kind][name] = form[field].data
    return typed
