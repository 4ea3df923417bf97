"""Starting from an agenda, keeping and sharing it, and holding areas side by side."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, IntegerField
from wtforms.validators import InputRequired

from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.panels.current import this_panel
from panel_app.panels.models import Panel
from panel_app.sessions import activities, guests, patterns, queries
from panel_app.sessions.desk.forms import LONGEST_TITLE, hall_time
from panel_app.sessions.desk.views import this_item, this_session
from panel_app.sessions.first_agendas import AGENDAS
from panel_app.sessions.models import AgendaItem, Session, SessionTemplate
from panel_app.staff.identity import actor, panels_with
from panel_app.web import access, exports, i18n
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import Form, Page, SelectChoice, TicksField, between, page, saved

bp = Blueprint("session_templates", __name__)

#: As many templates and panels as a page offers.
MOST = 100


class StartForm(TextsForm):
    """What a session made from an agenda is called, where and when it is, and on which panels."""

    texts = (
        Text("title", _("Title"), LONGEST_TITLE),
        Text("place", _("Where"), LONGEST_TITLE, needed=False),
    )
    starts_at = DateTimeLocalField(
        _("Starts"), [InputRequired(_("Fill this in."))], format="%Y-%m-%dT%H:%M"
    )
    panels = TicksField(
        _("On which panels"),
        description=_("On several at once, the sessions are compared side by side afterwards."),
    )

    def facts(self) -> dict[str, Any]:
        """Return what `patterns.plan` takes."""
        return {
            "title": self.text("title"),
            "place": self.text("place"),
            "starts_at": hall_time(self.starts_at.data),
        }


class FileForm(Form):
    """A file with an agenda."""

    file = FileField(_("A file with an agenda"), render_kw={"accept": ".json,application/json"})


class RepeatForm(Form):
    """How often a session is planned again."""

    times = IntegerField(
        _("How many more times"),
        [InputRequired(_("Fill this in.")), between(1, patterns.MOST_AT_ONCE)],
        default=1,
    )
    weeks = IntegerField(
        _("Weeks between them"), [InputRequired(_("Fill this in.")), between(1, 52)], default=2
    )


@bp.route("/desk/<panel_slug>/sessions/templates", methods=["GET", "POST"])
@access.needs("facilitate")
def templates() -> Page:
    """List agendas to start from; keep one that another council shared."""
    form = FileForm()

    def act() -> SessionTemplate:
        if not form.file.data:
            raise Refused(_("Choose a file first."), field="file")
        pattern = patterns.read(form.file.data.read(patterns.LARGEST + 1))
        return patterns.save(pattern=pattern, actor=actor())

    kept = select(SessionTemplate).order_by(SessionTemplate.id.desc()).limit(MOST)
    return saved(form, act, url_for(".templates")) or page(
        "sessions/desk/templates.html",
        form,
        heading=_("Agendas to start from"),
        ours={key: make() for key, make in AGENDAS.items()},
        kept=db.session.scalars(kept).all(),
    )


@bp.route("/desk/<panel_slug>/sessions/templates/<key>", methods=["GET", "POST"])
@access.needs("facilitate")
def start(key: str) -> Page:
    """Plan a session from an agenda, on this panel or on several at once."""
    pattern, panels = patterns.called(key), _panels()
    form = in_languages(StartForm, pattern)()
    form.panels.choices = [SelectChoice(p.public_id, i18n.said(p.name)) for p in panels]
    if not form.panels.data:
        form.panels.data = [this_panel().public_id]

    def act() -> list[Session]:
        chosen = [panel for panel in panels if panel.public_id in (form.panels.data or ())]
        return patterns.plan_several(pattern=pattern, panels=chosen, **form.facts(), actor=actor())

    back = url_for(".templates"), _("Agendas to start from")
    return saved(form, act, _first_of) or page(
        "staff/form.html", form, heading=i18n.said(pattern.title), back=back, button=_("Plan it")
    )


@bp.get("/desk/<panel_slug>/sessions/templates/<key>.json")
@access.needs("facilitate")
def file(key: str) -> Response:
    """Give an agenda as a file that other councils read."""
    text = json.dumps(patterns.called(key).to_json(), ensure_ascii=False, indent=2)
    return exports.attachment(f"agenda-{key}.json", text + "\n", "application/json")


@bp.post("/desk/<panel_slug>/sessions/templates/<key>/remove")
@access.needs("organise")
def remove(key: str) -> Response:
    """Delete a template."""
    patterns.remove(public_id=key, actor=actor())
    db.session.commit()
    return redirect(url_for(".templates"), 303)


@bp.post("/desk/<panel_slug>/sessions/<public_id>/keep")
@access.needs("facilitate")
def keep(public_id: str) -> Response:
    """Keep a session's agenda as a template."""
    patterns.save(pattern=patterns.of_session(this_session(public_id)), actor=actor())
    db.session.commit()
    return redirect(url_for(".templates"), 303)


@bp.route("/desk/<panel_slug>/sessions/<public_id>/repeat", methods=["GET", "POST"])
@access.needs("facilitate")
def repeat(public_id: str) -> Page:
    """Plan a session again, once or as a series."""
    session, form = this_session(public_id), RepeatForm()
    back = url_for("sessions_desk.agenda", public_id=public_id), i18n.said(session.title)

    def act() -> list[Session]:
        how = {"times": form.times.data or 0, "weeks": form.weeks.data or 0}
        return patterns.repeat(session=session, **how, actor=actor())

    return saved(form, act, url_for("sessions_desk.sessions")) or page(
        "staff/form.html", form, heading=_("Plan it again"), back=back, button=_("Plan it")
    )


@bp.post("/desk/<panel_slug>/items/<public_id>/copy")
@access.needs("facilitate")
def copy_part(public_id: str) -> Response:
    """Put a copy of a part at the end of its agenda."""
    item = this_item(public_id)
    patterns.copy_part(item=item, actor=actor())
    db.session.commit()
    return redirect(url_for("sessions_desk.agenda", public_id=item.session.public_id), 303)


@bp.get("/desk/<panel_slug>/sessions/<public_id>/side-by-side")
@access.needs("observe")
def compare(public_id: str) -> str:
    """Show what came of sessions that were planned at once, part by part."""
    session = this_session(public_id)
    sessions = _series(session)
    parts = [(item, [_area(each, item) for each in sessions]) for item in session.items]
    return render_template(
        "sessions/desk/compare.html",
        heading=_("Side by side: %(title)s", title=i18n.wording(session.title).text),
        session=session,
        sessions=[(each, queries.came(each)) for each in sessions],
        parts=parts,
    )


def _area(session: Session, part: AgendaItem) -> dict[str, Any]:
    """Return what came of a part in one area: of the panel, and of guests apart from it."""
    there = [item for item in session.items if item.position == part.position]
    item = next((item for item in there if item.kind == part.kind), None)
    kept = item if item and activities.in_record(item) else None
    return {
        "panel": session.panel,
        "result": activities.in_minutes(kept) if kept else "",
        "apart": guests.apart(kept),
        "of_guests": guests.shown(kept),
    }


def _series(session: Session) -> list[Session]:
    """Return the sessions of a series on panels that the person may see, by panel."""
    same = Session.series == session.series if session.series else Session.id == session.id
    query = select(Session).join(Session.panel).where(same, panels_with("observe"))
    return list(db.session.scalars(query.order_by(Panel.slug).limit(patterns.MOST_AT_ONCE)))


def _panels() -> list[Panel]:
    query = select(Panel).where(panels_with("facilitate")).order_by(Panel.slug).limit(MOST)
    found = list(db.session.scalars(query))
    return found if this_panel() in found else [this_panel(), *found]


def _first_of(made: list[Session]) -> str:
    slug = made[0].panel.slug
    return url_for("sessions_desk.agenda", panel_slug=slug, public_id=made[0].public_id)
