"""Answering on a member's phone."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db, done_reading
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation.questions import activity, queries, services
from panel_app.deliberation.questions.queries import Put
from panel_app.live import views as live
from panel_app.questions import asking
from panel_app.questions.question import Answers
from panel_app.questions.services import LARGEST_COUNTER
from panel_app.sessions.guests import taking_part
from panel_app.sessions.services import must_take_answers
from panel_app.web import access, i18n

bp = Blueprint("live_questions", __name__)


@bp.post("/my/questions/<public_id>/answer")
@access.needs("participant", reads_on=True)
def answer(public_id: str) -> Response | tuple[str, int]:
    """Keep what the member answers; what is wrong comes back with all that was typed."""
    put, person = taking_part(partial(queries.put_called, public_id), lambda put: put.item.session)
    counter, answers = _counter(), asking.read(put.questions, request.form)
    asked = asking.asked_of(put.questions, answers)
    complete = not asking.moves(put.questions, request.form)
    wrong = asking.faults(asked, answers, complete=complete)
    done_reading()
    must_take_answers(put.item)
    if wrong:
        return _again(put, answers, wrong, counter)
    services.answer(put=put, member=person, answers=answers, counter=counter)
    back = _session_page(put)
    db.session.commit()
    return live.received(back)


def _counter() -> int:
    """Return the phone's count of changes. Raises Refused where it sent none."""
    counter = request.form.get("counter", 0, type=int)
    if not 1 <= counter <= LARGEST_COUNTER:
        raise Refused(_("Something is missing. Open the page again and send your answer again."))
    return counter


def _again(put: Put, answers: Answers, wrong: dict[str, object], counter: int) -> tuple[str, int]:
    shown = render_template(
        "deliberation/questions/again.html",
        heading=i18n.wording(put.item.title).text,
        **activity.on_phone(put, answers, wrong),
        given=False,
        counter=counter,
        back=_session_page(put),
    )
    return shown, 422


def _session_page(put: Put) -> str:
    return url_for("sessions.phone", public_id=put.item.session.public_id)
