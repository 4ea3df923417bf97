"""The record of a session: for staff, who complete it; for members; and as files for anyone."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField

from panel_app.core import pictures
from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.panels.current import this_member, this_panel
from panel_app.panels.models import Panel
from panel_app.publishing import lists, queries
from panel_app.publishing.minutes import Minutes, minutes_of
from panel_app.sessions import calendar, record
from panel_app.sessions.desk.views import this_item, this_session
from panel_app.sessions.exports import MINUTES, minutes_rows
from panel_app.sessions.exports import minutes_of as minutes_file
from panel_app.sessions.wall import head_of
from panel_app.staff.identity import actor
from panel_app.web import access, exports, i18n, listing
from panel_app.web.desk.texts import Text, TextsForm, in_languages
from panel_app.web.forms import Page, at_most, page, saved

bp = Blueprint("records_of_sessions", __name__)


class EntryForm(TextsForm):
    """A decision, or with an address or a file a document."""

    texts = (Text("wording", _("A decision, or the name of a document"), 300),)
    address = StringField(
        _("The document’s address; empty for a decision"),
        [at_most(400)],
        filters=[lambda typed: (typed or "").strip()],
    )
    file = FileField(
        _("Or the document itself, which is kept here"),
        description=_("A PDF, Word, Excel or OpenDocument file of at most 8 MB, or a photo."),
    )

    @property
    def sent(self) -> bytes:
        """Return the file that came along; nothing where none did."""
        most = pictures.LARGEST_FILE + 1
        return self.file.data.read(most) if self.file.data else b""


@bp.route("/desk/<panel_slug>/sessions/<public_id>/record", methods=["GET"])
@access.needs("observe")
def desk(public_id: str) -> Page:
    """Show the record as the public reads it, with what staff may add and keep back."""
    return _desk_page(this_panel(), public_id, in_languages(EntryForm)())


@bp.post("/desk/<panel_slug>/sessions/<public_id>/record")
@access.needs("facilitate")
def add(public_id: str) -> Page:
    """Add a decision or a document."""
    session, form = this_session(public_id), in_languages(EntryForm)()

    def act() -> None:
        record.add_entry(
            session=session,
            wording=form.text("wording"),
            address=form.address.data or None,
            file=form.sent,
            actor=actor(),
        )

    to = url_for(".desk", public_id=public_id)
    return saved(form, act, to) or _desk_page(this_panel(), public_id, form)


@bp.post("/desk/<panel_slug>/sessions/<public_id>/record/<entry>/remove")
@access.needs("facilitate")
def remove(public_id: str, entry: str) -> Response:
    """Take a decision or a document out."""
    record.remove_entry(session=this_session(public_id), public_id=entry, actor=actor())
    return _back(public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/keep-back", defaults={"kept": True})
@bp.post("/desk/<panel_slug>/items/<public_id>/publish", defaults={"kept": False})
@access.needs("organise")
def keep_back(public_id: str, kept: bool) -> Response:
    """Keep a part out of the public record, or publish it."""
    item = this_item(public_id)
    record.keep_back(item=item, kept=kept, actor=actor())
    return _back(item.session.public_id)


@bp.get("/my/records")
@access.needs("member")
def mine() -> listing.Listed:
    """List the sessions of the member's panel that are over."""
    panel = this_member().panel
    return listing.page(
        "publishing/my_records.html",
        lists.minutes(panel),
        heading=_("Past evenings"),
        panel=panel,
    )


@bp.get("/my/records/<public_id>")
@access.needs("member")
def my_record(public_id: str) -> str:
    """Show a member what came of a session, whether or not its panel is published."""
    panel = this_member().panel
    return render_template(
        "publishing/minutes.html",
        layout="web/base.html",
        back=(url_for(".mine"), _("Past evenings")),
        **shown(panel, minutes_of(panel, public_id)),
        datasets=[],
    )


@bp.get("/my/next.ics")
@access.needs("member")
def my_next() -> Response:
    """Give a member the panel's next session for their calendar."""
    return _calendar(this_member().panel)


@bp.get("/p/<panel_slug>/next.ics")
@access.needs("anyone")
def next_meeting() -> Response:
    """Give anyone the panel's next session for their calendar."""
    return _calendar(queries.published_panel())


@bp.get("/p/<panel_slug>/minutes/<public_id>.<any(json, csv):kind>")
@access.needs("anyone")
def file(public_id: str, kind: str) -> Response:
    """Give the record of one session as a file."""
    panel = queries.published_panel()
    session = minutes_of(panel, public_id).session
    name = f"{panel.slug}-{public_id}"
    if kind == "json":
        whole = {**minutes_file(session), "log_head": exports.log_head(head_of(session))}
        return exports.attachment(f"{name}.json", exports.json_text(whole), "application/json")
    rows = [row for row in minutes_rows(panel) if row["session"] == public_id]
    return exports.csv_response(name, rows, MINUTES.columns)


def shown(panel: Panel, minutes: Minutes) -> dict[str, object]:
    """Return what every page of a record shows."""
    entries = record.entries_of(minutes.session)
    return {
        "heading": _("Minutes: %(title)s", title=i18n.said(minutes.session.title)),
        "panel": panel,
        "minutes": minutes,
        "decisions": [entry for entry in entries if entry.kind == "decision"],
        "documents": [entry for entry in entries if entry.kind == "document"],
        "link": record.link,
        "coming": record.next_session(panel),
    }


def _desk_page(panel: Panel, public_id: str, form: TextsForm) -> tuple[str, int]:
    session = this_session(public_id)
    return page(
        "publishing/minutes.html",
        form,
        layout="staff/base.html",
        back=(url_for("sessions_desk.agenda", public_id=public_id), i18n.said(session.title)),
        desk=True,
        **shown(panel, minutes_of(panel, public_id)),
        datasets=[],
    )


def _calendar(panel: Panel) -> Response:
    url = request.url_root + f"p/{panel.slug}/" if panel.published else request.url_root
    return calendar.download(found(record.next_session(panel)), url=url)


def _back(public_id: str) -> Response:
    db.session.commit()
    return redirect(url_for(".desk", public_id=public_id), 303)
