"""The outbox: messages to people, kept until a channel sends them, readable by organisers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from panel_app.core import crypto
from panel_app.core.db import Base, Dated, Moment, Public, db, one_of

Channel = Literal["mail", "sms", "letter"]
State = Literal["waiting", "sent", "failed"]


class Message(Public, Dated, Base):
    """One message to one person. The address and the wording are sealed."""

    __tablename__ = "message"
    __table_args__ = (one_of("channel", Channel), one_of("state", State))

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    language: Mapped[str] = mapped_column(String(10))
    #: What it is about, as an audit subject: `application:…`.
    subject_ref: Mapped[str] = mapped_column(String(60), index=True)
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str | None] = mapped_column(Text)

    @property
    def wording(self) -> dict[str, str]:
        """The address, title and body: keys `to`, `title`, `body`."""
        return crypto.unseal(self.sealed, self.person_key)


def post(
    *,
    panel_id: int,
    to: str,
    title: str,
    body: str,
    language: str,
    subject_ref: str,
    channel: Channel = "mail",
) -> Message:
    """Put a message in the outbox within the caller's transaction."""
    key = crypto.new_person_key()
    message = Message(
        panel_id=panel_id,
        channel=channel,
        language=language,
        subject_ref=subject_ref,
        person_key=key,
        sealed=crypto.seal({"to": to, "title": title, "body": body}, key),
    )
    db.session.add(message)
    db.session.flush()
    return message
