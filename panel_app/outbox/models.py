"""Messages to people, and the organisation's own wordings of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core import clock, crypto
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of

#: How a person can be reached.
Channel = Literal["mail", "sms", "letter"]
#: `sending`: claimed, the outcome not known yet. `unsure`: perhaps sent, for a person to decide.
#: `returned`: sent, and came back. `replaced`: made again as a new message.
State = Literal["waiting", "sending", "sent", "unsure", "failed", "returned", "replaced"]
#: Why it was not sent, not yet sent, or came back.
Fault = Literal[
    "unreachable", "not_now", "limit", "refused", "address", "given_up", "bounced", "wrong"
]


class Message(Public, Dated, Base):
    """One message to one person. The address and the wording are sealed."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", State),
        Index("ix_message_due", "state", "due_at"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    #: Which template it was made from.
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    language: Mapped[str] = mapped_column(String(10))
    #: What it is about, as an audit subject: `application:…`.
    subject_ref: Mapped[str] = mapped_column(String(60), index=True)
    #: A keyed hash of the address, for the daily limit; None for a letter.
    recipient: Mapped[str | None] = mapped_column(String(64), index=True)
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: Whether its body opens something that is the recipient's alone: nobody else reads it.
    secret: Mapped[bool] = mapped_column(default=False)
    #: Whether a person sends it: it was made while nothing else could. That never changes, so
    #: that switching mail on doesn't send what was handed over long ago.
    by_hand: Mapped[bool] = mapped_column(default=True)
    #: Not to be tried before.
    due_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Who marked it as sent, as the audit log names them; None where the outbox sent it.
    sent_by: Mapped[str | None] = mapped_column(String(40))
    fault: Mapped[str | None] = mapped_column(Text)
    #: What the other side answered: an SMTP or HTTP status.
    answer: Mapped[int | None]
    #: When a secret one was opened to be handed over, and by whom.
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_by: Mapped[str | None] = mapped_column(String(40))
    #: The message that this one was made again from.
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))

    @property
    def wording(self) -> dict[str, str]:
        """The address, title and body: keys `to`, `title`, `body`."""
        return crypto.unseal(self.sealed, self.person_key)

    def keep(self, wording: dict[str, str]) -> None:
        """Seal another wording in place of this one's."""
        self.sealed = crypto.seal(wording, self.person_key)


class Wording(Numbered, Base):
    """The organisation's own words for a template, in one language."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("purpose", "language"),)

    purpose: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    #: What a text message says.
    short: Mapped[str] = mapped_column(String(600))
