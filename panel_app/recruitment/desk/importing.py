"""A file of people on its way into the pool: what it is, what it would change, how far it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.core.db import db, one
from panel_app.core.text import _
from panel_app.live.views import fragment
from panel_app.panels.current import only_with_seats, this_panel
from panel_app.recruitment import lottery_rows, queries
from panel_app.recruitment.desk.forms import LARGEST_KEPT
from panel_app.recruitment.desk.import_form import ImportForm, RowsForm, import_form
from panel_app.recruitment.importing import findings, services
from panel_app.recruitment.importing.models import AT_WORK, PoolImport
from panel_app.recruitment.importing.plan import Plan, guess
from panel_app.recruitment.importing.reading import chosen_sheet, head_of
from panel_app.staff.identity import actor
from panel_app.web import access
from panel_app.web.forms import Page, page, saved

bp = Blueprint("importing", __name__)
bp.before_request(only_with_seats)

#: Why an import ended without people, by its code.
REASONS: dict[str, Any] = {
    "interrupted": _("It was interrupted. The pool is as it was: upload the file again."),
    "broken": _("It failed. The pool is as it was: try again, or ask for help."),
    "left": _("The file was left. The pool is as it was."),
    "overtaken": _(
        "People or targets were changed meanwhile. The pool is as it was: upload the file again."
    ),
}


@bp.route("/desk/<panel_slug>/people/import/<import_id>", methods=["GET", "POST"])
@access.needs("organise")
def show(import_id: str) -> Page:
    """Ask what the columns are, and show what the file would change."""
    file = _called(import_id)
    if file.state not in {"asked", "faulty", "checked"}:
        return page("recruitment/desk/import.html", RowsForm(), **_context(file))
    form, before = _form(file)
    return saved(
        form,
        lambda: services.explain(
            one=file, plan=form.plan(before), silent=form.silent.data, actor=actor()
        ),
        url_for(".show", import_id=import_id),
    ) or page("recruitment/desk/import.html", form, rows=_rows(file), **_context(file))


@bp.get("/desk/<panel_slug>/people/import/<import_id>/state")
@access.needs("organise")
def state(import_id: str) -> Response:
    """Return the part of the page that follows the job."""
    file = _called(import_id)
    html = render_template("recruitment/desk/_import_state.html", **_context(file))
    topic = f"import:{file.public_id}"
    return fragment(html, topic=topic, audience="console", subject=topic)


@bp.post("/desk/<panel_slug>/people/import/<import_id>/rows")
@access.needs("organise")
def rows(import_id: str) -> Page:
    """Take corrected rows."""
    file, form = _called(import_id), RowsForm()
    explained, _before = _form(file)
    return saved(
        form,
        lambda: services.retype(one=file, text=form.rows.data or ""),
        url_for(".show", import_id=import_id),
    ) or page("recruitment/desk/import.html", explained, rows=form, **_context(file))


@bp.post("/desk/<panel_slug>/people/import/<import_id>/accept")
@access.needs("organise")
def accept(import_id: str) -> Response:
    """Have the changes that were shown written."""
    services.accept(one=_called(import_id), actor=actor())
    db.session.commit()
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/desk/<panel_slug>/people/import/<import_id>/leave")
@access.needs("organise")
def leave(import_id: str) -> Response:
    """Leave the file."""
    services.leave(one=_called(import_id))
    db.session.commit()
    return redirect(url_for("recruitment_desk.people"), 303)


def _called(import_id: str) -> PoolImport:
    mine = select(PoolImport).where(PoolImport.panel_id == this_panel().id)
    return one(mine.where(PoolImport.public_id == import_id))


def _form(file: PoolImport) -> tuple[ImportForm, Plan]:
    """Return the form of the sheet asked for, and what was known before it is filled in."""
    panel, pool = this_panel(), queries.pool_of(this_panel())
    targets, said = lottery_rows.stored_targets(panel), file.plan or {}
    before = Plan.of(said or (pool.plan if pool else None))
    asked = request.values.get("sheet", before.sheet)
    name, text = chosen_sheet(file.opened()["sheets"], asked, targets)
    head = head_of(text, targets)
    plan = (
        Plan.of(said)
        if said and name == before.sheet
        else guess(head.columns, head.cells, targets, before)
    )
    form = import_form(
        head=head,
        targets=targets,
        plan=plan,
        sheet=name,
        silent=said.get("silent") or (pool.silent if pool else "fault"),
        found=file.findings(),
    )
    return form, plan


def _rows(file: PoolImport) -> RowsForm | None:
    """Return the rows of a small file with faults, to be corrected here."""
    if file.state != "faulty":
        return None
    sheet = (file.plan or {}).get("sheet", "")
    targets = lottery_rows.stored_targets(this_panel())
    _name, text = chosen_sheet(file.opened()["sheets"], sheet, targets)
    if len(text) > LARGEST_KEPT:
        return None
    return RowsForm(formdata=None, data={"rows": text.replace("\0", "\ufffd")})


def _context(file: PoolImport) -> dict[str, Any]:
    found = file.findings()
    source = file.opened()
    return {
        "heading": _("Import people"),
        "file": file,
        "file_name": source.get("name", ""),
        "guessed": source.get("guessed"),
        "sheets": [sheet for sheet, _text in source["sheets"]],
        "at_work": file.state in AT_WORK,
        "faults": found.get("words") or findings.in_words(found.get("faults", ())),
        "notices": findings.in_words(found.get("notices", ())),
        "found": found,
        "reason": REASONS.get(file.fault or ""),
    }
