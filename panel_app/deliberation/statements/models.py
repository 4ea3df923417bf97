"""Statements with their answers."""

from __future__ import annotations

from typing import ClassVar, Literal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, synonym

from panel_app.core.db import Base, Dated, Numbered, one_of
from panel_app.deliberation.written import Written
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem, Guest

StatementState = Literal["pending", "accepted", "rejected"]
#: Why a statement is not shown, as its author reads it.
Reason = Literal["repeats", "two_ideas", "person", "unkind", "off_topic", "reworded"]


class Statement(Written, Base):
    """A short sentence to agree with, disagree with or pass on."""

    __tablename__ = "statement"
    __table_args__ = (
        one_of("state", StatementState),
        one_of("reason", Reason),
        UniqueConstraint("item_id", "number"),
        UniqueConstraint("item_id", "author_id", "key"),
    )

    #: The number of the statement that it nearly repeats, for whoever moderates.
    resembles: Mapped[int | None]
    #: The number of the statement in whose place it was written, once that had been answered.
    corrects: Mapped[int | None]


class Given(Numbered, Dated):
    """An answer to a statement, as both tables keep it."""

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)
    value: Mapped[int]
    #: Whether they said that it matters to them.
    matters: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The phone's own count of changes: an older answer that arrives late is dropped.
    counter: Mapped[int] = mapped_column(default=0)


class StatementAnswer(Given, Base):
    """What one member makes of a statement: 1 agree, -1 disagree, 0 pass."""

    PERSON: ClassVar[type[Member]] = Member

    __tablename__ = "statement_answer"
    __table_args__ = (
        UniqueConstraint("statement_id", "member_id"),
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    person_id: Mapped[int] = synonym("member_id")


class GuestAnswer(Given, Base):
    """What one guest makes of a statement, apart from the panel's answers."""

    PERSON: ClassVar[type[Guest]] = Guest

    __tablename__ = "guest_answer"
    __table_args__ = (
        UniqueConstraint("statement_id", "guest_id"),
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
    )

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    person_id: Mapped[int] = synonym("guest_id")


Answers = type[StatementAnswer] | type[GuestAnswer]


def counted_in(item: AgendaItem) -> Answers:
    """Return where the answers that a round's figures are made of are kept.

    Where nobody has a seat, those are the guests'.
    """
    return GuestAnswer if item.session.panel.is_open else StatementAnswer
