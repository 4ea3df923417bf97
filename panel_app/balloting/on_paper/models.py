"""Printed papers, who votes on paper, and what two people typed, each without the other."""

from __future__ import annotations

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

from panel_app.balloting.models import Ballot
from panel_app.core.db import Base, Dated, Numbered, one_of

Said = Literal["vote", "blank", "void"]


class PrintedPaper(Base):
    """A paper that was printed: its number, which says nothing about who got it."""

    __tablename__ = "printed_paper"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: Which printing it came from, and in which language.
    run: Mapped[int]
    language: Mapped[str] = mapped_column(String(10))
    #: Whether somebody gave it back unused: it is never counted.
    returned: Mapped[bool] = mapped_column(default=False)


class PaperVoter(Base):
    """That an elector was handed a paper and votes on it alone; not which, nor whether they did."""

    __tablename__ = "paper_voter"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


class PaperBatch(Numbered, Dated, Base):
    """Papers that lie together, such as those of one stall; two people type all of them."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("ballot_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("entered_by <> checked_by", name="two_people"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), index=True)
    number: Mapped[int]
    #: Where the papers come from, in words.
    place: Mapped[str] = mapped_column(String(120))
    #: How many papers lie in it, by hand.
    size: Mapped[int]
    #: Who types them, as the log names people of the staff, and whether they have typed all.
    entered_by: Mapped[str | None] = mapped_column(String(40))
    checked_by: Mapped[str | None] = mapped_column(String(40))
    entered: Mapped[bool] = mapped_column(default=False)
    checked: Mapped[bool] = mapped_column(default=False)

    ballot: Mapped[Ballot] = relationship()


class TypedPaper(Base):
    """What one of the two read on a paper; destroyed at closing."""

    __tablename__ = "typed_paper"
    __table_args__ = (
        one_of("said", Said),
        CheckConstraint("side IN (1, 2)", name="side"),
        ForeignKeyConstraint(
            ["ballot_id", "number"], ["printed_paper.ballot_id", "printed_paper.number"]
        ),
        {"sqlite_with_rowid": False},
    )

    ballot_id: Mapped[int] = mapped_column(primary_key=True)
    #: 1 for who entered the batch, 2 for who checked it: a paper is typed once by each.
    side: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    said: Mapped[str] = mapped_column(String(10))
    #: The choice as it counts; none for a paper that doesn't.
    choice: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
