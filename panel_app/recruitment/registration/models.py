"""Ways in to a panel's pool, the text that people consent to, and who registered."""

from __future__ import annotations

from datetime import datetime
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
from panel_app.core.translated import Translated, TranslatedText
from panel_app.panels.models import Panel
from panel_app.questions.models import QuestionnaireVersion
from panel_app.recruitment.models import Person

RegistrationState = Literal["draft", "sent", "withdrawn"]
#: How the answers came to us; whoever was in a file did not register.
RegistrationOrigin = Literal["web", "phone", "paper"]

_SENT = text("state = 'sent'")


class ConsentText(Numbered, Dated, Base):
    """What people consent to when they register, as it was worded at one time; it stays."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("panel_id", "number"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    #: From 1; the highest is asked for.
    number: Mapped[int]
    wording: Mapped[Translated] = mapped_column(TranslatedText)


class RegistrationPage(Public, Dated, Base):
    """One way in: a page to register on, whose registrations are counted apart."""

    __tablename__ = "registration_page"
    __table_args__ = (
        UniqueConstraint("panel_id", "name"),
        CheckConstraint("youngest <= oldest", name="ages"),
        CheckConstraint("opens_at < closes_at", name="times"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    #: For organisers: `Library`, `Door`.
    name: Mapped[str] = mapped_column(String(80))
    #: None: open from the start, or without an end.
    opens_at: Mapped[datetime | None] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Whether only somebody with the code of an invitation comes in.
    by_code: Mapped[bool] = mapped_column(default=False)
    #: Whole years; None: any age.
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]
    #: Beginnings of postcodes, such as `E14` or `E14 7`; none: from anywhere.
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Whether what is sent is thrown away.
    testing: Mapped[bool] = mapped_column(default=False)

    panel: Mapped[Panel] = relationship()


class Registration(Public, Dated, Base):
    """One person's answers, from the first page on. They are sealed with a key of their own."""

    __tablename__ = "registration"
    __table_args__ = (
        one_of("state", RegistrationState),
        one_of("origin", RegistrationOrigin),
        # Of forty that are sent with one code at once, one is kept.
        Index(
            "uq_registration_code",
            "code_digest",
            unique=True,
            sqlite_where=_SENT,
            postgresql_where=_SENT,
        ),
    )

    page_id: Mapped[int] = mapped_column(ForeignKey("registration_page.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    origin: Mapped[str] = mapped_column(String(8), default="web")
    #: Whether it was begun while the page was tried out: it is thrown away.
    test: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10))
    #: The hash of the link by which somebody goes on, changes or withdraws. None for what staff
    #: typed in.
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: A keyed hash of the contact: finds the registration of somebody who lost their link.
    contact_index: Mapped[str | None] = mapped_column(String(64), index=True)
    #: The hash of the invitation's code, where there was one.
    code_digest: Mapped[str | None] = mapped_column(String(64))
    #: The panel's own questions, and the text to consent to, as they were put.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The answers by the questions' codes, sealed.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Who of the staff typed it in, as the audit log names them.
    entered_by: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), unique=True
    )

    page: Mapped[RegistrationPage] = relationship()
    consent: Mapped[ConsentText] = relationship()
    version: Mapped[QuestionnaireVersion | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered so far, by the questions' codes."""
        return crypto.unseal(self.sealed, self.person_key)
