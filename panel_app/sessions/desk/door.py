"""Letting somebody in at the door, for facilitators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.current import only_with_seats
from panel_app.recruitment.letters import member_called
from panel_app.sessions import door
from panel_app.sessions.desk.views import this_session
from panel_app.staff.identity import actor
from panel_app.web import access, qr
from panel_app.web.forms import done

bp = Blueprint("door", __name__)
bp.before_request(only_with_seats)
#: What a state at the door is called.
STATES: dict[str, Any] = {
    "arrived": _("Arrived"),
    "late": _("Arrived late"),
    "absent": _("Not here yet"),
}


@bp.route("/desk/<panel_slug>/sessions/<public_id>/door", methods=["GET", "POST"])
@access.needs("facilitate")
def show(public_id: str) -> str:
    """Find somebody by name or seat; what is typed goes into no address."""
    session, words = this_session(public_id), request.form.get("words", "")[:80]
    return render_template(
        "sessions/desk/door.html",
        heading=_("Let somebody in"),
        session=session,
        words=words,
        people=door.find(session, words),
        states=STATES,
    )


@bp.post("/desk/<panel_slug>/sessions/<public_id>/door/<member_id>")
@access.needs("facilitate")
def let_in(public_id: str, member_id: str) -> str:
    """Show a code, once, that lets this member in on the phone that scans it first."""
    session = this_session(public_id)
    member = member_called(session.panel, member_id)
    printed = "printed" in request.form
    token = door.let_in(session=session, member=member, printed=printed, actor=actor())
    seat = member.seat
    db.session.commit()
    address = f"{current_app.config['PUBLIC_URL']}{url_for('sessions.at_the_door', token=token)}"
    return render_template(
        "sessions/desk/pass.html",
        heading=_("Scan this with the phone of seat %(seat)s", seat=seat),
        session=session,
        printed=printed,
        picture=qr.svg(address, _("QR code: come in with seat %(seat)s", seat=seat)),
    )


@bp.post("/desk/<panel_slug>/sessions/<public_id>/door/<member_id>/arrived")
@access.needs("facilitate")
def arrived(public_id: str, member_id: str) -> Response:
    """Note that somebody came who has no phone."""
    session = this_session(public_id)
    member = member_called(session.panel, member_id)
    door.note_arrival(session=session, member=member, actor=actor())
    return done(url_for(".show", public_id=public_id))
