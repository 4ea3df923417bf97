"""A session, its agenda, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    false,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from panel_app.core import ids
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.panels.models import Member, Panel

SessionState = Literal["planned", "open", "closed"]
ItemState = Literal["waiting", "open", "closed"]
#: As whom a guest says that they are here.
GuestRole = Literal["resident", "officer", "councillor", "partner"]
#: Numbers that stand for guests where a member has a seat; no panel has as many seats.
GUESTS_FROM = 1_000_000
EntryKind = Literal["decision", "document"]


class Session(Public, Dated, Base):
    """A meeting of a panel."""

    __tablename__ = "session"
    __table_args__ = (one_of("state", SessionState),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    title: Mapped[Translated] = mapped_column(TranslatedText)
    place: Mapped[Translated] = mapped_column(TranslatedText)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    #: Whether people without a seat may take part as guests.
    guests: Mapped[bool] = mapped_column(default=False)
    #: The code on the wall; it leads to the page where a member types their own code.
    code: Mapped[str] = mapped_column(String(8), unique=True, default=ids.code)
    #: What sessions share that were planned at once from one template, to be held side by side.
    series: Mapped[str | None] = mapped_column(String(12), index=True)

    #: Whether the wall shows how to get in as large as before the first part.
    inviting: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: In which language the wall says things a second time, below; None for none.
    second_language: Mapped[str | None] = mapped_column(String(10))

    panel: Mapped[Panel] = relationship()
    items: Mapped[list[AgendaItem]] = relationship(
        back_populates="session", order_by="AgendaItem.position", cascade="all, delete-orphan"
    )

    @property
    def topic(self) -> str:
        """What wall, console and phones of this session listen to."""
        return f"session:{self.public_id}"


class AgendaItem(Public, Base):
    """A timed part of a session; at most one of a session is open."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        one_of("state", ItemState),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    position: Mapped[int]
    title: Mapped[Translated] = mapped_column(TranslatedText)
    minutes: Mapped[int]
    #: A registered activity's kind, or None for a part that asks nothing of phones.
    kind: Mapped[str | None] = mapped_column(String(30))
    #: What the activity's settings form made.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    #: Whether results may be shown on the wall and on phones.
    revealed: Mapped[bool] = mapped_column(default=False)
    #: When anybody first saw its results, on the console too; hiding them doesn't unshow them.
    shown_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    #: When its time is up; the facilitator can move it.
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: When it was last put on the screens again after it had closed.
    shown_again_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The activity's results as they stood when it closed.
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: What guests answered, as it stood when it closed: apart, so that no panel figure holds it.
    guest_snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Which of its screens the wall shows, from 0.
    wall_page: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: Whether its result stays out of the public record.
    kept_back: Mapped[bool] = mapped_column(default=False, server_default=false())

    session: Mapped[Session] = relationship(back_populates="items")


class Rehearsal(Numbered, Dated, Base):
    """A planned session that is being tried out on a panel of made-up members."""

    __tablename__ = "rehearsal"

    #: The made-up panel, whose only session is a copy of this one.
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), unique=True)
    #: When it is thrown away by itself.
    ends_at: Mapped[datetime] = mapped_column(Moment)

    panel: Mapped[Panel] = relationship()
    session: Mapped[Session] = relationship()


class Attendance(Numbered, Dated, Base):
    """A member who came to a session."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "member_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)

    member: Mapped[Member] = relationship()


class Guest(Public, Dated, Base):
    """A phone without a seat that takes part in one session; nobody's name is known."""

    __tablename__ = "guest"
    __table_args__ = (one_of("role", GuestRole),)

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    #: SHA-256 of the cookie's token; None once it was forgotten, some time after the session.
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(12), default="resident")
    language: Mapped[str] = mapped_column(String(10), default="en")

    session: Mapped[Session] = relationship()
    if TYPE_CHECKING:
        #: In place of a seat's number: GUESTS_FROM, and which guest of the session it is, from 1.
        seat: int

    @property
    def panel_id(self) -> int:
        """The panel whose session it is; a guest has no seat on it."""
        return self.session.panel_id


_EARLIER = cast(Table, Guest.__table__).alias("earlier_guest")
Guest.seat = column_property(  # type: ignore[assignment]
    select(GUESTS_FROM + func.count())
    .where(_EARLIER.c.session_id == Guest.session_id, _EARLIER.c.id <= Guest.id)
    .correlate(Guest.__table__)
    .scalar_subquery(),
    deferred=True,
)


def seat_words(seat: int) -> str:
    """Return how a seat's number is written: `12`, and `G3` for the third guest."""
    return f"G{seat - GUESTS_FROM}" if seat > GUESTS_FROM else str(seat)


class DoorPass(Numbered, Dated, Base):
    """What lets a member in once whose letter is at home: a QR code on the facilitator's laptop."""

    __tablename__ = "door_pass"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    #: A member has one pass at a time; a new one takes the place of the one before.
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    #: SHA-256 of the code's token; the token itself is not kept.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    session: Mapped[Session] = relationship()
    member: Mapped[Member] = relationship()


#: Whoever answers in a session.
Participant = Member | Guest


class RecordEntry(Public, Dated, Base):
    """Something that staff add to a session's record: a decision, or a document."""

    __tablename__ = "record_entry"
    __table_args__ = (one_of("kind", EntryKind),)

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    wording: Mapped[Translated] = mapped_column(TranslatedText)
    #: Where a document is, if elsewhere.
    address: Mapped[str | None] = mapped_column(String(400))
    #: The document itself: the public id of a `questions.models.Photo`.
    file: Mapped[str | None] = mapped_column(String(12))


class SessionTemplate(Public, Dated, Base):
    """An agenda to start from, in the format of sessions/patterns.py."""

    __tablename__ = "session_template"

    name: Mapped[Translated] = mapped_column(TranslatedText)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
