"""The console that runs a session, and the wall that the room sees."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.live import views as live
from panel_app.live.hub import Audience
from panel_app.sessions import activities, guests, queries, rehearsal, services
from panel_app.sessions import wall as wall_of
from panel_app.sessions.desk.forms import ExtendForm, TurnForm
from panel_app.sessions.desk.views import this_item, this_session
from panel_app.sessions.models import AgendaItem, Session
from panel_app.staff import step_up
from panel_app.staff.identity import actor, this_user
from panel_app.web import access, i18n
from panel_app.web.forms import Form, done, page, saved

bp = Blueprint("sessions_console", __name__)


@bp.get("/desk/<panel_slug>/sessions/<public_id>/")
@access.needs("observe")
def console(public_id: str) -> str:
    """Run the session: now, next, the room, what needs a decision."""
    session = this_session(public_id)
    return render_template(
        "sessions/desk/console.html", heading=i18n.wording(session.title).text, **_console(session)
    )


@bp.get("/desk/<panel_slug>/sessions/<public_id>/console")
@access.needs("observe")
def console_now(public_id: str) -> Response:
    """Answer with the part of the console that follows the session."""
    session = this_session(public_id)
    shown = render_template("sessions/desk/console_now.html", **_console(session))
    return _fragment(session, shown, "console")


@bp.get("/desk/<panel_slug>/sessions/<public_id>/wall")
@access.needs("observe")
def wall(public_id: str) -> str:
    """Show the room one thing at a time; never a name, never a single answer."""
    session = this_session(public_id)
    shown = _wall(session)
    return render_template("sessions/wall.html", heading=shown["title"], **shown)


@bp.get("/desk/<panel_slug>/sessions/<public_id>/wall/now")
@access.needs("observe")
def wall_now(public_id: str) -> Response:
    """Answer with the part of the wall that follows the session."""
    session = this_session(public_id)
    shown = render_template("sessions/wall_now.html", **_wall(session))
    return _fragment(session, shown, "wall")


@bp.post("/desk/<panel_slug>/sessions/<public_id>/open")
@access.needs("facilitate")
def open_session(public_id: str) -> Response:
    """Begin the session."""
    services.open_session(session=this_session(public_id), actor=actor())
    return _back(public_id)


@bp.route("/desk/<panel_slug>/sessions/<public_id>/close", methods=["GET", "POST"])
@access.needs("facilitate")
def close_session(public_id: str) -> tuple[str, int] | Response:
    """Ask, then end the session."""
    session = this_session(public_id)
    form = Form()
    item = _closes_for_good(session)
    if item and form.validate_on_submit() and not step_up.is_fresh():
        return step_up.ask_again()
    heading = _("End the session?")
    return saved(
        form,
        lambda: services.close_session(session=session, actor=actor()),
        url_for(".console", public_id=public_id),
    ) or page("sessions/desk/close.html", form, heading=heading, session=session, item=item)


@bp.post("/desk/<panel_slug>/items/<public_id>/open")
@access.needs("facilitate")
def open_item(public_id: str) -> str | Response:
    """Begin a part; the one that is open closes."""
    item = this_item(public_id)
    if question := _ask_first(item.session):
        return question
    services.open_item(item=item, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/close")
@access.needs("facilitate")
def close_item(public_id: str) -> str | Response:
    """End a part; where that can't be undone, ask before."""
    item = this_item(public_id)
    if question := _ask_first(item.session):
        return question
    services.close_item(item=item, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/reveal", defaults={"shown": True})
@bp.post("/desk/<panel_slug>/items/<public_id>/hide", defaults={"shown": False})
@access.needs("facilitate")
def reveal(public_id: str, shown: bool) -> Response:
    """Show the results to the room, or hide them again."""
    item = this_item(public_id)
    services.reveal(item=item, shown=shown, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/show-again")
@access.needs("facilitate")
def show_again(public_id: str) -> Response:
    """Put the results of an earlier part back on the screens."""
    item = this_item(public_id)
    services.show_again(item=item, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/look")
@access.needs("facilitate")
def look(public_id: str) -> Response:
    """Show the results on the console alone."""
    item = this_item(public_id)
    services.look(item=item, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/turn")
@access.needs("facilitate")
def turn(public_id: str) -> Response:
    """Have the wall show another screen of the part."""
    item, form = this_item(public_id), TurnForm()
    page = form.page.data if form.validate() else None
    services.turn_wall(item=item, page=-1 if page is None else page)
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/sessions/<public_id>/invite", defaults={"shown": True})
@bp.post("/desk/<panel_slug>/sessions/<public_id>/uninvite", defaults={"shown": False})
@access.needs("facilitate")
def invite(public_id: str, shown: bool) -> Response:
    """Show the way in large on the wall, or small again."""
    services.invite(session=this_session(public_id), shown=shown)
    return _back(public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/extend")
@access.needs("facilitate")
def extend(public_id: str) -> Response:
    """Give the open part more time."""
    item = this_item(public_id)
    form = ExtendForm()
    minutes = form.minutes.data if form.validate() else 0
    services.extend(item=item, minutes=minutes or 0, actor=actor())
    return _back(item.session.public_id)


@bp.post("/desk/<panel_slug>/sessions/<public_id>/guests", defaults={"allowed": True})
@bp.post("/desk/<panel_slug>/sessions/<public_id>/no-guests", defaults={"allowed": False})
@access.needs("facilitate")
def allow_guests(public_id: str, allowed: bool) -> Response:
    """Let people without a letter take part, or no longer."""
    guests.allow(session=this_session(public_id), allowed=allowed, actor=actor())
    return _back(public_id)


def _closes_for_good(session: Session) -> AgendaItem | None:
    """Return the open part, where closing it can't be undone."""
    item = queries.on_screen(session)
    return item if item and item.state == "open" and not activities.opens_again(item) else None


def _ask_first(session: Session) -> str | Response | None:
    """Return a page that asks, for the password too, where what was pressed closes for good."""
    item = _closes_for_good(session)
    if item is None:
        return None
    if not step_up.is_fresh():
        return step_up.ask_again(url_for(".console", public_id=session.public_id))
    if "sure" in request.form:
        return None
    heading = _("Close this part for good?")
    return render_template("sessions/desk/sure.html", heading=heading, session=session, item=item)


def _back(public_id: str) -> Response:
    """Keep what was done and go back to the console."""
    return done(url_for("sessions_console.console", public_id=public_id))


def _fragment(session: Session, shown: str, audience: Audience) -> Response:
    return live.fragment(
        shown, topic=session.topic, audience=audience, subject=this_user().public_id
    )


def _console(session: Session) -> dict[str, object]:
    item, before = queries.on_screen(session), queries.before(session)
    activity = activities.of(item) if item else None
    return {
        "session": session,
        "item": item,
        "activity": activity,
        "opens_again": item is not None and activities.opens_again(item),
        "before": before if before and activities.opens_again(before) else None,
        "figures": activity.console(item) if activity and item else None,
        "coming": queries.coming(session),
        "clock": queries.clock_of(item),
        "people": queries.people_of(session),
        **_guests(session, item),
        "on_wall": wall_of.shown(item, results=bool(item and item.revealed)),
        "preview": wall_of.shown(item, results=True) if wall_of.may_preview(item) else None,
        "large": wall_of.joins_large(session, item),
        "may_open": _may_open(session),
        **_tried_out(session),
        "others": queries.others_here(session, this_user().public_id),
        "user": this_user(),
    }


def _tried_out(session: Session) -> dict[str, object]:
    """Return what the console says of a rehearsal, and where the agenda is that it copies."""
    real = found(rehearsal.of(session)).session if session.panel.is_made_up else session
    slug, public_id = real.panel.slug, real.public_id
    left_out = rehearsal.unrehearsed(real) if real is not session else []
    return {
        "tried_out": real is not session,
        "unrehearsed": left_out,
        "agenda": url_for("sessions_desk.agenda", panel_slug=slug, public_id=public_id),
    }


def _may_open(session: Session) -> set[str]:
    """Return the parts that can be opened now, or opened again."""
    if session.state != "open":
        return set()
    return {
        item.public_id
        for item in session.items
        if item.state == "waiting" or (item.state == "closed" and activities.opens_again(item))
    }


def _wall(session: Session) -> dict[str, object]:
    item = queries.on_screen(session)
    return {
        "session": session,
        "item": item,
        "title": i18n.wording(item.title if item else session.title).text,
        "shown": wall_of.shown(item, results=bool(item and item.revealed)),
        "large": wall_of.joins_large(session, item),
        "coming": queries.coming(session),
        "clock": queries.clock_of(item),
        **_guests(session, item),
        "invitation": queries.invitation(session),
        "mark": wall_of.mark(session),
        "user": this_user(),
    }


def _guests(session: Session, item: AgendaItem | None) -> dict[str, object]:
    """Return what console and wall say of guests, apart from the panel."""
    return {
        "guests_here": guests.in_the_room(session),
        "guests_answered": guests.answering(item),
        "apart": guests.apart(item),
        "of_guests": guests.shown(item),
    }
