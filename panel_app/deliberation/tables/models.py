"""A plan of tables over rounds, who sits where, and what each table writes down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core import ids
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, found, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem, Guest, Participant, seat_words

PlanState = Literal["empty", "waiting", "ready", "failed"]


class TablePlan(Numbered, Base):
    """The tables of one part of an agenda, over its rounds."""

    __tablename__ = "table_plan"
    __table_args__ = (
        one_of("state", PlanState),
        CheckConstraint("current_round >= 0", name="current_round"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="empty")
    #: Whom the plan was asked for: `here`, `confirmed`, or `all` who are here, guests too.
    whom: Mapped[str] = mapped_column(String(10), default="here")
    #: When it was asked for; what was worked out for an older question is dropped.
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    #: What the search's own choices come from; the same question then has the same answer.
    seed: Mapped[int] = mapped_column(default=0)
    #: The round that is on or was on last, from 1; 0 before the first.
    current_round: Mapped[int] = mapped_column(default=0)
    #: Whether it is still on.
    running: Mapped[bool] = mapped_column(default=False)
    round_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    #: How good the plan is: `again` and `fewest` meetings (sortition/seating_changes.py), `lone`.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Why there is no plan: the faults' codes and details (sortition/faults.py).
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    item: Mapped[AgendaItem] = relationship()
    tables: Mapped[list[HallTable]] = relationship(
        back_populates="plan", order_by="HallTable.number", cascade="all, delete-orphan"
    )


class HallTable(Numbered, Base):
    """One table of a plan."""

    __tablename__ = "hall_table"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("table_plan.id"))
    number: Mapped[int]
    #: On the table's card: whoever types it writes for the table.
    code: Mapped[str] = mapped_column(String(6), unique=True, default=lambda: ids.code(6))
    #: When the table asked for help; None once somebody went there.
    help_at: Mapped[datetime | None] = mapped_column(Moment)

    plan: Mapped[TablePlan] = relationship(back_populates="tables")


class TableSeat(Numbered, Base):
    """The place of a member or a guest at a table: one a round, which the database holds."""

    __tablename__ = "table_seat"
    __table_args__ = (
        UniqueConstraint("plan_id", "round", "member_id"),
        UniqueConstraint("plan_id", "round", "guest_id"),
        CheckConstraint("(member_id IS NULL) <> (guest_id IS NULL)", name="person"),
        ForeignKeyConstraint(
            ["plan_id", "number"], ["hall_table.plan_id", "hall_table.number"], name="fk_table_seat"
        ),
        CheckConstraint("turns >= 0", name="turns"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("table_plan.id"))
    round: Mapped[int]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    #: The table's number.
    number: Mapped[int]
    #: Whether the member writes for the table in this round.
    writes: Mapped[bool] = mapped_column(default=False)
    #: Since when the member waits to speak.
    waits_since: Mapped[datetime | None] = mapped_column(Moment)
    #: How often the member spoke, counted by hand.
    turns: Mapped[int] = mapped_column(default=0)

    member: Mapped[Member | None] = relationship()
    guest: Mapped[Guest | None] = relationship()

    @property
    def person(self) -> Participant:
        """Return who sits there."""
        return self.member or found(self.guest)

    @property
    def label(self) -> str:
        """Return the seat's number as it is written, `G3` for a guest."""
        return seat_words(self.person.seat)


class TableNote(Public, Dated, Base):
    """One point that a table wrote down in one round."""

    __tablename__ = "table_note"
    __table_args__ = (
        UniqueConstraint("plan_id", "place", name="uq_table_note_place"),
        UniqueConstraint("plan_id", "key", name="uq_table_note_key"),
        ForeignKeyConstraint(
            ["plan_id", "number"], ["hall_table.plan_id", "hall_table.number"], name="fk_table_note"
        ),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("table_plan.id"))
    #: Its number within the part, from 1.
    place: Mapped[int]
    round: Mapped[int]
    #: The table's number.
    number: Mapped[int]
    wording: Mapped[Translated] = mapped_column(TranslatedText)
    #: The member who wrote it; None where staff or a guest did.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    #: Made by the page that sent it: the same page sent twice adds it once.
    key: Mapped[str | None] = mapped_column(String(60))
    #: How often it was rewritten: whoever changes an older one adds another, and both stay.
    version: Mapped[int] = mapped_column(default=1)
    #: Whether a facilitator took it out of what others read.
    hidden: Mapped[bool] = mapped_column(default=False)

    plan: Mapped[TablePlan] = relationship()
