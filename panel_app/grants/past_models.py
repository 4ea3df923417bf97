"""Grants that a programme gave before it was kept here."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Numbered, one_of
from panel_app.grants.models import ApplicantKind, Programme


class PastAward(Numbered, Dated, Base):
    """A grant given before, as its programme's spreadsheet had it; of a resident never a word."""

    __tablename__ = "past_award"
    __table_args__ = (
        UniqueConstraint("programme_id", "reference"),
        one_of("kind", ApplicantKind),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "kind <> 'individual' OR (title IS NULL AND organisation IS NULL"
            " AND organisation_id IS NULL)",
            name="nobody_named",
        ),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    #: Its number in the spreadsheet: letters, digits, dashes and underscores.
    reference: Mapped[str] = mapped_column(String(60))
    awarded_on: Mapped[date]
    #: In pence.
    amount: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(String(140))
    mission: Mapped[str | None] = mapped_column(String(40))
    #: The area where it was, such as a ward.
    place: Mapped[str | None] = mapped_column(String(60))
    organisation: Mapped[str | None] = mapped_column(String(120))
    #: Its number in a public list, such as GB-CHC-1000001 (org-id.guide).
    organisation_id: Mapped[str | None] = mapped_column(String(60))

    programme: Mapped[Programme] = relationship()
