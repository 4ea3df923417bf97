"""Targets typed in rows: checked as typed, copied from another panel, made from a census table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.panels.models import Panel
from panel_app.recruitment import lottery_rows, queries, services
from panel_app.recruitment.desk import targets_form
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.desk.forms import CensusForm
from panel_app.recruitment.desk.targets_form import MORE, MOST, SPARE, TargetRowsForm, rows_form
from panel_app.recruitment.models import Target
from panel_app.staff.identity import actor, panels_with
from panel_app.web import access
from panel_app.web.forms import Page, page, saved
from sortition.faults import InputFaults
from sortition.targets import Targets, from_census

bp = Blueprint("targets_desk", __name__)
bp.before_request(only_with_seats)

#: Panels that are offered to copy from.
OFFERED = 30


@bp.route("/desk/<panel_slug>/targets/edit", methods=["GET", "POST"])
@access.needs("organise")
def edit() -> Page:
    """Take typed targets: check them, add rows, or keep them."""
    panel, pressed = this_panel(), request.form.get("press", "")
    form = _form(panel, pressed)
    if pressed == "more" or not form.validate_on_submit():
        return _page(form)
    source = form.source()
    if pressed == "check":
        return _page(form, **_looked_at(form, source, panel.size))
    return saved(
        form,
        lambda: services.import_targets(
            panel=panel, source=source, drop_people="drop_people" in request.form, actor=actor()
        ),
        url_for("recruitment_desk.targets"),
        says=_("The targets are kept."),
    ) or _page(form)


@bp.route("/desk/<panel_slug>/targets/census", methods=["GET", "POST"])
@access.needs("organise")
def census() -> Page:
    """Make targets out of shares of the population, to be looked at and kept."""
    form, panel = CensusForm(), this_panel()
    if form.validate_on_submit():
        try:
            made = from_census(form.source, panel.size, (form.area.data or "").strip())
        except InputFaults as refusal:
            form.faults = fault_words(refusal.faults)
            form.form_errors.append(_("No targets were made: the table has faults."))
        else:
            return _page(_filled(made))
    return page(
        "recruitment/desk/census.html", form, heading=_("Targets from a census table"), panel=panel
    )


def _form(panel: Panel, pressed: str) -> TargetRowsForm:
    if request.method == "POST":
        typed = request.form.get("rows", "")
        number = min(int(typed), MOST) if typed.isascii() and typed.isdigit() else SPARE
        return rows_form([], min(number + MORE * (pressed == "more"), MOST))
    other = db.session.scalar(_others().where(Panel.slug == request.args.get("from", "")))
    return _filled(lottery_rows.stored_targets(other or panel))


def _filled(targets: Targets) -> TargetRowsForm:
    widest = max((row.flex_maximum for row in targets), default=0)
    chosen = any(row.flex_minimum or row.flex_maximum < widest for row in targets)
    rows = [
        (row.feature, row.value, row.minimum, row.maximum)
        + ((row.flex_minimum, row.flex_maximum) if chosen else ())
        for row in targets
    ]
    form = rows_form(rows, min(len(rows) + SPARE, MOST))
    for line, row in zip(form.lines(), rows, strict=False):
        for field, cell in zip(line, row, strict=False):
            field.data = str(cell)
    return form


def _looked_at(form: TargetRowsForm, source: str, size: int) -> dict[str, Any]:
    """Return what typed targets come to; faults go into the form."""
    seats = form.seats.data
    try:
        read = targets_form.read_loosely(source, size)
    except FaultyFile as refusal:
        form.refuse(refusal)
        return {}
    ages = targets_form.banded(read, form.ages.data or "", clock.now().date())
    looked: dict[str, Any] = {"sums": targets_form.sums(read, size), "flex": read, "banded": ages}
    if form.ages.data and not ages:
        form.ages.errors = [_("No feature has bands, such as 16–29 and 65+, to put these into.")]
    if seats:
        looked |= {"other": targets_form.in_proportion(read, size, seats), "seats": seats}
    return looked


def _page(form: TargetRowsForm, **context: Any) -> Page:
    panel = this_panel()
    others = db.session.scalars(_others().where(Panel.id != panel.id).limit(OFFERED))
    return page(
        "recruitment/desk/targets_edit.html",
        form,
        heading=_("Edit the targets"),
        panel=panel,
        others=list(others),
        state=queries.preparation(panel),
        labels=targets_form.LABELS.values(),
        **context,
    )


def _others() -> Any:
    with_targets = select(Target.panel_id)
    mine = select(Panel).where(panels_with("organise"), Panel.id.in_(with_targets))
    return mine.order_by(Panel.id.desc())
