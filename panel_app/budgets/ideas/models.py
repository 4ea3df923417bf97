"""Ideas for a pot, what they would cost, who wants them too, and each step of their road."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from panel_app.budgets.models import Pot, Project
from panel_app.core import crypto
from panel_app.core.db import Base, Dated, Numbered, Public, one_of
from panel_app.core.translated import Translated, TranslatedText
from panel_app.places.models import Place

Origin = Literal["phone", "stall", "workshop", "council"]
#: How its author is known to live here: a seat on their phone, a letter's code, a place that they
#: named, or staff who wrote it down.
KnownBy = Literal["seat", "code", "place", "staff"]
#: `held`: a person reads it first. `hidden`: a person decided not to show it.
IdeaState = Literal["held", "shown", "hidden", "withdrawn"]
Verdict = Literal["costed", "unknown", "no"]
#: `none`: nobody has worked it out yet.
Standing = Literal["none", "costed", "unknown", "no"]
Step = Literal[
    "received",
    "shown",
    "hidden",
    "costed",
    "unknown",
    "no",
    "joined",
    "parted",
    "listed",
    "funded",
    "unfunded",
    "done",
    "withdrawn",
]


class IdeaCall(Public, Dated, Base):
    """That ideas are asked for what a pot could pay for, and until when."""

    __tablename__ = "idea_call"

    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"), unique=True)
    #: Whether ideas are taken now, and the last day on which they are; None for no end.
    taking: Mapped[bool] = mapped_column(default=True)
    closes_on: Mapped[date | None]
    #: By when every idea is to have its cost; told to everybody.
    costed_by: Mapped[date | None]
    #: Whether a person reads every idea before it is shown, not only those with a doubt.
    all_held: Mapped[bool] = mapped_column(default=False)

    pot: Mapped[Pot] = relationship()


class Idea(Public, Dated, Base):
    """What somebody would change, in their own words. How to reach them is sealed."""

    __tablename__ = "idea"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        # The same page sent twice, or forty times at once, adds one.
        UniqueConstraint("call_id", "key"),
        one_of("origin", Origin),
        one_of("known_by", KnownBy),
        one_of("state", IdeaState),
        one_of("costing", Standing),
        CheckConstraint(
            "project_id IS NULL OR (state = 'shown' AND costing IN ('none', 'costed'))",
            name="joined",
        ),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("idea_call.id"))
    #: Its number among the call's ideas, from 1.
    number: Mapped[int]
    origin: Mapped[str] = mapped_column(String(10), default="phone")
    known_by: Mapped[str] = mapped_column(String(10))
    #: The author's language: what they are told is in it.
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[Translated] = mapped_column(TranslatedText)
    why: Mapped[Translated] = mapped_column(TranslatedText)
    #: Where something would change; None for no place in particular.
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    #: Why a person should read it first: keys of `rules.DOUBTS`.
    doubts: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Its words as a search compares them.
    folded: Mapped[str] = mapped_column(Text)
    #: The photo's identifier, and whether a person has let it be shown.
    photo: Mapped[str | None] = mapped_column(String(12))
    photo_shown: Mapped[bool] = mapped_column(default=False)
    #: What the newest costing says.
    costing: Mapped[str] = mapped_column(String(10), default="none")
    project_id: Mapped[int | None] = mapped_column(
        ForeignKey("project.id", ondelete="SET NULL"), index=True
    )
    #: Empty where nobody can be told anything.
    person_key: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    #: A keyed hash of the page that sent it.
    key: Mapped[str | None] = mapped_column(String(64))
    #: Who of the staff wrote it down, as the audit log names them.
    entered_by: Mapped[str | None] = mapped_column(String(40))

    call: Mapped[IdeaCall] = relationship()
    place: Mapped[Place | None] = relationship()
    project: Mapped[Project | None] = relationship()

    @property
    def contact(self) -> str:
        """How the author is told what becomes of it; empty where they gave nothing."""
        opened: dict[str, Any] = (
            crypto.unseal(self.sealed, self.person_key) if self.person_key else {}
        )
        return str(opened.get("contact", ""))


class Wish(Base):
    """That somebody wants an idea too: once a person, nobody knows who."""

    __tablename__ = "idea_wish"

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    #: A keyed hash of the seat or the browser, another one for each idea.
    who: Mapped[str] = mapped_column(String(64), primary_key=True)


class Costing(Numbered, Dated, Base):
    """What an officer says of an idea's cost; each change is one more version, and all are kept."""

    __tablename__ = "costing"
    __table_args__ = (
        UniqueConstraint("idea_id", "version"),
        one_of("verdict", Verdict),
        CheckConstraint("(verdict = 'costed') = (pence IS NOT NULL)", name="costed"),
        CheckConstraint("pence > 0", name="pence"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    #: From 1; the highest counts.
    version: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10))
    pence: Mapped[int | None] = mapped_column(BigInteger)
    #: Whether it costs that every year, not once.
    yearly: Mapped[bool] = mapped_column(default=False)
    #: How it was worked out, with its figures.
    basis: Mapped[str] = mapped_column(String(400), default="")
    #: In plain words, for the author and everybody.
    reason: Mapped[Translated] = mapped_column(TranslatedText)
    by: Mapped[str] = mapped_column(String(40))


class IdeaStep(Numbered, Dated, Base):
    """One step of an idea's road; its author is told of each once."""

    __tablename__ = "idea_step"
    __table_args__ = (UniqueConstraint("idea_id", "step", "about"), one_of("step", Step))

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    step: Mapped[str] = mapped_column(String(10))
    #: Which costing, joining or ballot it is about; empty where there is one only.
    about: Mapped[str] = mapped_column(String(40), default="")
    #: What was said with it, such as why it is not shown.
    words: Mapped[Translated | None] = mapped_column(TranslatedText)
