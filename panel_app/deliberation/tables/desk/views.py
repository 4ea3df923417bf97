"""Seating people, running rounds and writing for a table, on the desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core import ids
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation.tables import activity, notes, planning, queries, rules, services
from panel_app.deliberation.tables.desk.forms import FitForm, MoveForm, NotesForm, SeatForm
from panel_app.sessions.desk.views import this_item
from panel_app.sessions.models import AgendaItem
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import Page, SelectChoice, page, saved

bp = Blueprint("tables_desk", __name__)


@bp.get("/desk/<panel_slug>/items/<public_id>/tables")
@access.needs("observe")
def plan(public_id: str) -> Page:
    """Show who sits where in every round, and what can be changed."""
    item = this_item(public_id)
    return _plan_page(item, FitForm(), _move_form(item))


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/seat")
@access.needs("facilitate")
def seat(public_id: str) -> Response:
    """Have people seated; the plan comes within seconds."""
    item, form = this_item(public_id), SeatForm()
    if not form.validate():
        raise Refused(_("Choose one of these."))
    planning.ask_for_plan(item=item, whom=form.whom.data, actor=actor())
    return _back(item)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/fit")
@access.needs("facilitate")
def fit(public_id: str) -> Page:
    """Seat who came late, and take out who left."""
    item, form = this_item(public_id), FitForm()

    def act() -> None:
        services.fit_in(item=item, left=_seats(form), actor=actor())

    return saved(form, act, _way_back(item)) or _plan_page(item, form, _move_form(item))


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/move")
@access.needs("facilitate")
def move(public_id: str) -> Page:
    """Put somebody at another table."""
    item = this_item(public_id)
    form = _move_form(item)

    def act() -> None:
        where = {"to": form.to.data, "since": form.round.data}
        services.move(item=item, seat=form.number(), **where, actor=actor())

    to = url_for(".plan", public_id=public_id)
    return saved(form, act, to) or _plan_page(item, FitForm(), form)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/begin", defaults={"begins": True})
@bp.post("/desk/<panel_slug>/items/<public_id>/tables/end", defaults={"begins": False})
@access.needs("facilitate")
def turn(public_id: str, begins: bool) -> Response:
    """Begin the next round, or end the one that is on."""
    item = this_item(public_id)
    (services.begin_round if begins else services.end_round)(item=item, actor=actor())
    return _back(item)


@bp.get("/desk/<panel_slug>/items/<public_id>/tables/print")
@access.needs("facilitate")
def printed(public_id: str) -> str:
    """Show the plan and a card a table, to be printed."""
    item = this_item(public_id)
    plan = queries.plan_of(item)
    return render_template(
        "deliberation/tables/desk/print.html",
        heading=_("Tables: %(title)s", title=i18n.wording(item.title).text),
        item=item,
        rounds=queries.rounds_of(plan),
        spell=ids.spell,
    )


@bp.get("/desk/<panel_slug>/items/<public_id>/tables/<int:number>")
@access.needs("scribe")
def table(public_id: str, number: int) -> Page:
    """Write for one table."""
    return _table_page(this_item(public_id), number, NotesForm())


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/<int:number>")
@access.needs("scribe")
def write(public_id: str, number: int) -> Page:
    """Keep what a scribe writes for a table."""
    item, form = this_item(public_id), NotesForm()
    plan = queries.plan_of(item)

    def act() -> None:
        notes.write_notes(
            plan=plan,
            number=queries.table_called(plan, number).number,
            text=form.text.data or "",
            language=i18n.code(),
            key=f"desk-{request.form.get('key') or ids.public_id()}"[:40],
            author=None,
        )

    to = url_for(".table", public_id=public_id, number=number)
    return saved(form, act, to) or _table_page(item, number, form)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/notes/<note_id>")
@access.needs("scribe")
def change(public_id: str, note_id: str) -> Response:
    """Change a point; where somebody changed it meanwhile both texts stay."""
    note = queries.note_called(queries.plan_of(this_item(public_id)), note_id)
    notes.rewrite(
        note=note,
        text=request.form.get("text", ""),
        language=i18n.code(),
        version=request.form.get("version", 0, type=int),
        author=None,
    )
    db.session.commit()
    return redirect(url_for(".table", public_id=public_id, number=note.number), 303)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/notes/<note_id>/hide", defaults={"on": True})
@bp.post("/desk/<panel_slug>/items/<public_id>/tables/notes/<note_id>/show", defaults={"on": False})
@access.needs("facilitate")
def hide(public_id: str, note_id: str, on: bool) -> Response:
    """Take a point out of what others read, or put it back."""
    note = queries.note_called(queries.plan_of(this_item(public_id)), note_id)
    notes.hide(note=note, hidden=on, actor=actor())
    db.session.commit()
    return redirect(url_for(".table", public_id=public_id, number=note.number), 303)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/<int:number>/help", defaults={"wanted": True})
@bp.post(
    "/desk/<panel_slug>/items/<public_id>/tables/<int:number>/helped", defaults={"wanted": False}
)
@access.needs("scribe")
def ask_for_help(public_id: str, number: int, wanted: bool) -> Response:
    """Raise a table's flag, or say that somebody went there."""
    item = this_item(public_id)
    services.ask_for_help(queries.table_called(queries.plan_of(item), number), wanted=wanted)
    return _back(item) if not wanted else _to_table(item, number)


@bp.post("/desk/<panel_slug>/items/<public_id>/tables/spoke/<int:seat>", defaults={"turns": 1})
@bp.post("/desk/<panel_slug>/items/<public_id>/tables/unspoke/<int:seat>", defaults={"turns": -1})
@access.needs("scribe")
def spoke(public_id: str, seat: int, turns: int) -> Response:
    """Count a turn of somebody in the round that is on."""
    item = this_item(public_id)
    there = queries.seat_numbered(queries.plan_of(item), seat)
    services.spoke(there, turns=turns)
    return _to_table(item, there.number)


def _move_form(item: AgendaItem) -> MoveForm:
    plan, form = queries.plan_of(item), MoveForm(formdata=_sent())
    first = max(1, plan.current_round + (0 if plan.running else 1))
    rounds = range(first, int(item.settings["rounds"]) + 1)
    form.round.choices = [SelectChoice(number, str(number)) for number in rounds]
    return form


def _sent() -> Any:
    return request.form if request.endpoint == "tables_desk.move" else None


def _seats(form: FitForm) -> list[int]:
    try:
        return form.seats()
    except rules.Unreadable as fault:
        raise Refused(_("Type the seats’ numbers: 4, 12."), field="left") from fault


def _plan_page(item: AgendaItem, fit: FitForm, move: MoveForm) -> tuple[str, int]:
    html, status = page(
        "deliberation/tables/desk/plan.html",
        fit,
        heading=_("Tables: %(title)s", title=i18n.wording(item.title).text),
        item=item,
        move=move,
        rounds=queries.rounds_of(queries.plan_of(item)),
        **activity.on_desk(item),
    )
    return html, 422 if move.errors or move.form_errors else status


def _table_page(item: AgendaItem, number: int, form: NotesForm) -> tuple[str, int]:
    plan = queries.plan_of(item)
    return page(
        "deliberation/tables/desk/table.html",
        form,
        heading=_("Table %(number)s", number=number),
        item=item,
        plan=plan,
        on=plan.running and item.state == "open",
        table=queries.table_in(plan, plan.current_round, number),
        prompt=queries.prompt_of(item, plan.current_round),
        notes=queries.notes_at(plan, plan.current_round, number),
        key=ids.public_id(),
    )


def _to_table(item: AgendaItem, number: int) -> Response:
    db.session.commit()
    return redirect(url_for(".table", public_id=item.public_id, number=number), 303)


def _way_back(item: AgendaItem) -> str:
    """Return the page to go on with: the console where the part is on, else the plan."""
    if item.state == "open":
        return url_for("sessions_console.console", public_id=item.session.public_id)
    return url_for(".plan", public_id=item.public_id)


def _back(item: AgendaItem) -> Response:
    to = _way_back(item)
    db.session.commit()
    return redirect(to, 303)
