"""What an award needs until it is paid: checks, lines of payment, and bank details for a while."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.grants.models import Award

CheckKind = Literal["identity", "account", "register", "safeguarding", "insurance"]
PaymentState = Literal["draft", "dropped", "released", "paid", "failed", "returned"]


class AwardCheck(Numbered, Base):
    """That staff checked something before an award may be paid; who, when, on what evidence."""

    __tablename__ = "award_check"
    __table_args__ = (UniqueConstraint("award_id", "kind"), one_of("kind", CheckKind))

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: As the log names them.
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    #: On what evidence, sealed with the applicant's key.
    note: Mapped[bytes] = mapped_column(LargeBinary)


class Payment(Public, Dated, Base):
    """One line of an award's schedule: one person drafts it, another one releases it."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        one_of("state", PaymentState),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("released_by IS NULL OR released_by <> drafted_by", name="two_people"),
        CheckConstraint("(state IN ('draft', 'dropped')) = (released_by IS NULL)", name="released"),
        CheckConstraint("(released_by IS NULL) = (released_at IS NULL)", name="when"),
    )

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    number: Mapped[int]
    #: In pence.
    amount: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: As the log names them.
    drafted_by: Mapped[str] = mapped_column(String(40))
    released_by: Mapped[str | None] = mapped_column(String(40))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    #: When it was last said to be paid, failed or returned.
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    award: Mapped[Award] = relationship()


class BankDetails(Numbered, Dated, Base):
    """Where an award is paid to, sealed under a key of its own; goes some time after the last."""

    __tablename__ = "bank_details"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    #: Of their own: neither the applicant's key nor wrapped by the key of people.
    key: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    last_two: Mapped[str] = mapped_column(String(2))
    #: Who opened them, as the log names them, and when: they are shown once.
    seen_by: Mapped[str | None] = mapped_column(String(40))
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
