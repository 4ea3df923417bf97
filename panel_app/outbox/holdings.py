"""What the outbox holds of a person: messages to them, and how those go."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import delete, select

from panel_app.config import Settings
from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.outbox.carriers.choosing import folder_for
from panel_app.outbox.models import Message


def tell(who: Who) -> Iterator[Held]:
    """Tell every message, sent or not."""
    query = select(Message).where(Message.subject_ref.in_(who.refs)).order_by(Message.id)
    for message in db.session.scalars(query):
        wording = message.wording
        yield Held(
            _("Message"),
            [
                (_("To"), wording["to"]),
                (_("Written"), message.created_at.isoformat()),
                (_("State"), message.state),
                (wording["title"], wording["body"]),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Delete the messages, also the files of those that a mail folder was given."""
    theirs = select(Message.public_id).where(Message.subject_ref.in_(who.refs))
    settings: Settings = current_app.extensions["settings"]
    for number in db.session.scalars(theirs):
        (folder_for(settings) / f"{number}.eml").unlink(missing_ok=True)
    db.session.execute(delete(Message).where(Message.subject_ref.in_(who.refs)))


HOLDER = Holder(
    name="messages",
    places=[
        Place(
            what="Messages to people, encrypted with a key for each; a keyed hash of the address",
            columns=["message"],
            seen_by="organisers, in the outbox; one with somebody's own link only where"
            " a person has to hand it over, and then the record says who opened it",
            goes="deleted; the words of a link already once it is sent",
        )
    ],
    tell=tell,
    erase=erase,
)
NOBODY = NobodyIn({"wording": "an organisation's own words for its messages"})
