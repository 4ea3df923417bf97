"""Sessions and their agendas, for facilitators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.sessions import activities, queries, rehearsal, services
from panel_app.sessions.desk import lists, on_the_way
from panel_app.sessions.desk.forms import ItemForm, activity_form, item_form, session_form
from panel_app.sessions.models import AgendaItem, Session
from panel_app.staff.identity import actor
from panel_app.web import access, i18n, listing
from panel_app.web.forms import Form, Page, done, page, refusals, saved
from panel_app.web.listing import Listed

bp = Blueprint("sessions_desk", __name__)


def this_session(public_id: str) -> Session:
    """Return a session of this page's panel. Raises NotFound where there is none."""
    return found(queries.session_called(public_id, this_panel().id))


def this_item(public_id: str) -> AgendaItem:
    """Return an agenda item of this page's panel. Raises NotFound where there is none."""
    return found(queries.item_called(public_id, this_panel().id))


@bp.get("/desk/<panel_slug>/sessions/")
@access.needs("observe")
def sessions() -> Listed:
    """List the sessions of the panel."""
    panel = this_panel()
    return listing.page(
        "sessions/desk/sessions.html",
        lists.sessions(panel),
        heading=_("Sessions"),
        panel=panel,
        record=queries.record_address,
    )


@bp.route("/desk/<panel_slug>/sessions/new", methods=["GET", "POST"])
@access.needs("facilitate")
def new() -> Page:
    """Plan a session."""
    form = session_form()
    back = url_for(".sessions"), _("Sessions")
    return saved(
        form,
        lambda: services.create_session(panel=this_panel(), **form.facts(), actor=actor()),
        lambda made: url_for(".agenda", public_id=made.public_id),
    ) or page("staff/form.html", form, heading=_("Plan a session"), back=back)


@bp.route("/desk/<panel_slug>/sessions/<public_id>/edit", methods=["GET", "POST"])
@access.needs("facilitate")
def edit(public_id: str) -> Page:
    """Change what a session is called, where and when it is."""
    session = this_session(public_id)
    form = session_form(session)
    back = _agenda_of(session)
    return saved(
        form,
        lambda: services.edit_session(session=session, **form.facts(), actor=actor()),
        back[0],
    ) or page("staff/form.html", form, heading=_("Change the session"), back=back)


@bp.route("/desk/<panel_slug>/sessions/<public_id>/remove", methods=["GET", "POST"])
@access.needs("facilitate")
def remove(public_id: str) -> Page:
    """Ask, then delete a session that never began."""
    session, form = this_session(public_id), Form()
    back = _agenda_of(session)
    return saved(
        form,
        lambda: services.remove_session(session=session, actor=actor()),
        url_for(".sessions"),
    ) or page(
        "staff/form.html",
        form,
        heading=_("Delete this session?"),
        words=[_("It never began. Its agenda goes with it.")],
        button=_("Delete the session"),
        kind="stop",
        keep=_("Keep it"),
        back=back,
    )


@bp.get("/desk/<panel_slug>/sessions/<public_id>/agenda")
@access.needs("observe")
def agenda(public_id: str) -> str:
    """Show the agenda, with what can be done to each part."""
    session = this_session(public_id)
    return render_template(
        "sessions/desk/agenda.html",
        heading=i18n.wording(session.title).text,
        session=session,
        kinds=activities.all_kinds(session.panel),
        may_swap=services.may_swap,
        record=queries.record_address(session),
        more={item.public_id: activities.more_of(item) for item in session.items},
        rehearsal=_rehearsal_of(session),
        names={activity.kind: activity.name for activity in activities.all_kinds()},
    )


@bp.route("/desk/<panel_slug>/sessions/<public_id>/items/new", methods=["GET", "POST"])
@bp.route("/desk/<panel_slug>/sessions/<public_id>/items/new/<kind>", methods=["GET", "POST"])
@access.needs("facilitate")
def new_item(public_id: str, kind: str | None = None) -> Page:
    """Add a part to the agenda, of a kind that asks something of phones or of none."""
    session = this_session(public_id)
    activity = activities.named(kind) if kind else None
    activities.must_suit(session.panel, activity)
    if activity and (first := activity.first()):
        return _first_page(session, activity, first), 200
    on_the_way.end()
    form, back = item_form(), _agenda_of(session)
    asks = activity_form(activity.settings, None) if activity else None
    if _valid(form, asks):
        with refusals(form):
            services.add_item(session=session, kind=kind, **_facts(form, asks), actor=actor())
            return done(back[0])
    heading = activity.name if activity else _("A part without phones")
    return _item_page(form, asks, heading=heading, fixed=False, back=back)


@bp.post("/desk/<panel_slug>/sessions/<public_id>/items/new/<kind>/first")
@access.needs("organise")
def make_first(public_id: str, kind: str) -> Response:
    """Go to make what a part needs; every page leads back to the part until it is there."""
    part = url_for(".new_item", public_id=this_session(public_id).public_id, kind=kind)
    first = activities.named(kind).first()
    on_the_way.begin(part)
    return redirect(first.address if first else part, 303)


@bp.route("/desk/<panel_slug>/items/<public_id>/edit", methods=["GET", "POST"])
@access.needs("facilitate")
def edit_item(public_id: str) -> Page:
    """Change a part of the agenda; what it asks is fixed once people were asked."""
    item = this_item(public_id)
    fixed = item.opened_at is not None
    activity = activities.of(item)
    form, back = item_form(item), _agenda_of(item.session)
    asks = activity_form(activity.settings, item.settings) if activity and not fixed else None
    if _valid(form, asks):
        with refusals(form):
            services.edit_item(item=item, **_facts(form, asks), actor=actor())
            return done(back[0])
    heading = i18n.wording(item.title).text
    return _item_page(form, asks, heading=heading, fixed=fixed, back=back)


@bp.post("/desk/<panel_slug>/items/<public_id>/earlier", defaults={"towards": "earlier"})
@bp.post("/desk/<panel_slug>/items/<public_id>/later", defaults={"towards": "later"})
@access.needs("facilitate")
def move_item(public_id: str, towards: str) -> Response:
    """Move a part up or down the agenda."""
    item = this_item(public_id)
    services.move_item(
        item=item, towards="earlier" if towards == "earlier" else "later", actor=actor()
    )
    return done(url_for(".agenda", public_id=item.session.public_id))


@bp.route("/desk/<panel_slug>/items/<public_id>/remove", methods=["GET", "POST"])
@access.needs("facilitate")
def remove_item(public_id: str) -> Page:
    """Ask, then take a part off the agenda."""
    item = this_item(public_id)
    form, back = Form(), _agenda_of(item.session)
    return saved(form, lambda: services.remove_item(item=item, actor=actor()), back[0]) or page(
        "staff/form.html",
        form,
        heading=_("Take it off?"),
        words=[_("“%(title)s” leaves the agenda with its settings.", title=i18n.said(item.title))],
        button=_("Take it off"),
        kind="stop",
        keep=_("Keep it"),
        back=back,
    )


def _rehearsal_of(session: Session) -> str | None:
    """Return the console of the session's rehearsal, where one is going on."""
    there = rehearsal.of(session) if session.state == "planned" else None
    if there is None:
        return None
    console, copied = "sessions_console.console", rehearsal.copy_in(there)
    return url_for(console, panel_slug=there.panel.slug, public_id=copied.public_id)


def _agenda_of(session: Session) -> tuple[str, Any]:
    """Return the way back to a session's agenda."""
    return url_for(".agenda", public_id=session.public_id), i18n.said(session.title)


def _first_page(session: Session, activity: activities.Activity, first: activities.First) -> str:
    return render_template(
        "sessions/desk/first.html",
        heading=activity.name,
        session=session,
        kind=activity.kind,
        first=first,
        back=_agenda_of(session),
    )


def _valid(form: Form, asks: activities.ActivityForm | None) -> bool:
    """Check both forms of the page, so that every fault shows at once."""
    sound = [one.validate_on_submit() for one in (form, asks) if one is not None]
    return all(sound)


def _item_page(form: Form, asks: Form | None, **shown: Any) -> tuple[str, int]:
    html, status = page("sessions/desk/item.html", form, asks=asks, **shown)
    return html, 422 if asks and asks.errors else status


def _facts(form: ItemForm, asks: activities.ActivityForm | None) -> dict[str, Any]:
    return {
        "title": form.text("title"),
        "minutes": form.minutes.data,
        "settings": asks.settings() if asks else {},
    }
