"""Getting ready for an evening: what to make sure of, a card to print, and trying it out."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.sessions import activities, queries, rehearsal
from panel_app.sessions.desk import readiness
from panel_app.sessions.desk.views import this_session
from panel_app.sessions.models import Session
from panel_app.staff.identity import actor
from panel_app.web import access, i18n
from panel_app.web.forms import done

bp = Blueprint("evening", __name__)


@bp.get("/desk/<panel_slug>/sessions/<public_id>/ready")
@access.needs("observe")
def ready(public_id: str) -> str:
    """Show what is ready for the evening, what isn't yet, and what to try in the hall."""
    session = this_session(public_id)
    return render_template(
        "sessions/desk/ready.html",
        heading=_("Before the evening"),
        session=session,
        checks=readiness.checks(session),
        invitation=queries.invitation(session),
    )


@bp.get("/desk/<panel_slug>/sessions/<public_id>/card")
@access.needs("observe")
def card(public_id: str) -> str:
    """Show the evening on one page to print, with what to do where something goes wrong."""
    session = this_session(public_id)
    return render_template(
        "sessions/desk/card.html",
        heading=i18n.wording(session.title).text,
        session=session,
        plan=readiness.plan(session),
        names={activity.kind: activity.name for activity in activities.all_kinds()},
        invitation=queries.invitation(session),
    )


@bp.post("/desk/<panel_slug>/sessions/<public_id>/rehearse")
@access.needs("facilitate")
def rehearse(public_id: str) -> Response:
    """Try a planned session out; the made-up people act from now on."""
    copied = rehearsal.begin(session=this_session(public_id), actor=actor())
    rehearsal.keep_going(copied.public_id)
    return done(console_of(copied))


@bp.post("/desk/<panel_slug>/sessions/<public_id>/rehearsal/end")
@access.needs("facilitate")
def throw_away(public_id: str) -> Response:
    """Throw a rehearsal away, from its console or from the session that it is of."""
    there = found(rehearsal.of(this_session(public_id)))
    session = rehearsal.throw_away(rehearsal=there)
    back = url_for(
        "sessions_desk.agenda", panel_slug=session.panel.slug, public_id=session.public_id
    )
    return done(back, _("The rehearsal is over, and nothing of it was kept."))


def console_of(session: Session) -> str:
    """Return the console of a session, of whichever panel."""
    slug = session.panel.slug
    return url_for("sessions_console.console", panel_slug=slug, public_id=session.public_id)
