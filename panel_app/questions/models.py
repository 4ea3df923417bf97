"""Questionnaires with their versions, and what people answered to a version."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.panels.models import Panel
from panel_app.questions.question import Question


class Questionnaire(Public, Dated, Base):
    """Questions for one purpose; what they are is in its versions."""

    __tablename__ = "questionnaire"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    #: The name of what it serves, which says who may change it: an offered `uses.Use`.
    use: Mapped[str] = mapped_column(String(30))

    panel: Mapped[Panel] = relationship()
    versions: Mapped[list[QuestionnaireVersion]] = relationship(
        back_populates="questionnaire",
        order_by="QuestionnaireVersion.number",
        cascade="all, delete-orphan",
    )

    @property
    def newest(self) -> QuestionnaireVersion:
        """Return the version that is asked from now on."""
        return self.versions[-1]


class QuestionnaireVersion(Numbered, Base):
    """The questions as they were at one time; once somebody was asked, they stay."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    #: From 1.
    number: Mapped[int]
    #: The questions in their order, as `Question.to_json` writes them, in canonical JSON.
    snapshot: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the snapshot.
    digest: Mapped[str] = mapped_column(String(64))
    #: When somebody was first asked.
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)

    questionnaire: Mapped[Questionnaire] = relationship(back_populates="versions")

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions, in their order."""
        return questions_in(self.snapshot)


class AnswerSet(Numbered, Base):
    """What one person answered to a version, by seat or under a pseudonym."""

    __tablename__ = "answer_set"
    __table_args__ = (UniqueConstraint("about", "who"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"), index=True)
    #: What it was answered for, such as `item:` and a part of an agenda.
    about: Mapped[str] = mapped_column(String(40))
    #: Whose it is: the public id of a seat, or a pseudonym (`services.pseudonym`).
    who: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The phone's own count of changes: an older answer that arrives late is dropped.
    counter: Mapped[int] = mapped_column(default=0)

    version: Mapped[QuestionnaireVersion] = relationship()


class Pairing(Public, Dated, Base):
    """Two waves of answers that can be paired until the second closes (`pairing.py`)."""

    __tablename__ = "pairing"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    #: SHA-256 of the key, which lies outside the database.
    key_digest: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Whether the key is gone and the rows lie in no order of theirs.
    cleaned: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> str:
        """Its name in the audit log."""
        return f"pairing:{self.public_id}"


class PairedAnswer(Base):
    """What somebody answered to one wave; no time, no order, no member."""

    __tablename__ = "paired_answer"
    __table_args__ = (
        UniqueConstraint("pairing_id", "handle"),
        one_of("wave", Literal["before", "after"]),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    wave: Mapped[str] = mapped_column(String(6))
    #: HMAC of wave and person under the pairing's key.
    handle: Mapped[bytes] = mapped_column(LargeBinary(32))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The phone's own count of changes: an older answer that arrives late is dropped.
    counter: Mapped[int] = mapped_column(default=0)


class Photo(Public, Dated, Base):
    """A photo that somebody sent, as a JPEG of our own making, or a document; sealed."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("about", "digest"),)

    #: What it belongs to, as records name it: `application:…`, `record:…`.
    about: Mapped[str] = mapped_column(String(40))
    #: SHA-256 of the file, so that the same one is kept once.
    digest: Mapped[str] = mapped_column(String(64))
    #: Which kind of file it is, as the web calls it.
    media: Mapped[str] = mapped_column(
        String(100), default="image/jpeg", server_default="image/jpeg"
    )
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The name of the sealed file in the data folder (`core.files`).
    file: Mapped[str | None] = mapped_column(String(64), index=True)
    #: The sealed file itself, of the release that kept it here; the night moves it.
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


@lru_cache(maxsize=256)
def questions_in(snapshot: str) -> tuple[Question, ...]:
    """Return the questions of a snapshot; read once, for a hall asks for them by the hundred."""
    return tuple(map(Question.from_json, json.loads(snapshot)))
