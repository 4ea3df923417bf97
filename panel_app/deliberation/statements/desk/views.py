"""Moderating and sorting statements, for facilitators."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from panel_app.core.db import found
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation.statements import (
    checking,
    polis_files,
    queries,
    services,
    themes,
    wordings,
)
from panel_app.deliberation.statements.desk import lists
from panel_app.deliberation.statements.desk.forms import (
    DecisionForm,
    MoveForm,
    NameForm,
    ThemeForm,
    WordingForm,
)
from panel_app.deliberation.statements.models import Reason, StatementState
from panel_app.panels.current import this_panel
from panel_app.sessions.desk.views import this_item
from panel_app.staff.identity import actor
from panel_app.staff.step_up import fresh
from panel_app.web import access, listing
from panel_app.web.desk.texts import in_languages
from panel_app.web.exports import attachment
from panel_app.web.forms import Page, done, page, saved
from panel_app.web.listing import Listed

bp = Blueprint("deliberation_desk", __name__)


@bp.get("/desk/<panel_slug>/items/<public_id>/statements")
@access.needs("facilitate")
def statements(public_id: str) -> Listed:
    """List every statement of an item, so that a decision can be changed."""
    item = this_item(public_id)
    return listing.page(
        "deliberation/statements/desk/statements.html",
        lists.statements(item),
        heading=_("Statements"),
        item=item,
    )


@bp.get("/desk/<panel_slug>/items/<public_id>/check")
@access.needs("facilitate")
def check(public_id: str) -> str:
    """Show the statements that wait one at a time, each beside those that it is like."""
    item = this_item(public_id)
    after = request.args.get("after", 0, type=int)
    return render_template(
        "deliberation/statements/desk/check.html",
        heading=_("Check statements"),
        item=item,
        check=checking.check(item, after=after) if item.state != "closed" else None,
    )


@bp.post("/desk/<panel_slug>/statements/<public_id>/accept", defaults={"state": "accepted"})
@bp.post("/desk/<panel_slug>/statements/<public_id>/reject", defaults={"state": "rejected"})
@access.needs("facilitate")
def moderate(public_id: str, state: str) -> Response:
    """Show a statement to everyone, or don't."""
    form = DecisionForm()
    if not form.validate():
        raise Refused(_("Choose one of the reasons."))
    statement = found(queries.statement_of(public_id, this_panel().id))
    item, waiting = statement.item, statement.state == "pending"
    services.moderate(
        statement=statement,
        state=cast(StatementState, state),
        actor=actor(),
        reason=cast(Reason, form.reason.data or None),
        revision=form.revision.data,
    )
    if form.one.data:
        return done(url_for(".check", public_id=item.public_id, after=statement.number))
    if waiting:
        return done(url_for("sessions_console.console", public_id=item.session.public_id))
    return done(url_for(".statements", public_id=item.public_id))


@bp.post("/desk/<panel_slug>/items/<public_id>/repeats")
@access.needs("facilitate")
def repeats(public_id: str) -> Response:
    """Reject statements that wait as repeats of another."""
    item = this_item(public_id)
    checking.reject_repeats(item=item, repeats=request.form.getlist("repeat"), actor=actor())
    return done(url_for(".check", public_id=public_id))


@bp.route("/desk/<panel_slug>/statements/<public_id>/wording", methods=["GET", "POST"])
@access.needs("facilitate")
def wording(public_id: str) -> Page:
    """Correct a statement, or add its translations."""
    statement = found(queries.statement_of(public_id, this_panel().id))
    form = in_languages(WordingForm, statement)(revision=statement.revision)
    return saved(
        form,
        lambda: wordings.set_wording(
            statement=statement,
            wording=form.text("wording"),
            revision=form.revision.data or 0,
            keep=form.keep.data,
            actor=actor(),
        ),
        url_for(".statements", public_id=statement.item.public_id),
    ) or page(
        "deliberation/statements/desk/wording.html",
        form,
        heading=_("Correct or translate"),
        statement=statement,
        answered=wordings.was_answered(statement),
    )


@bp.get("/desk/<panel_slug>/items/<public_id>/themes")
@access.needs("facilitate")
def themes_of(public_id: str) -> str:
    """Show what the statements are about, to name and sort."""
    item = this_item(public_id)
    return render_template(
        "deliberation/statements/desk/themes.html",
        heading=_("Themes"),
        item=item,
        sorting=themes.sorting(item),
    )


@bp.post("/desk/<panel_slug>/items/<public_id>/themes/<theme>/name")
@access.needs("facilitate")
def rename_theme(public_id: str, theme: str) -> Response:
    """Give a theme a name."""
    form = NameForm()
    if not form.validate():
        raise Refused(_("Write a name of up to 80 characters."))
    item = this_item(public_id)
    themes.rename(item=item, theme=theme, name=form.name.data or "", actor=actor())
    return _to_themes(public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/themes/<theme>/merge")
@access.needs("facilitate")
def merge_theme(public_id: str, theme: str) -> Response:
    """Join a theme with another."""
    into = ThemeForm().theme.data or ""
    themes.merge(item=this_item(public_id), theme=theme, into=into, actor=actor())
    return _to_themes(public_id)


@bp.post("/desk/<panel_slug>/items/<public_id>/themes/move")
@access.needs("facilitate")
def move_statement(public_id: str) -> Response:
    """Put a statement into another theme."""
    form = MoveForm()
    number, theme = form.number.data or 0, form.theme.data or ""
    themes.move(item=this_item(public_id), number=number, theme=theme, actor=actor())
    return _to_themes(public_id)


@bp.get("/desk/<panel_slug>/items/<public_id>/polis.zip")
@access.needs("organise")
@fresh
def polis(public_id: str) -> Response:
    """Give the closed round as files that tools for Polis read."""
    packed = polis_files.archive(this_item(public_id))
    return attachment(f"{public_id}-polis.zip", packed, "application/zip")


def _to_themes(public_id: str) -> Response:
    return done(url_for(".themes_of", public_id=public_id))
