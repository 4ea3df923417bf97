"""The list of a panel's messages on the desk."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from panel_app.core.text import _
from panel_app.outbox import queries
from panel_app.outbox.desk.pages import KINDS, Row, row
from panel_app.outbox.models import Message
from panel_app.panels.models import Panel
from panel_app.web.i18n import moment, theirs
from panel_app.web.listing import Column, Listing, State


def messages(panel: Panel) -> Listing[Row]:
    """Return the list of a panel's messages; its CSV names nobody."""
    return Listing(
        name=f"{panel.slug}-outbox",
        label=_("Messages"),
        query=select(Message).where(Message.panel_id == panel.id),
        order=[Message.id.desc()],
        prepare=lambda found: map(row, found),
        states=[State(kind, KINDS[kind], where) for kind, where in queries.kinds().items()],
        columns=[
            Column(key="what", label=_("Message"), plain=lambda r: str(r.what), cell=_link),
            Column(key="to", label=_("To"), cell=lambda r: theirs(r.to) if r.to else "–"),
            Column(
                key="written",
                label=_("Written"),
                plain=lambda r: r.message.created_at.isoformat(timespec="minutes"),
                cell=lambda r: moment(r.message.created_at),
                order=Message.id,
            ),
            Column(key="state", label=_("How it stands"), plain=_standing),
        ],
        empty=_("There is no message yet. Decisions, for example, are written to people here."),
    )


def _link(shown: Row) -> Markup:
    address = url_for("outbox_desk.show", message_id=shown.message.public_id)
    return Markup('<a href="{}">{}</a>').format(address, shown.what)


def _standing(shown: Row) -> str:
    sent_at = shown.message.sent_at
    said = f"{shown.state}, {moment(sent_at)}" if sent_at else str(shown.state)
    return f"{said}. {shown.fault}" if shown.fault else said
