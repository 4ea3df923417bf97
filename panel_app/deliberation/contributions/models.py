"""Questions and ideas from the room, and who wants them too."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, synonym

from panel_app.core.db import Base, Dated, Moment, Numbered, one_of
from panel_app.deliberation.written import Written
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem, Guest

#: `joined`: it says what another says, which has its supporters. `withdrawn`: its author took it
#: back, and no word of it is kept.
ContributionState = Literal["pending", "accepted", "rejected", "joined", "withdrawn"]
#: Why one is not shown, as its author reads it.
Reason = Literal["person", "unkind", "off_topic"]


class Contribution(Written, Base):
    """A question or an idea that somebody in the room wrote."""

    __tablename__ = "contribution"
    __table_args__ = (
        one_of("state", ContributionState),
        one_of("reason", Reason),
        UniqueConstraint("item_id", "number"),
        UniqueConstraint("item_id", "author_id", "key"),
        UniqueConstraint("item_id", "guest_id", "key"),
        CheckConstraint("(state = 'joined') = (same_as IS NOT NULL)", name="joined"),
        CheckConstraint("NOT on_wall OR state = 'accepted'", name="on_wall"),
        # One at a time is on the wall.
        Index(
            "uq_contribution_on_wall",
            "item_id",
            unique=True,
            sqlite_where=text("on_wall"),
            postgresql_where=text("on_wall"),
        ),
    )

    #: The number of the one that it was joined with.
    same_as: Mapped[int | None]
    #: Whether it is among those that the facilitator means to take up.
    shortlisted: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_wall: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: When the facilitator noted that it was answered or taken up.
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Press(Numbered, Dated):
    """Whether somebody wants a contribution too, as both tables keep it."""

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    #: False once it was taken back.
    wanted: Mapped[bool]
    #: The phone's own count of changes: an older press that arrives late is dropped.
    counter: Mapped[int] = mapped_column(default=0)


class Support(Press, Base):
    """Whether one member wants a contribution too; who wrote it wants it from the start."""

    PERSON: ClassVar[type[Member]] = Member

    __tablename__ = "contribution_support"
    __table_args__ = (UniqueConstraint("contribution_id", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    person_id: Mapped[int] = synonym("member_id")


class GuestSupport(Press, Base):
    """Whether one guest wants a contribution too, apart from the panel's support."""

    PERSON: ClassVar[type[Guest]] = Guest

    __tablename__ = "contribution_guest_support"
    __table_args__ = (UniqueConstraint("contribution_id", "guest_id"),)

    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    person_id: Mapped[int] = synonym("guest_id")


Supports = type[Support] | type[GuestSupport]


def kept_in(person: Member | Guest) -> Supports:
    """Return where somebody's support is kept."""
    return GuestSupport if isinstance(person, Guest) else Support


def counted_in(item: AgendaItem) -> Supports:
    """Return where the support that a part's figures are made of is kept.

    Where nobody has a seat, that is the guests'.
    """
    return GuestSupport if item.session.panel.is_open else Support
