"""The list of addresses of a panel, the waves of letters to homes on it, and each home's letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core import crypto
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.panels.models import Panel

ListState = Literal["waiting", "reading", "ready", "failed"]
#: Planned; being sealed; committed and published; dice rolled; invitations made; or given up.
WaveState = Literal["planned", "sealing", "ready", "drawing", "drawn", "given_up"]
InvitationState = Literal["sent", "returned", "refused", "used"]
#: Waves that are still to come to an end.
UNDER_WAY = ("planned", "sealing", "ready", "drawing")


class AddressList(Numbered, Dated, Base):
    """The file of addresses of a panel: which columns it has, and how far reading it is."""

    __tablename__ = "address_list"
    __table_args__ = (one_of("state", ListState),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    #: The headings of the sealed columns, in the file's order.
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Those that stand on the letter; those alike in all of them are one home.
    address_columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: The column that says the area; empty where the whole list is one.
    area_column: Mapped[str] = mapped_column(String(200), default="")
    #: The column that names each row; empty where rows are named by their numbers.
    id_column: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: The sheets of a workbook, and which of them is read.
    sheets: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    sheet: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: The key that the upload and what is said of it are sealed with.
    list_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The uploaded file, sealed, until it is read.
    upload: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: Sealed: `faults` and `notices` of the file, as rows; they may name cells.
    told: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: How much of it is read, in per cent, and when the job last wrote.
    done: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    #: What pseudonyms of this panel's addresses are made with; never published.
    salt: Mapped[str] = mapped_column(String(32))

    panel: Mapped[Panel] = relationship()


class Address(Public, Dated, Base):
    """One line of the list: an address, sealed with a key of its own."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("panel_id", "reference"),
        Index("ix_address_panel_id_home", "panel_id", "home"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    #: The id in the file, such as its UPRN, or the row's number where the file has none.
    reference: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(120))
    #: A keyed hash of the address: equal for one home.
    home: Mapped[str] = mapped_column(String(64))
    address_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The columns of the file, by their heading.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def details(self) -> dict[str, Any]:
        """The columns of the file, by their heading."""
        return crypto.unseal(self.sealed, self.address_key)


class Wave(Public, Dated, Base):
    """One round of letters: planned, published by its fingerprint, then drawn with dice."""

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        one_of("state", WaveState),
        CheckConstraint("letters > 0", name="letters"),
        CheckConstraint("state NOT IN ('drawing', 'drawn') OR dice IS NOT NULL", name="dice"),
        Index(
            "uq_wave_under_way",
            "panel_id",
            unique=True,
            sqlite_where=text("state IN ('planned', 'sealing', 'ready', 'drawing')"),
            postgresql_where=text("state IN ('planned', 'sealing', 'ready', 'drawing')"),
        ),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    #: How many letters go out, to how many homes that were not written to before.
    letters: Mapped[int]
    homes: Mapped[int]
    #: Rows of `area`, `homes`, `letters`, `rate` (registrations to expect of a letter).
    plan: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: The last day on which its codes register somebody.
    closes_on: Mapped[date]
    #: The fingerprint shown before the dice (SHA-256, hexadecimal), and when it was published.
    commitment: Mapped[str | None] = mapped_column(String(64))
    committed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Every file of the public bundle. Megabytes: read when asked for only.
    bundle: Mapped[dict[str, str] | None] = mapped_column(JSON, deferred=True)
    #: The digits that were rolled: what the draw's seed is.
    dice: Mapped[str | None] = mapped_column(String(10))
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Why it was given up, for everybody to read.
    reason: Mapped[str] = mapped_column(String(400), default="")
    beat_at: Mapped[datetime | None] = mapped_column(Moment)

    panel: Mapped[Panel] = relationship()


class Invitation(Public, Dated, Base):
    """One home's letter, with a code that registers one person once."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("panel_id", "home"),
        UniqueConstraint("wave_id", "number"),
        one_of("state", InvitationState),
        CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="used"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), unique=True)
    #: The letter's number within its wave, in an order that tells nothing of the address.
    number: Mapped[int]
    area: Mapped[str] = mapped_column(String(120))
    #: The address's keyed hash once more: no home is invited twice.
    home: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="sent")
    #: How often the letter's code was made anew; older letters then no longer work.
    issue: Mapped[int] = mapped_column(default=1)
    #: A keyed hash of the code (codes.py); the code itself is not kept.
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    wave: Mapped[Wave] = relationship()
    address: Mapped[Address] = relationship()

    @property
    def reference(self) -> str:
        """What stands on the letter for whoever marks it: the wave and the letter's number."""
        return f"{self.wave.number}-{self.number:04}"
