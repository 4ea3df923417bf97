"""A pot of money, the service lines and projects it can pay for, and the counts of its ballots."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.balloting.models import Ballot
from panel_app.core.db import Base, Dated, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.panels.models import Panel

#: What happens where residents don't do their part: the council does it all, or it is left out.
PlanB = Literal["full", "out"]
CommitmentKind = Literal["hours", "money", "room", "thing"]
CommitmentState = Literal["offered", "agreed", "done", "not_done"]


class Pot(Public, Dated, Base):
    """Money to share, in pence."""

    __tablename__ = "pot"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    name: Mapped[Translated] = mapped_column(TranslatedText)
    amount: Mapped[int] = mapped_column(BigInteger)

    panel: Mapped[Panel] = relationship()
    lines: Mapped[list[Line]] = relationship(back_populates="pot", order_by="Line.position")
    projects: Mapped[list[Project]] = relationship(
        back_populates="pot", order_by="Project.position"
    )


class Line(Public, Base):
    """A service line of a pot, such as caretaking."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("pot_id", "position"),)

    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"), index=True)
    position: Mapped[int]
    name: Mapped[Translated] = mapped_column(TranslatedText)
    #: What the line spends in a year now, in pence, for comparison.
    yearly: Mapped[int | None] = mapped_column(BigInteger)

    pot: Mapped[Pot] = relationship(back_populates="lines")


class Project(Public, Base):
    """Something the pot can buy."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("pot_id", "position"),
        CheckConstraint("cost > 0", name="cost"),
        CheckConstraint("council_cost IS NULL OR council_cost >= cost", name="council_cost"),
        one_of("plan_b", PlanB),
        CheckConstraint(
            "council_cost IS NULL OR council_cost = cost OR plan_b IS NOT NULL", name="lowered"
        ),
    )

    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    position: Mapped[int]
    title: Mapped[Translated] = mapped_column(TranslatedText)
    summary: Mapped[Translated] = mapped_column(TranslatedText)
    #: In pence.
    cost: Mapped[int] = mapped_column(BigInteger)
    #: What it would cost if the council did it all; set where residents take work on themselves.
    council_cost: Mapped[int | None] = mapped_column(BigInteger)
    #: What should be different in a year, and how anybody would see it.
    goal: Mapped[Translated | None] = mapped_column(TranslatedText)
    #: There wherever residents' part lowers the cost; None is written, not left to the default.
    plan_b: Mapped[str | None] = mapped_column(String(10).evaluates_none(), server_default="full")

    pot: Mapped[Pot] = relationship(back_populates="projects")
    line: Mapped[Line | None] = relationship()
    commitments: Mapped[list[Commitment]] = relationship(
        back_populates="project", order_by="Commitment.id", cascade="all, delete-orphan"
    )

    @property
    def lowered(self) -> bool:
        """Whether it costs less because residents or partners take work on themselves."""
        return self.council_cost is not None and self.council_cost > self.cost


class Commitment(Public, Dated, Base):
    """What residents or partners take on for a project; who they are in words, no names."""

    __tablename__ = "commitment"
    __table_args__ = (
        one_of("kind", CommitmentKind),
        one_of("state", CommitmentState),
        CheckConstraint("(kind = 'hours') = (hours IS NOT NULL)", name="counted"),
        CheckConstraint("(kind = 'money') = (pence IS NOT NULL)", name="paid"),
        CheckConstraint("hours > 0 AND pence > 0", name="something"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    what: Mapped[Translated] = mapped_column(TranslatedText)
    who: Mapped[Translated] = mapped_column(TranslatedText)
    hours: Mapped[int | None]
    pence: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default="offered")

    project: Mapped[Project] = relationship(back_populates="commitments")
    steps: Mapped[list[CommitmentStep]] = relationship(
        order_by="CommitmentStep.id", cascade="all, delete-orphan"
    )


class CommitmentStep(Numbered, Dated, Base):
    """How a commitment came to stand, with the word that was said of it."""

    __tablename__ = "commitment_step"
    __table_args__ = (one_of("state", CommitmentState),)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    words: Mapped[Translated | None] = mapped_column(TranslatedText)


class BudgetBallot(Base):
    """That a ballot is about a pot, and the rules that were agreed for it."""

    __tablename__ = "budget_ballot"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"), index=True)
    #: How people vote and how papers are counted (rules.py); frozen with the terms at opening.
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    ballot: Mapped[Ballot] = relationship()
    pot: Mapped[Pot] = relationship()


class Count(Numbered, Dated, Base):
    """One rule applied to the papers of a closed ballot, with its explanation."""

    __tablename__ = "count"
    __table_args__ = (UniqueConstraint("ballot_id", "rule"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), index=True)
    rule: Mapped[str] = mapped_column(String(30))
    #: The ballot's fingerprint that this was counted from.
    counted_from: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: By how much the losers missed, worked out by a job after the closing; null until then.
    margins: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
