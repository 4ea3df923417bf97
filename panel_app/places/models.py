"""The tree of places that panels, people, ideas and money belong to."""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Public, one_of
from panel_app.core.translated import Translated, TranslatedText

PlaceKind = Literal["borough", "ward", "estate", "block"]
#: From the widest to the narrowest; a place lies in a wider one, or in none.
KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)


class Place(Public, Dated, Base):
    """A part of the borough, with its name in every language."""

    __tablename__ = "place"
    __table_args__ = (one_of("kind", PlaceKind),)

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[Translated] = mapped_column(TranslatedText)

    parent: Mapped[Place | None] = relationship(remote_side="Place.id")

    @property
    def path(self) -> list[Place]:
        """The place and those that it lies in, the widest first."""
        return [*(self.parent.path if self.parent else []), self]
