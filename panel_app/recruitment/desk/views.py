"""Targets and people, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, url_for

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import (
    pool_files,
    queries,
    samples,
    services,
    wordings,
)
from panel_app.recruitment.desk import notices
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.desk.forms import (
    ColumnsForm,
    TargetsForm,
    UploadForm,
    wordings_form,
)
from panel_app.recruitment.importing.services import begin_import
from panel_app.staff.identity import actor
from panel_app.web import access
from panel_app.web.exports import csv_response
from panel_app.web.forms import Page, page, saved
from sortition.targets import Targets

bp = Blueprint("recruitment_desk", __name__)
bp.before_request(only_with_seats)


@bp.route("/desk/<panel_slug>/targets", methods=["GET", "POST"])
@access.needs("organise")
def targets() -> Page:
    """Show the targets, and take a file of them."""
    panel, form = this_panel(), TargetsForm()

    def shown(targets: Targets) -> str:
        flash(_("The targets are imported."))
        notices.tell(fault_words(targets.notices))
        return url_for(".targets")

    return saved(
        form,
        lambda: services.import_targets(
            panel=panel, source=form.source, drop_people=form.drop_people.data, actor=actor()
        ),
        shown,
    ) or _upload_page("targets", _("Targets"), form, features=queries.targets_of(panel))


@bp.route("/desk/<panel_slug>/targets/wordings", methods=["GET", "POST"])
@access.needs("organise")
def target_wordings() -> Page:
    """Take what residents read for features and values, in their languages."""
    panel = this_panel()
    features = queries.targets_of(panel)
    names = [(f, v) for f, targets in features for v in ("", *(t.value for t in targets))]
    form = wordings_form(names, wordings.wordings_of(panel))
    return saved(
        form,
        lambda: wordings.save_wordings(panel=panel, typed=form.typed(), actor=actor()),
        url_for(".targets"),
        says=_("Saved."),
    ) or page(
        "recruitment/desk/wordings.html",
        form,
        heading=_("What residents read"),
        panel=panel,
        features=features,
    )


@bp.route("/desk/<panel_slug>/people", methods=["GET", "POST"])
@access.needs("organise")
def people() -> Page:
    """Say how many people there are, and take a file of them."""
    panel, form = this_panel(), UploadForm()
    return saved(
        form,
        lambda: begin_import(panel=panel, name=form.file_name, source=form.source, actor=actor()),
        lambda file: url_for("importing.show", import_id=file.public_id),
    ) or _upload_page("people", _("People"), form)


@bp.get("/desk/<panel_slug>/<any(targets, people, roll, addresses):kind>/sample.csv")
@access.needs("organise")
def sample(kind: str) -> Response:
    """Download a small file to begin with: it can be imported as it is."""
    make = {
        "targets": samples.targets,
        "people": samples.people,
        "roll": samples.roll,
        "addresses": samples.addresses,
    }
    rows = make[kind](this_panel().size)
    return csv_response(f"sample-{kind}", rows, list(rows[0]))


@bp.route("/desk/<panel_slug>/people/columns", methods=["GET", "POST"])
@access.needs("organise")
def columns() -> Page:
    """Ask which columns are the name and the address."""
    panel = this_panel()
    pool = found(queries.pool_of(panel))
    likely = pool.address_columns
    likely = pool_files.guess_addresses(pool.columns) if likely is None else likely
    form = ColumnsForm(data={"names": pool.name_columns, "addresses": likely})
    drawn = panel.kind == "drawn"
    form.offer(pool.columns, drawn=drawn)
    back = (url_for(".people"), _("People")) if drawn else (url_for("roll_desk.show"), _("Roll"))

    def warned(likely_homes: list[list[str]]) -> str:
        notices.tell([notices.likely_home(group) for group in likely_homes if drawn])
        return back[0]

    return saved(
        form,
        lambda: services.choose_columns(
            panel=panel,
            name_columns=form.names.data or [],
            address_columns=form.addresses.data or [],
            actor=actor(),
        ),
        warned,
    ) or page("staff/form.html", form, heading=_("Names and addresses"), back=back)


def _upload_page(name: str, heading: Any, form: UploadForm, **context: Any) -> Page:
    kept = form.keep_text() if form.is_submitted() else True
    return page(
        f"recruitment/desk/{name}.html",
        form,
        heading=heading,
        panel=this_panel(),
        kept=kept,
        state=queries.preparation(this_panel()),
        **context,
    )
