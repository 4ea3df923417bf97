"""What texts have in common that people write in the room, and how those of a part are found."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, ForeignKey, Select, String, bindparam, select, text
from sqlalchemy.orm import Mapped, contains_eager, declared_attr, mapped_column, relationship

from panel_app.core.db import Dated, Public, db
from panel_app.core.translated import Translated, TranslatedText
from panel_app.sessions.models import AgendaItem, Guest, Participant, Session


class Written(Public, Dated):
    """A table of texts from the room, each shown once somebody has looked at it."""

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    #: Its number within the part of the agenda, from 1.
    number: Mapped[int]
    #: The member who wrote it, or the guest; nobody where the organisers did, or once erased.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    wording: Mapped[Translated] = mapped_column(TranslatedText)
    #: How often its wording was corrected, so that an answer belongs to what was read.
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: `pending`, `accepted`, `rejected`, or what else its table knows.
    state: Mapped[str] = mapped_column(String(10), default="pending")
    #: Why one is not shown, as its author reads it; None where it is, waits, or nobody said why.
    reason: Mapped[str | None] = mapped_column(String(10))
    #: Made by the page that sent it: the same page sent twice adds one.
    key: Mapped[str | None] = mapped_column(String(40))

    @declared_attr
    def item(cls) -> Mapped[AgendaItem]:  # noqa: N805
        """Return the part of the agenda that it belongs to."""
        return relationship(AgendaItem)


Text = TypeVar("Text", bound=Written)


def called(model: type[Text], public_id: str, panel_id: int) -> Text | None:
    """Return one text of a panel's sessions."""
    asked = {"public_id": public_id, "panel_id": panel_id}
    return cast("Text | None", db.session.scalar(_called(cast(Any, model)), asked))


def texts_of(model: type[Text], item: AgendaItem) -> list[Text]:
    """Return every text of a part, by number."""
    query = select(model).where(model.item_id == item.id)
    return list(db.session.scalars(query.order_by(model.number)))


def written_by(model: type[Written], person: Participant) -> ColumnElement[bool]:
    """Return the condition for somebody's own texts."""
    author = model.guest_id if isinstance(person, Guest) else model.author_id
    return author == person.id


def own(
    model: type[Text], item: AgendaItem, person: Participant, most: int | None = None
) -> list[Text]:
    """Return what somebody wrote in a part, the newest first."""
    query = select(model).where(model.item_id == item.id, written_by(model, person))
    return list(db.session.scalars(query.order_by(model.number.desc()).limit(most)))


def with_key(model: type[Text], item: AgendaItem, person: Participant, key: str) -> Text | None:
    """Return what somebody sent before with the same key."""
    mine = (model.item_id == item.id, written_by(model, person), model.key == key)
    return db.session.scalar(select(model).where(*mine))


def is_own(one: Written, person: Participant) -> bool:
    """Whether somebody wrote a text."""
    return (one.guest_id if isinstance(person, Guest) else one.author_id) == person.id


@cache
def _called(model: Any) -> Select[Any]:
    """Return one query with all that an answer needs, made once: a hall's come by the hundred."""
    return (
        select(model)
        .join(model.item)
        .join(AgendaItem.session)
        .where(model.public_id == bindparam("public_id"))
        .where(Session.panel_id == bindparam("panel_id"))
        .options(contains_eager(model.item).contains_eager(AgendaItem.session))
    )
