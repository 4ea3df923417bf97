"""Tables on a member's phone."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core import ids
from panel_app.core.db import db, found
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.deliberation.tables import notes, queries, services
from panel_app.deliberation.tables.desk.forms import NotesForm
from panel_app.deliberation.tables.models import TablePlan, TableSeat
from panel_app.live import views as live
from panel_app.panels.current import this_member
from panel_app.sessions.queries import item_called
from panel_app.web import access, i18n

bp = Blueprint("tables", __name__)


@bp.get("/my/tables/<public_id>")
@access.needs("member")
def written(public_id: str) -> str:
    """Show what tables wrote in rounds that are over."""
    plan = _plan(public_id)
    return render_template(
        "deliberation/tables/written.html",
        heading=_("What tables wrote"),
        item=plan.item,
        written=queries.written(plan),
        back=_session_page(plan),
    )


@bp.post("/my/tables/<public_id>/scribe")
@access.needs("member")
def take(public_id: str) -> Response:
    """Let the member write for their table, whose code they typed."""
    plan = _plan(public_id)
    services.take_table(plan=plan, member=this_member(), code=request.form.get("code", ""))
    return _done(plan)


@bp.post("/my/tables/<public_id>/notes")
@access.needs("member")
def add(public_id: str) -> Response:
    """Keep what the member writes for their table."""
    plan, form = _plan(public_id), NotesForm()
    seat = _writer(plan)
    if not form.validate():
        raise Refused(_("This is too long."))
    notes.write_notes(
        plan=plan,
        number=seat.number,
        text=form.text.data or "",
        language=i18n.code(),
        key=f"{seat.member_id}-{request.form.get('key') or ids.public_id()}"[:40],
        author=this_member(),
    )
    return _done(plan)


@bp.post("/my/tables/<public_id>/notes/<note_id>")
@access.needs("member")
def change(public_id: str, note_id: str) -> Response:
    """Change a point of the member's table."""
    plan = _plan(public_id)
    seat, note = _writer(plan), queries.note_called(plan, note_id)
    found(note if note.number == seat.number else None)
    notes.rewrite(
        note=note,
        text=request.form.get("text", ""),
        language=i18n.code(),
        version=request.form.get("version", 0, type=int),
        author=this_member(),
    )
    return _done(plan)


@bp.post("/my/tables/<public_id>/help", defaults={"wanted": True})
@bp.post("/my/tables/<public_id>/no-help", defaults={"wanted": False})
@access.needs("member")
def ask_for_help(public_id: str, wanted: bool) -> Response:
    """Raise the flag of the member's table, or lower it."""
    plan = _plan(public_id)
    seat = _seat(plan)
    services.ask_for_help(queries.table_called(plan, seat.number), wanted=wanted)
    return _done(plan)


@bp.post("/my/tables/<public_id>/speak", defaults={"wants": True})
@bp.post("/my/tables/<public_id>/listen", defaults={"wants": False})
@access.needs("member")
def speak(public_id: str, wants: bool) -> Response:
    """Put the member into their table's queue, or take them out."""
    plan = _plan(public_id)
    services.wait_to_speak(_seat(plan), wants=wants)
    return _done(plan)


@bp.post("/my/tables/<public_id>/spoke/<int:seat>", defaults={"turns": 1})
@bp.post("/my/tables/<public_id>/unspoke/<int:seat>", defaults={"turns": -1})
@access.needs("member")
def spoke(public_id: str, seat: int, turns: int) -> Response:
    """Count a turn of somebody at the table that the member writes for."""
    plan = _plan(public_id)
    own = _writer(plan)
    table = queries.table_in(plan, plan.current_round, own.number)
    there = found(next((one for one in table.seats if one.member.seat == seat), None))
    services.spoke(there, turns=turns)
    return _done(plan)


def _plan(public_id: str) -> TablePlan:
    return queries.plan_of(found(item_called(public_id, this_member().panel_id)))


def _seat(plan: TablePlan) -> TableSeat:
    """Return where the member sits. Raises Conflict where no round is on."""
    if not plan.running or plan.item.state != "open":
        raise Conflict(_("This round is over: what was written stays."))
    return found(queries.seat_of(plan, this_member()))


def _writer(plan: TablePlan) -> TableSeat:
    seat = _seat(plan)
    return found(seat if seat.writes else None)


def _done(plan: TablePlan) -> Response:
    back = _session_page(plan)
    db.session.commit()
    return live.received(back) if "X-Queue" in request.headers else redirect(back, 303)


def _session_page(plan: TablePlan) -> str:
    return url_for("sessions.phone", public_id=plan.item.session.public_id)
