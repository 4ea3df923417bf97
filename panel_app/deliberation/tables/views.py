"""Tables on the phone of a member or a guest."""

from __future__ import annotations

from functools import partial

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
from panel_app.panels.models import Member
from panel_app.sessions.guests import taking_part
from panel_app.sessions.models import Participant
from panel_app.sessions.queries import item_called
from panel_app.web import access, i18n

bp = Blueprint("tables", __name__)


@bp.get("/my/tables/<public_id>")
@access.needs("participant")
def written(public_id: str) -> str:
    """Show what tables wrote in rounds that are over."""
    plan, _person = _plan(public_id)
    return render_template(
        "deliberation/tables/written.html",
        heading=_("What tables wrote"),
        item=plan.item,
        written=queries.written(plan),
        back=_session_page(plan),
    )


@bp.post("/my/tables/<public_id>/scribe")
@access.needs("participant")
def take(public_id: str) -> Response:
    """Let the member write for their table, whose code they typed."""
    plan, person = _plan(public_id)
    services.take_table(plan=plan, member=person, code=request.form.get("code", ""))
    return _done(plan)


@bp.post("/my/tables/<public_id>/notes")
@access.needs("participant")
def add(public_id: str) -> Response:
    """Keep what the member writes for their table."""
    (plan, person), form = _plan(public_id), NotesForm()
    seat = _writer(plan, person)
    if not form.validate():
        raise Refused(_("This is too long."))
    notes.write_notes(
        plan=plan,
        number=seat.number,
        text=form.text.data or "",
        language=i18n.code(),
        key=f"{person.public_id}-{request.form.get('key') or ids.public_id()}"[:40],
        author=_author(person),
    )
    return _done(plan)


@bp.post("/my/tables/<public_id>/notes/<note_id>")
@access.needs("participant")
def change(public_id: str, note_id: str) -> Response:
    """Change a point of the member's table."""
    plan, person = _plan(public_id)
    seat, note = _writer(plan, person), queries.note_called(plan, note_id)
    found(note if note.number == seat.number else None)
    notes.rewrite(
        note=note,
        text=request.form.get("text", ""),
        language=i18n.code(),
        version=request.form.get("version", 0, type=int),
        author=_author(person),
    )
    return _done(plan)


@bp.post("/my/tables/<public_id>/help", defaults={"wanted": True})
@bp.post("/my/tables/<public_id>/no-help", defaults={"wanted": False})
@access.needs("participant")
def ask_for_help(public_id: str, wanted: bool) -> Response:
    """Raise the flag of the member's table, or lower it."""
    plan, person = _plan(public_id)
    seat = _seat(plan, person)
    services.ask_for_help(queries.table_called(plan, seat.number), wanted=wanted)
    return _done(plan)


@bp.post("/my/tables/<public_id>/speak", defaults={"wants": True})
@bp.post("/my/tables/<public_id>/listen", defaults={"wants": False})
@access.needs("participant")
def speak(public_id: str, wants: bool) -> Response:
    """Put the member into their table's queue, or take them out."""
    plan, person = _plan(public_id)
    services.wait_to_speak(_seat(plan, person), wants=wants)
    return _done(plan)


@bp.post("/my/tables/<public_id>/spoke/<int:seat>", defaults={"turns": 1})
@bp.post("/my/tables/<public_id>/unspoke/<int:seat>", defaults={"turns": -1})
@access.needs("participant")
def spoke(public_id: str, seat: int, turns: int) -> Response:
    """Count a turn of somebody at the table that the member writes for."""
    plan, person = _plan(public_id)
    own = _writer(plan, person)
    table = queries.table_in(plan, plan.current_round, own.number)
    there = found(next((one for one in table.seats if one.person.seat == seat), None))
    services.spoke(there, turns=turns)
    return _done(plan)


def _plan(public_id: str) -> tuple[TablePlan, Participant]:
    """Return the plan of a part, and who is on this phone."""
    item, person = taking_part(partial(item_called, public_id), lambda item: item.session)
    return queries.plan_of(item), person


def _seat(plan: TablePlan, person: Participant) -> TableSeat:
    """Return where somebody sits. Raises Conflict where no round is on."""
    if not plan.running or plan.item.state != "open":
        raise Conflict(_("This round is over: what was written stays."))
    return found(queries.seat_of(plan, person))


def _writer(plan: TablePlan, person: Participant) -> TableSeat:
    seat = _seat(plan, person)
    return found(seat if seat.writes else None)


def _author(person: Participant) -> Member | None:
    return person if isinstance(person, Member) else None


def _done(plan: TablePlan) -> Response:
    back = _session_page(plan)
    db.session.commit()
    return live.received(back) if "X-Queue" in request.headers else redirect(back, 303)


def _session_page(plan: TablePlan) -> str:
    return url_for("sessions.phone", public_id=plan.item.session.public_id)
