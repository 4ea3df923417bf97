"""The application that a session's grants item has on the table."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.casework import services as casework
from panel_app.core import errors
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.grants.case_subject import ACTIVITY_KIND
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.queries import applications_in
from panel_app.live import versions
from panel_app.panels.models import Panel
from panel_app.sessions import queries as sessions
from panel_app.sessions.models import AgendaItem, Session


def item_of(panel: Panel, public_id: str) -> AgendaItem:
    """Return a panel's agenda item about grants. Raises NotFound for any other."""
    item = found(sessions.item_called(public_id, panel.id))
    return found(item if item.kind == ACTIVITY_KIND else None)


def round_on(item: AgendaItem) -> Round | None:
    """Return the round that the item is about."""
    query = select(Round).join(Programme)
    return db.session.scalar(
        query.where(
            Round.public_id == item.settings.get("round"),
            Programme.panel_id == item.session.panel_id,
        )
    )


def application_on(item: AgendaItem) -> Application | None:
    """Return the application on the table, unless it was taken back or moved to a later round."""
    round_ = round_on(item)
    if round_ is None:
        return None
    query = select(Application).where(
        Application.public_id == item.settings.get("application"),
        Application.round_id == round_.id,
        Application.state.in_(("submitted", "decided")),
    )
    return db.session.scalar(query)


def put_on_table(*, item: AgendaItem, application: Application) -> None:
    """Show another application of the round on phones and wall.

    Raises Conflict while a vote is open, NotFound for another round's application.
    """
    locked(item)
    round_ = round_on(item)
    found(application if round_ and application.round_id == round_.id else None)
    shown = application_on(item)
    if shown and shown.case and shown.case.voting and shown.id != application.id:
        raise errors.Conflict(_("Close the vote first."))
    item.settings = {**item.settings, "application": application.public_id}
    db.session.flush()
    versions.bump(item.session.topic)


def begin(item: AgendaItem, *, actor: str) -> None:
    """Put the first undecided application on the table when the item opens."""
    round_ = round_on(item)
    if round_ is None or application_on(item):
        return
    waiting = [a for a in applications_in(round_) if a.state == "submitted"]
    if waiting:
        item.settings = {**item.settings, "application": waiting[0].public_id}


def end(item: AgendaItem, *, actor: str) -> None:
    """Close a vote that is open when the item closes."""
    shown = application_on(item)
    if shown and shown.case and shown.case.voting:
        casework.close_voting(case=shown.case, actor=actor)


def retell(application: Application, *, title: str, reason: str) -> None:
    """Put other words into what sessions kept of the decision on an application."""
    items = (
        select(AgendaItem)
        .join(Session)
        .where(Session.panel_id == application.programme.panel_id, AgendaItem.kind == ACTIVITY_KIND)
    )
    for item in db.session.scalars(items):
        kept = (locked(item).snapshot or {}).get("decided", [])
        round_ = application.round
        if kept and round_ and item.settings.get("round") == round_.public_id:
            told = [
                {**one, "title": title, "reason": reason}
                if one["reference"] == application.reference
                else one
                for one in kept
            ]
            item.snapshot = {**(item.snapshot or {}), "decided": told}
