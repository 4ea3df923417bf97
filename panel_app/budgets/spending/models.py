"""Contracts, and their shares of places."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.places.models import Place

#: Who does the work; no supplier is named, since some are persons.
Supplier = Literal["own", "public", "charity", "small", "company", "unknown"]
#: What a share rests on; `assets` are counted things, such as trees.
Basis = Literal["households", "area", "assets", "measured", "agreed"]
Confidence = Literal["high", "fair", "guess"]


class Contract(Public, Dated, Base):
    """A service that is bought, or done by the council's own people, with its yearly cost."""

    __tablename__ = "contract"
    __table_args__ = (CheckConstraint("yearly > 0", name="yearly"), one_of("supplier", Supplier))

    #: As the council's register has it.
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    service: Mapped[Translated] = mapped_column(TranslatedText)
    supplier: Mapped[str] = mapped_column(String(10))
    #: In pence.
    yearly: Mapped[int] = mapped_column(BigInteger)
    #: Whether the yearly cost was worked out from the whole sum and the contract's dates.
    worked_out: Mapped[bool] = mapped_column(default=False)
    #: Where it is done; None for everywhere.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)

    area: Mapped[Place | None] = relationship()
    shares: Mapped[list[Apportionment]] = relationship(
        back_populates="contract",
        order_by="Apportionment.year.desc(), Apportionment.id",
        cascade="all, delete-orphan",
    )


class Apportionment(Public, Dated, Base):
    """Which share of a contract falls to a place in a year, and how that is known."""

    __tablename__ = "apportionment"
    __table_args__ = (
        UniqueConstraint("contract_id", "place_id", "year"),
        one_of("basis", Basis),
        one_of("confidence", Confidence),
        CheckConstraint("part > 0 AND part <= whole", name="share"),
        CheckConstraint("basis <> 'assets' OR counted IS NOT NULL", name="counted"),
        CheckConstraint("source <> ''", name="source"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    year: Mapped[int]
    basis: Mapped[str] = mapped_column(String(12))
    #: What was counted, such as trees; there for counted things.
    counted: Mapped[Translated | None] = mapped_column(TranslatedText(none_as_null=True))
    #: The share as a fraction: 180 of 2,000 trees.
    part: Mapped[int] = mapped_column(BigInteger)
    whole: Mapped[int] = mapped_column(BigInteger)
    confidence: Mapped[str] = mapped_column(String(5))
    #: Where the figures come from.
    source: Mapped[str] = mapped_column(String(200))

    contract: Mapped[Contract] = relationship(back_populates="shares")
    place: Mapped[Place] = relationship()

    @property
    def share(self) -> Fraction:
        """The share, exactly."""
        return Fraction(self.part, self.whole)
