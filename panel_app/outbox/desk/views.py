"""The outbox and the wordings of its messages, for organisers."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import db, found
from panel_app.core.text import _
from panel_app.outbox import queries
from panel_app.outbox.desk import lists, pages, services
from panel_app.outbox.desk.forms import WordingForm
from panel_app.outbox.desk.wordings import listed, reword
from panel_app.outbox.models import Message
from panel_app.outbox.outbox import template_for
from panel_app.outbox.templates import own_words
from panel_app.panels.current import this_panel
from panel_app.staff.identity import actor, permissions
from panel_app.staff.step_up import fresh
from panel_app.web import access, i18n, listing
from panel_app.web.forms import Page, done, page, saved

bp = Blueprint("outbox_desk", __name__)


@bp.get("/desk/<panel_slug>/outbox")
@access.needs("organise")
def overview() -> str | Response:
    """List the panel's messages."""
    return listing.page(
        "outbox/desk/overview.html",
        lists.messages(this_panel()),
        heading=_("Outbox"),
        panel=this_panel(),
        about=pages.ABOUT,
        may_reword="organise" in permissions(None),
    )


@bp.get("/desk/<panel_slug>/outbox/<message_id>")
@access.needs("organise")
def show(message_id: str) -> str:
    """Show a message and what can be done about it."""
    return _message_page(_message(message_id))


@bp.post("/desk/<panel_slug>/outbox/<message_id>")
@access.needs("organise")
@fresh
def open_secret(message_id: str) -> str:
    """Show a secret message once, to be handed over; the record says who looked."""
    message = _message(message_id)
    words = services.open_secret(message=message, actor=actor())
    db.session.commit()
    return _message_page(message, body=words["body"])


@bp.post("/desk/<panel_slug>/outbox/<message_id>/sent")
@access.needs("organise")
def mark_sent(message_id: str) -> Response:
    """Remember that a message was handed over, or arrived."""
    services.mark_sent(message=_message(message_id), actor=actor())
    return _done(message_id)


@bp.post("/desk/<panel_slug>/outbox/<message_id>/back")
@access.needs("organise")
def put_back(message_id: str) -> Response:
    """Undo "mark as sent"."""
    services.put_back(message=_message(message_id), actor=actor())
    return _done(message_id)


@bp.post("/desk/<panel_slug>/outbox/<message_id>/bounced")
@access.needs("organise")
def note_bounced(message_id: str) -> Response:
    """Remember that a message came back."""
    services.note_returned(message=_message(message_id), why="bounced", actor=actor())
    return _done(message_id)


@bp.post("/desk/<panel_slug>/outbox/<message_id>/wrong")
@access.needs("organise")
def note_wrong(message_id: str) -> Response:
    """Remember that a message reached somebody else."""
    services.note_returned(message=_message(message_id), why="wrong", actor=actor())
    return _done(message_id)


@bp.post("/desk/<panel_slug>/outbox/<message_id>/again")
@access.needs("organise")
def send_again(message_id: str) -> Response:
    """Make a message again as a new one."""
    made = services.send_again(message=_message(message_id), actor=actor())
    return done(url_for(".show", message_id=made.public_id), _("This is the new message."))


@bp.get("/desk/wordings")
@access.needs("organise")
def wordings() -> str:
    """List what messages say, by template and language."""
    return render_template(
        "outbox/desk/wordings.html", heading=_("What messages say"), templates=pages.wordings()
    )


@bp.route("/desk/wordings/<purpose>/<language>", methods=["GET", "POST"])
@access.needs("organise")
def wording(purpose: str, language: str) -> Page:
    """Change what a message says in one language."""
    template = found(template_for(purpose))
    spoken = found(next((one for one in i18n.offered() if one.code == language), None))
    form = WordingForm(obj=own_words(template, language))
    return saved(
        form,
        lambda: reword(template=template, language=language, words=form.words(), actor=actor()),
        url_for(".wordings"),
    ) or page(
        "outbox/desk/wording.html",
        form,
        heading=template.name,
        language=spoken,
        places=listed(template.places),
        needed=listed(template.needed),
    )


def _message(message_id: str) -> Message:
    return queries.message_of(this_panel(), message_id)


def _done(message_id: str) -> Response:
    return done(url_for(".show", message_id=message_id))


def _message_page(message: Message, *, body: str | None = None) -> str:
    return render_template(
        "outbox/desk/message.html",
        heading=pages.row(message).what,
        panel=this_panel(),
        shown=pages.opened(message, body=body),
    )
