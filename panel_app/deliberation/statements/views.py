"""Statements on a member's phone."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core import ids
from panel_app.core.db import db, done_reading, found
from panel_app.core.text import _
from panel_app.deliberation import written
from panel_app.deliberation.statements import forms, queries, services, wordings
from panel_app.deliberation.statements.forms import StatementForm
from panel_app.live import views as live
from panel_app.sessions.guests import taking_part
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.queries import item_called
from panel_app.web import access
from panel_app.web.forms import page, saved

bp = Blueprint("deliberation", __name__)

Page = tuple[str, int] | Response


@bp.post("/my/statements/<public_id>/answer")
@access.needs("participant", reads_on=True)
def answer(public_id: str) -> Response:
    """Keep what the member makes of a statement."""
    sent = forms.read_answer(request.form)
    statement, person = taking_part(
        partial(queries.statement_of, public_id), lambda one: one.item.session
    )
    done_reading()
    services.answer_statement(statement=statement, member=person, **sent)
    back = _session_page(statement.item)
    if request.form.get("back") == "answers":
        back = url_for(".answers", public_id=statement.item.public_id)
    db.session.commit()
    return live.received(back)


@bp.get("/my/statements/<public_id>/answers")
@access.needs("participant")
def answers(public_id: str) -> str:
    """List the member's answers, each with the buttons to change it."""
    item, person = _item(public_id)
    return render_template(
        "deliberation/statements/answers.html",
        heading=_("Your answers"),
        item=item,
        member=person,
        progress=queries.progress(item, person),
        back=_session_page(item),
    )


@bp.route("/my/statements/<public_id>/new", methods=["GET", "POST"])
@access.needs("participant")
def add(public_id: str) -> Page:
    """Hand in a statement of one's own."""
    item, person = _item(public_id)
    form = StatementForm(key=ids.token()[:24])
    return saved(
        form,
        lambda: services.add_statement(item=item, member=person, **form.statement()),
        _session_page(item),
        says=_("Thank you. A facilitator looks at it first: if they let it in, everyone is asked."),
    ) or page(
        "deliberation/statements/new.html",
        form,
        heading=_("Add your own statement"),
        back=_session_page(item),
    )


@bp.route("/my/statements/<public_id>/correct", methods=["GET", "POST"])
@access.needs("participant")
def correct(public_id: str) -> Page:
    """Correct a statement of one's own."""
    statement, person = taking_part(
        partial(queries.statement_of, public_id), lambda one: one.item.session
    )
    found(statement if written.is_own(statement, person) else None)
    wording, back = statement.wording, _session_page(statement.item)
    form = StatementForm(text=str(wording), language=wording.original, key=ids.token()[:24])
    beside = statement.state == "rejected" or wordings.was_answered(statement)
    return saved(
        form,
        lambda: wordings.correct_own(statement=statement, member=person, **form.statement()),
        back,
        says=_("Thank you. A facilitator looks at it first: if they let it in, everyone is asked."),
    ) or page(
        "deliberation/statements/new.html",
        form,
        heading=_("Correct your statement"),
        beside=beside,
        back=back,
    )


def _item(public_id: str) -> tuple[AgendaItem, Participant]:
    """Return a round of statements that was opened, and who is on this phone."""
    item, person = taking_part(partial(item_called, public_id), lambda item: item.session)
    return found(item if item.kind == "statements" and item.opened_at else None), person


def _session_page(item: AgendaItem) -> str:
    return url_for("sessions.phone", public_id=item.session.public_id)
