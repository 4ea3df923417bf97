"""A grants programme, its fortnightly rounds, the applications to them and the awards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from panel_app.casework.models import Case, Decision, Scheme
from panel_app.core import crypto
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.grants.report_models import Report
from panel_app.panels.models import Panel
from panel_app.questions.models import Questionnaire, QuestionnaireVersion

RoundState = Literal["open", "closed"]
ApplicationState = Literal["draft", "submitted", "decided", "withdrawn"]
AwardState = Literal[
    "offered", "accepted", "paying", "reporting", "closed", "annulled", "cancelled", "returned"
]
#: How a grant can be paid.
PayBy = Literal["bank", "cheque"]
ApplicantKind = Literal["individual", "group", "organisation"]


@dataclass(frozen=True, slots=True)
class Mission:
    """An aim of the organisation that a grant can serve."""

    code: str
    title: Translated


class Missions(TypeDecorator[list[Mission]]):
    """A column holding missions as JSON; replace the list to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: list[Mission] | None, dialect: Dialect) -> Any:
        titles = TranslatedText()
        return [
            {"code": m.code, "title": titles.process_bind_param(m.title, dialect)}
            for m in value or []
        ]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Mission]:
        titles = TranslatedText()
        return [
            Mission(m["code"], titles.process_result_value(m["title"], dialect) or Translated.of())
            for m in value or []
        ]


class Programme(Public, Dated, Base):
    """A grants scheme that a panel decides on."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("largest_grant > 0", name="largest_grant"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Translated] = mapped_column(TranslatedText)
    summary: Mapped[Translated] = mapped_column(TranslatedText)
    #: What one grant may be at most, in pence.
    largest_grant: Mapped[int] = mapped_column(BigInteger)
    #: The missions that an application can serve.
    missions: Mapped[list[Mission]] = mapped_column(Missions, default=list)
    open: Mapped[bool] = mapped_column(default=True)
    #: How long a decision can be appealed against.
    appeal_days: Mapped[int] = mapped_column(default=14, server_default="14")
    #: What applicants are asked.
    questionnaire_id: Mapped[int | None] = mapped_column(
        ForeignKey("questionnaire.id"), index=True, unique=True
    )

    panel: Mapped[Panel] = relationship()
    scheme: Mapped[Scheme] = relationship()
    questionnaire: Mapped[Questionnaire | None] = relationship()
    rounds: Mapped[list[Round]] = relationship(back_populates="programme", order_by="Round.number")

    def mission_title(self, code: str | None) -> Translated | None:
        """Return what the mission called `code` is, or None."""
        return next((m.title for m in self.missions if m.code == code), None)


class Round(Public, Dated, Base):
    """A fortnight of a programme: applications come in, the panel meets, the pot is shared out."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        one_of("state", RoundState),
        CheckConstraint("pot > 0", name="pot"),
        CheckConstraint("0 <= freed AND freed <= committed", name="freed"),
        CheckConstraint("committed - freed <= pot", name="within_pot"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    number: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    meets_at: Mapped[datetime] = mapped_column(Moment)
    #: When the panel has the papers, where that is said.
    papers_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10), default="open")
    #: Money of this round, what was ever awarded from it, and what of that came back; in pence.
    pot: Mapped[int] = mapped_column(BigInteger)
    committed: Mapped[int] = mapped_column(BigInteger, default=0)
    freed: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def awarded(self) -> int:
        """What of the pot is awarded now, in pence."""
        return self.committed - self.freed

    @property
    def left(self) -> int:
        """What of the pot is not awarded, in pence."""
        return self.pot - self.committed + self.freed

    programme: Mapped[Programme] = relationship(back_populates="rounds")


class Application(Public, Dated, Base):
    """A request for a grant. Answers and contact are sealed with the applicant's own key."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("programme_id", "reference"),
        one_of("state", ApplicationState),
        CheckConstraint("asks IS NULL OR asks > 0", name="asks"),
        CheckConstraint(
            "state = 'draft' OR (case_id IS NOT NULL AND round_id IS NOT NULL"
            " AND asks IS NOT NULL AND reference IS NOT NULL)",
            name="complete",
        ),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: SHA-256 of the token in the applicant's own link.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    #: The number in the public register, given when it is submitted.
    reference: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(10), default="en")
    applicant_kind: Mapped[str | None] = mapped_column(String(20))
    mission: Mapped[str | None] = mapped_column(String(40))
    #: In pence.
    asks: Mapped[int | None] = mapped_column(BigInteger)
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The answers by question, and the contact.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: A keyed hash of the contact: finds the applications of somebody who lost their link.
    contact_index: Mapped[str | None] = mapped_column(String(64), index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Whose contact it shares, found by keyed hashes when it was sent (grants/ties.py).
    ties: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: The questions as they were when it was begun.
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("questionnaire_version.id"), index=True
    )

    programme: Mapped[Programme] = relationship()
    version: Mapped[QuestionnaireVersion | None] = relationship()
    round: Mapped[Round | None] = relationship()
    case: Mapped[Case | None] = relationship()

    @property
    def answers(self) -> dict[str, Any]:
        """What the applicant wrote, by question."""
        return crypto.unseal(self.sealed, self.person_key)

    @property
    def decision(self) -> Decision | None:
        """The newest decision on it, or None."""
        return self.case.decision if self.case else None


class ApplicantLink(Numbered, Dated, Base):
    """One more link to an application, made when the first was lost (grants/links.py)."""

    __tablename__ = "applicant_link"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    #: SHA-256 of the link's token.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)


class Award(Public, Dated, Base):
    """Money promised to an applicant by a decision."""

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("0 <= freed AND freed <= amount", name="freed"),
        CheckConstraint("state <> 'annulled' OR freed = amount", name="annulled"),
        one_of("state", AwardState),
        CheckConstraint("pay_by IS NULL OR pay_by IN ('bank', 'cheque')", name="pay_by"),
        CheckConstraint(
            "state NOT IN ('accepted', 'paying', 'reporting') OR accepted_at IS NOT NULL",
            name="accepted",
        ),
        Index(
            "uq_award_standing",
            "application_id",
            unique=True,
            sqlite_where=text("annulled_at IS NULL"),
            postgresql_where=text("annulled_at IS NULL"),
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    #: In pence.
    amount: Mapped[int] = mapped_column(BigInteger)
    #: When its decision was annulled and its money went back to the pot.
    annulled_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(10), default="offered")
    #: What of the amount went back to the pot, in pence.
    freed: Mapped[int] = mapped_column(BigInteger, default=0)
    #: When the applicant accepted, the SHA-256 of the terms as they were shown, whether a group
    #: or an organisation may be named in public, and how they want to be paid.
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    terms_digest: Mapped[str | None] = mapped_column(String(64))
    may_name: Mapped[bool | None]
    pay_by: Mapped[str | None] = mapped_column(String(10))
    #: When staff saw that the panel's conditions are met.
    conditions_met_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Until when to tell what came of it, said as it is paid; when they were last reminded.
    report_due_on: Mapped[date | None] = mapped_column(index=True)
    reminded_on: Mapped[date | None]

    @property
    def stands(self) -> int:
        """What of it is awarded now, in pence."""
        return self.amount - self.freed

    round: Mapped[Round] = relationship()
    application: Mapped[Application] = relationship()
    decision: Mapped[Decision] = relationship()
    report: Mapped[Report | None] = relationship()
