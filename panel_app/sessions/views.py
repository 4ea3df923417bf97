"""The session on a member's phone."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.core import ids
from panel_app.core.db import db, found
from panel_app.live import views as live
from panel_app.panels import devices
from panel_app.panels.current import this_member
from panel_app.sessions import activities, queries, services, strip
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web import access, i18n, typed

bp = Blueprint("sessions", __name__)


@bp.get("/s/<code>")
@access.needs("anyone")
def scan(code: str) -> Response:
    """Lead from the wall's code to the session, or to the page for getting in."""
    query = select(Session).where(Session.code == ids.normalise_code(code)[:8])
    session = db.session.scalar(query)
    member = devices.member_on_this_phone()
    if session and member and member.panel_id == session.panel_id:
        if queries.takes_arrivals(session) and not queries.is_here(session, member):
            return _ask_in(session)
        return redirect(url_for(".phone", public_id=session.public_id), 303)
    return redirect(url_for("panels.my" if member else "panels.type_code"), 303)


@bp.get("/my/session/<public_id>")
@access.needs("member")
def phone(public_id: str) -> str:
    """Show what is on now and what comes next."""
    session = _session(public_id)
    item = queries.on_screen(session)
    heading = i18n.wording(item.title if item else session.title).text
    return render_template("sessions/phone.html", heading=heading, **_now(session, item))


@bp.get("/my/session/<public_id>/now")
@access.needs("member")
def now(public_id: str) -> Response:
    """Answer with the part of the phone's page that follows the session."""
    session = _session(public_id)
    shown = render_template("sessions/phone_now.html", **_now(session, queries.on_screen(session)))
    return live.fragment(
        shown,
        topic=session.topic,
        audience="phone",
        subject=this_member().public_id,
    )


@bp.get("/my/session/<public_id>/strip")
@access.needs("member")
def strip_now(public_id: str) -> Response:
    """Answer with the way back to the session, for the pages that its parts open."""
    session = _session(public_id)
    shown = render_template("sessions/strip_now.html", **strip.of(session))
    return live.fragment(
        shown, topic=session.topic, audience="phone", subject=this_member().public_id
    )


@bp.post("/my/session/<public_id>/here")
@access.needs("member")
def here(public_id: str) -> Response:
    """Note that the member is here."""
    session = _session(public_id)
    services.attend(session=session, member=this_member())
    db.session.commit()
    return live.received(url_for(".phone", public_id=public_id))


def _ask_in(session: Session) -> Response:
    """Ask whether to join: a camera that fetches the address first comes in nowhere."""
    heading = i18n.wording(session.title).text
    return make_response(render_template("sessions/join.html", heading=heading, session=session))


def _session(public_id: str) -> Session:
    return found(queries.session_called(public_id, this_member().panel_id))


def _now(session: Session, item: AgendaItem | None) -> dict[str, object]:
    """Return what the phone shows of `session`."""
    member = this_member()
    activity = activities.of(item) if item else None
    shown = activity.phone(item, member) if activity and item else None
    return {
        "session": session,
        "member": member,
        "item": item,
        "activity": shown,
        "asks": typed.fills_in(shown),
        "coming": queries.coming(session),
        "clock": queries.clock_of(item),
        "small_title": bool(item and item.state == "open" and activity and activity.asks_itself),
        "asks_in": queries.takes_arrivals(session) and not queries.is_here(session, member),
    }
