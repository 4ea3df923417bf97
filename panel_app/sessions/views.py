"""The session on a member's phone."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask import session as flask_session
from markupsafe import Markup
from werkzeug.wrappers import Response

from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.live import views as live
from panel_app.panels import devices
from panel_app.panels import services as panels
from panel_app.panels.current import this_member
from panel_app.panels.models import Member
from panel_app.sessions import activities, door, guests, queries, services, strip
from panel_app.sessions.forms import GuestForm
from panel_app.sessions.models import AgendaItem, Guest, Participant, Session
from panel_app.web import access, i18n, typed
from panel_app.web.forms import page, refusals
from panel_app.web.fragments import fragment

bp = Blueprint("sessions", __name__)


@bp.get("/s/<code>")
@access.needs("anyone")
def scan(code: str) -> Response:
    """Lead from the wall's code to the session, or to the page for getting in."""
    session = queries.session_with_code(code)
    member = devices.member_on_this_phone()
    if session and member and member.panel_id == session.panel_id:
        if queries.takes_arrivals(session) and not queries.is_here(session, member):
            return _ask_in(session)
        return redirect(url_for(".phone", public_id=session.public_id), 303)
    if session and guests.takes_guests(session):
        guest = guests.on_this_phone()
        if guest and guest.session_id == session.id:
            return redirect(url_for(".phone", public_id=session.public_id), 303)
        return make_response(_guest_page(session, GuestForm()))
    if session and session.panel.is_open:
        return _not_now(session)
    return redirect(url_for("panels.my" if member else "panels.type_code"), 303)


@bp.post("/s/<code>")
@access.needs("anyone")
def come_as_guest(code: str) -> Response:
    """Let this phone take part as a guest."""
    session = found(queries.session_with_code(code))
    form = GuestForm()
    if form.validate_on_submit():
        with refusals(form):
            language = i18n.code()
            token = guests.come(session=session, role=form.role.data, language=language)
            landing = redirect(url_for(".phone", public_id=session.public_id), 303)
            db.session.commit()
            return guests.keep(i18n.remember(landing, language), token)
    return make_response(_guest_page(session, form))


@bp.get("/d/<token>")
@access.needs("anyone")
def at_the_door(token: str) -> Response:
    """Ask whether to join with the code from the door; looking at it uses nothing up."""
    door_pass = door.with_token(token)
    if door_pass is None:
        heading = _("This QR code does not work (any more)")
        return make_response(render_template("panels/unknown.html", heading=heading), 404)
    member = door_pass.member
    i18n.speak(panels.letter_language(member, i18n.browsers()))
    return make_response(
        render_template(
            "sessions/door.html",
            heading=_("Join as seat %(seat)s?", seat=member.seat),
            session=door_pass.session,
            token=token,
        )
    )


@bp.post("/d/<token>")
@access.needs("anyone")
def come_in(token: str) -> Response:
    """Take the seat to this phone with the code from the door, once."""
    door_pass = door.with_token(token)
    if door_pass is not None:
        i18n.speak(panels.letter_language(door_pass.member, i18n.browsers()))
    language = i18n.code()
    cookie, session = door.come_in(token=token, language=language)
    landing = make_response(redirect(url_for(".phone", public_id=session.public_id), 303))
    db.session.commit()
    flask_session.pop("csrf_token", None)
    i18n.remember(landing, language)
    return devices.keep(landing, cookie)


@bp.post("/my/session/<public_id>/leave")
@access.needs("participant")
def leave(public_id: str) -> Response:
    """Leave the session as a guest: this phone is known no more."""
    return guests.leave(redirect(url_for("publishing.front"), 303))


@bp.get("/my/session/<public_id>")
@access.needs("participant")
def phone(public_id: str) -> str:
    """Show what is on now and what comes next."""
    session, person = _taking_part(public_id)
    item = queries.on_screen(session)
    heading = i18n.wording(item.title if item else session.title).text
    return render_template("sessions/phone.html", heading=heading, **_now(session, item, person))


@bp.get("/my/session/<public_id>/now")
@access.needs("participant")
def now(public_id: str) -> Response:
    """Answer with the part of the phone's page that follows the session."""
    session, person = _taking_part(public_id)
    item = queries.on_screen(session)
    shown = render_template("sessions/phone_now.html", **_now(session, item, person))
    return live.fragment(shown, topic=session.topic, audience="phone", subject=person.public_id)


@bp.get("/my/session/<public_id>/strip")
@access.needs("participant")
def strip_now(public_id: str) -> Response:
    """Answer with the way back to the session, for the pages that its parts open."""
    session, person = _taking_part(public_id)
    shown = render_template("sessions/strip_now.html", **strip.of(session))
    return live.fragment(shown, topic=session.topic, audience="phone", subject=person.public_id)


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


def _not_now(session: Session) -> Response:
    """Say when the session is, where no letter leads anywhere else."""
    heading = i18n.wording(session.title).text
    return make_response(render_template("sessions/not_now.html", heading=heading, session=session))


def _session(public_id: str) -> Session:
    return found(queries.session_called(public_id, this_member().panel_id))


def _taking_part(public_id: str) -> tuple[Session, Participant]:
    return guests.taking_part(partial(queries.session_called, public_id), lambda session: session)


def _guest_page(session: Session, form: GuestForm) -> tuple[str, int]:
    heading = i18n.wording(session.title).text
    return page("sessions/guest.html", form, heading=heading, session=session)


def _now(session: Session, item: AgendaItem | None, person: Participant) -> dict[str, object]:
    """Return what the phone of `person` shows of `session`."""
    activity = activities.of(item) if item else None
    shown = _asked(item, person) if item else None
    return {
        "session": session,
        "member": person,
        "is_guest": isinstance(person, Guest),
        "item": item,
        "activity": shown,
        "asks": typed.fills_in(shown),
        "coming": queries.coming(session),
        "clock": queries.clock_of(item),
        "small_title": bool(item and item.state == "open" and activity and activity.asks_itself),
        "past": _past(session, person) if isinstance(person, Member) else [],
        "asks_in": isinstance(person, Member) and _asks_in(session, person),
        "apart": guests.apart(item),
        "of_guests": guests.shown(item),
    }


def _asked(item: AgendaItem, person: Participant) -> Markup | None:
    """Return what the part asks of somebody; of guests only where it is for them too."""
    activity = activities.of(item)
    if activity is None:
        return None
    if isinstance(person, Member):
        return activity.phone(item, person)
    if activity.guests is None:
        return fragment("sessions/panel_only.html", item=item)
    return activity.guests.phone(item, person)


def _past(session: Session, member: Member) -> list[tuple[AgendaItem, Markup]]:
    """Return each part of an evening that is over with what the room saw of it, in its order."""
    if session.state != "closed":
        return []
    return [
        (item, shown)
        for item in session.items
        if item.state == "closed" and item.revealed and (shown := _asked(item, member))
    ]


def _asks_in(session: Session, member: Member) -> bool:
    return queries.takes_arrivals(session) and not queries.is_here(session, member)
