"""A panel of residents, its members, and the phones they joined with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.places.models import Place

#: How people come onto a panel: drawn by lottery from those who said yes, everybody on a list, or
#: whoever comes, who then has no seat.
PanelKind = Literal["drawn", "roll", "open"]
MemberState = Literal["invited", "confirmed", "declined", "left"]


class Panel(Public, Dated, Base):
    """A body of residents to do one job: drawn by lottery, all of a list, or whoever comes."""

    __tablename__ = "panel"
    __table_args__ = (
        CheckConstraint("size > 0 OR (kind <> 'drawn' AND size = 0)", name="size"),
        one_of("kind", PanelKind),
    )

    kind: Mapped[str] = mapped_column(String(10), default="drawn")
    #: Its name in addresses: lower-case letters, digits and dashes.
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Translated] = mapped_column(TranslatedText)
    purpose: Mapped[Translated] = mapped_column(TranslatedText)
    mission: Mapped[Translated | None] = mapped_column(TranslatedText)
    #: How many people it is to have; of a roll, how many held a seat when it last changed; of an
    #: open panel 0.
    size: Mapped[int]
    #: Where it meets, in words.
    place: Mapped[str] = mapped_column(String(120), default="")
    #: The place that it decides for.
    area_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    #: The sender's name and address on letters, a line each.
    sender: Mapped[str] = mapped_column(String(400), default="")
    #: Whom to ring or write to, in words.
    contact: Mapped[str] = mapped_column(String(120), default="")
    #: What people get for taking part: what is paid and provided.
    terms: Mapped[Translated | None] = mapped_column(TranslatedText)
    reply_by: Mapped[date | None]
    #: Languages that letters and pages of this panel are offered in.
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en"])
    #: Whether anyone may read its public page.
    published: Mapped[bool] = mapped_column(default=False)
    #: The panel that this one, with made-up members, stands in for in a rehearsal; else None.
    rehearses_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"), index=True)

    area: Mapped[Place | None] = relationship()
    members: Mapped[list[Member]] = relationship(back_populates="panel", order_by="Member.seat")

    @property
    def is_open(self) -> bool:
        """Whether it is of whoever comes, so that nobody has a seat."""
        return self.kind == "open"

    @property
    def is_made_up(self) -> bool:
        """Whether nobody is on it: it is there for a rehearsal."""
        return self.rehearses_id is not None


class Member(Public, Dated, Base):
    """One seat of a panel and the person in it, known here by the seat's number only."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("panel_id", "seat"),
        one_of("state", MemberState),
        CheckConstraint("seat > 0", name="seat"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    seat: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="invited")
    language: Mapped[str] = mapped_column(String(10), default="en")
    #: How often the letter's code was made anew; older letters then no longer work.
    issue: Mapped[int] = mapped_column(default=1)
    #: SHA-256 of the QR code's token (panels/seats.py); the token itself is not kept.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: The first four characters of the typed code find the seat; the rest is kept as a keyed hash.
    locator: Mapped[str] = mapped_column(String(4), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)

    panel: Mapped[Panel] = relationship(back_populates="members")
    devices: Mapped[list[Device]] = relationship(back_populates="member")


#: Who holds a seat: asked to take it, or in it.
HOLDS_A_SEAT = Member.state.in_(("invited", "confirmed"))


class Device(Numbered, Dated, Base):
    """A phone (or a browser) that joined as a member; at most one holds the seat."""

    __tablename__ = "device"
    __table_args__ = (
        Index(
            "uq_device_seat",
            "member_id",
            unique=True,
            sqlite_where=text("moved_at IS NULL"),
            postgresql_where=text("moved_at IS NULL"),
        ),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    #: SHA-256 of the cookie's token.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: When another phone took the seat over; this one is then told so.
    moved_at: Mapped[datetime | None] = mapped_column(Moment)

    member: Mapped[Member] = relationship(back_populates="devices")
