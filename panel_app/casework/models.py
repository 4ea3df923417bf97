"""Cases that a panel assesses: criteria, conflicts of interest, assessments, decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.core import ids
from panel_app.core.db import Base, Dated, Moment, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText, TranslatedTexts
from panel_app.panels.models import Panel

CaseState = Literal["open", "deferred", "decided", "withdrawn"]
Scorers = Literal["members", "staff", "both"]
ConflictLevel = Literal["none", "know", "close", "direct"]


class Scheme(Public, Dated, Base):
    """How the cases of one kind are scored and decided by a panel: one version of it."""

    __tablename__ = "scheme"
    __table_args__ = (
        UniqueConstraint("series", "version"),
        one_of("scorers", Scorers),
        CheckConstraint("quorum > 0", name="quorum"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    #: Which feature's cases it is for (casework/subjects.py).
    kind: Mapped[str] = mapped_column(String(20))
    #: What its versions have in common, and which of them this is.
    series: Mapped[str] = mapped_column(String(12), default=ids.public_id)
    version: Mapped[int] = mapped_column(default=1)
    scorers: Mapped[str] = mapped_column(String(10), default="members")
    #: When the first score or vote fixed it.
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    #: How many members without a conflict must take part in a decision.
    quorum: Mapped[int]

    panel: Mapped[Panel] = relationship()
    criteria: Mapped[list[Criterion]] = relationship(
        back_populates="scheme", order_by="Criterion.position", cascade="all, delete-orphan"
    )


class Criterion(Public, Base):
    """One thing that is scored, with words for each score."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("scheme_id", "position"),)

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    position: Mapped[int]
    question: Mapped[Translated] = mapped_column(TranslatedText)
    #: In per cent.
    weight: Mapped[int]
    #: What its average must reach, if anything.
    least: Mapped[int | None]
    #: Words for each score, from 0 up.
    guide: Mapped[list[Translated]] = mapped_column(TranslatedTexts)

    @property
    def top(self) -> int:
        """The highest score."""
        return len(self.guide) - 1

    scheme: Mapped[Scheme] = relationship(back_populates="criteria")


class Case(Public, Dated, Base):
    """Something that a panel assesses and decides: an application, a tender, a use case."""

    __tablename__ = "case"
    __table_args__ = (one_of("state", CaseState),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    #: Which feature's case it is: the name of a registered Subject (casework/subjects.py).
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    #: The language that its texts were written in.
    language: Mapped[str] = mapped_column(String(10), default="en")
    state: Mapped[str] = mapped_column(String(10), default="open")
    #: Whether members may vote on the decision now.
    voting: Mapped[bool] = mapped_column(default=False)
    #: Whether the last vote went because a connection was declared after its figures were seen.
    vote_anew: Mapped[bool] = mapped_column(default=False)

    #: Whether figures of its scores are told, and the newest Assessment.id that they hold.
    told: Mapped[bool] = mapped_column(default=False)
    told_until: Mapped[int] = mapped_column(default=0)

    panel: Mapped[Panel] = relationship()
    scheme: Mapped[Scheme] = relationship()
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="case", order_by="Decision.number"
    )

    @property
    def vote_name(self) -> str:
        """What the electorate of its vote is called."""
        return f"case:{self.public_id}"

    @property
    def undecided(self) -> bool:
        """Whether it is still before the panel."""
        return self.state in {"open", "deferred"}

    @property
    def decision(self) -> Decision | None:
        """The newest decision that stands, or None."""
        return next((one for one in reversed(self.decisions) if one.annulled_at is None), None)

    @property
    def annulled(self) -> Decision | None:
        """The newest decision where it was annulled and nothing is decided anew, or None."""
        newest = self.decisions[-1] if self.decisions else None
        return newest if newest and newest.annulled_at else None


class Conflict(Numbered, Dated, Base):
    """What a member declared before reading; `close` and `direct` keep them out of the case."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("case_id", "member_id"), one_of("level", ConflictLevel))

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    level: Mapped[str] = mapped_column(String(10))


class Assessment(Public, Dated, Base):
    """Somebody's scores of a case with a reason in their own words; of theirs the newest counts."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (staff_id IS NULL)", name="assessor"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id"), index=True)
    #: The version that it was scored by; under a newer one it counts no longer.
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    #: Why it changed an earlier one after others' scores could be seen.
    why: Mapped[str] = mapped_column(Text, default="")

    scores: Mapped[list[Score]] = relationship(cascade="all, delete-orphan")


class Score(Numbered, Base):
    """The points that an assessment gives on one criterion."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[int]


class Note(Public, Dated, Base):
    """What a member says about a case in discussion, without their name; one each."""

    __tablename__ = "case_note"
    __table_args__ = (UniqueConstraint("case_id", "member_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10), default="en")
    #: How many agreed and disagreed when figures were last told (casework/notes.py).
    agreed: Mapped[int] = mapped_column(default=0)
    disagreed: Mapped[int] = mapped_column(default=0)


class NoteView(Base):
    """Whether a member agrees with another's note."""

    __tablename__ = "note_view"
    __table_args__ = ({"sqlite_with_rowid": False},)

    note_id: Mapped[int] = mapped_column(
        ForeignKey("case_note.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    agrees: Mapped[bool]


class Substitute(Base):
    """A member who was asked to the panel and is called for one case, to make up its quorum."""

    __tablename__ = "substitute"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


class DecisionVote(Numbered, Dated, Base):
    """What one member thinks the decision should be, while the panel decides."""

    __tablename__ = "decision_vote"
    __table_args__ = (
        UniqueConstraint("case_id", "member_id"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    #: One of the outcomes of the case's subject.
    outcome: Mapped[str] = mapped_column(String(20))
    #: What a vote for a part names, in pence.
    amount: Mapped[int | None] = mapped_column(BigInteger)


class Decision(Public, Base):
    """What the panel decided, why, and who could take part: a snapshot that stays."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("defers OR voted >= quorum", name="quorum"),
        CheckConstraint("amount IS NULL OR (amount > 0 AND NOT defers)", name="amount"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(annulled_at IS NULL) = (annulled_for = '')", name="annulled"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    #: 1 for the first; a deferred case is decided again.
    number: Mapped[int]
    #: One of the outcomes of the case's subject, and whether it brings the case back.
    outcome: Mapped[str] = mapped_column(String(20))
    defers: Mapped[bool]
    #: How it follows from the votes (rules.Basis); empty for decisions of earlier releases.
    basis: Mapped[str] = mapped_column(String(20), default="")
    #: In pence.
    amount: Mapped[int | None] = mapped_column(BigInteger)
    #: In words for the applicant and the public register.
    reason: Mapped[str] = mapped_column(Text)
    reason_language: Mapped[str] = mapped_column(String(10), default="en")
    #: The reason in short: one of the subject's short list, or empty.
    reason_code: Mapped[str] = mapped_column(String(20), default="")
    #: What has to be done first: of the subject's short list, and in words of the panel's own.
    conditions: Mapped[list[str]] = mapped_column(JSON, default=list)
    condition: Mapped[str] = mapped_column(Text, default="")
    quorum: Mapped[int]
    #: Members without a conflict, and how many of them voted.
    eligible: Mapped[int]
    voted: Mapped[int]
    #: How many votes each outcome had; empty where that would tell what one person voted.
    votes: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(Moment)
    #: When somebody who took part declared a close interest, after it was decided.
    flagged_at: Mapped[datetime | None] = mapped_column(Moment)
    #: When it was annulled for that, and why; it then counts no longer.
    annulled_at: Mapped[datetime | None] = mapped_column(Moment)
    annulled_for: Mapped[str] = mapped_column(Text, default="")
    #: When other words took the place of its reason or the case's title; what was decided stays.
    corrected_at: Mapped[datetime | None] = mapped_column(Moment)

    case: Mapped[Case] = relationship(back_populates="decisions")


class TookPart(Base):
    """That a member voted on a decision, never what for: a connection declared later flags it."""

    __tablename__ = "took_part"
    __table_args__ = ({"sqlite_with_rowid": False},)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
