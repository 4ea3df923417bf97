"""A ballot and its papers, kept so that after closing nobody can tell whose paper is whose."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Moment, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.panels.models import Panel

BallotState = Literal["draft", "open", "closed"]


class Ballot(Public, Dated, Base):
    """A question put to a secret vote of a panel."""

    __tablename__ = "ballot"
    __table_args__ = (
        one_of("state", BallotState),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    question: Mapped[Translated] = mapped_column(TranslatedText)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: Which registered kind of paper checks a choice, such as `budget`.
    kind: Mapped[str] = mapped_column(String(20))
    #: What may be chosen, frozen when the ballot opens.
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: SHA-256 of the key, so that a wrong key file is noticed; the key is not in the database.
    key_digest: Mapped[str | None] = mapped_column(String(64))
    #: SHA-256 over the terms, the counted papers and the public list, made at closing; none where
    #: fewer than five voted, for their papers are destroyed uncounted.
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    #: When it was declared void, and why, for everybody to read; its key and papers are destroyed.
    voided_at: Mapped[datetime | None] = mapped_column(Moment)
    void_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: How many papers no longer fitted their seal at closing: 0 where all is well.
    altered: Mapped[int] = mapped_column(default=0)
    #: How many papers came from where, and how many people were helped, made at closing; told as
    #: far as it may be (origins.py).
    origins: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    #: Whether the key is destroyed and nothing of the sealed papers is left in the files.
    cleaned: Mapped[bool] = mapped_column(default=False)

    panel: Mapped[Panel] = relationship()

    @property
    def name(self) -> str:
        """What the audit log and the electorate call it."""
        return f"ballot:{self.public_id}"


class Paper(Base):
    """One person's sealed answer while the ballot is open; gone after closing.

    No time, no order, no member: the key is random, and SQLite keeps the rows by it.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("ballot_id", "handle"),
        UniqueConstraint("ballot_id", "tracker", name="uq_paper_tracker"),
        CheckConstraint("counter >= 0", name="counter"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    #: HMAC of the member under the ballot's key, which lives outside the database.
    handle: Mapped[bytes] = mapped_column(LargeBinary(32))
    choice: Mapped[Any] = mapped_column(JSON)
    nonce: Mapped[str] = mapped_column(String(26))
    #: SHA-256 of the nonce and the canonical choice.
    commitment: Mapped[str] = mapped_column(String(64))
    tracker: Mapped[str] = mapped_column(String(10))
    #: The phone's own count of changes: a lower one never overwrites a higher.
    counter: Mapped[int] = mapped_column(default=0)
    #: On what it was cast, and who helped, if anybody did; told of all papers together alone.
    origin: Mapped[str] = mapped_column(String(10), default="phone", server_default="phone")
    helper: Mapped[str] = mapped_column(String(12), default="", server_default="")


class Turnout(Base):
    """That a member has voted, not what; written at closing, never while papers are taken."""

    __tablename__ = "turnout"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)


class CountedPaper(Base):
    """A paper as it is published after closing, in the order of the choices' text."""

    __tablename__ = "counted_paper"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[Any] = mapped_column(JSON)


class Receipt(Base):
    """A line of the public list after closing: the tracker and what seals the choice."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(10), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64))
