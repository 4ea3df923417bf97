"""The pool and the targets of a panel, and the lottery that picks from them."""

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
from panel_app.panels.models import Member, Panel

#: What a lottery fills: every seat of the panel, the seats that people gave up, or a list of
#: reserves for whoever may give one up.
LotteryKind = Literal["panel", "replacement", "reserves"]
LotteryState = Literal["waiting", "working", "proposed", "ready", "failed", "drawn"]
#: How a call ended: they said yes, no, or neither; nobody answered; they want another call.
CallOutcome = Literal["yes", "no", "reached", "no_answer", "back"]
#: How somebody came into the pool: in an uploaded file, or by registering on a page, by phone, on
#: paper.
Origin = Literal["file", "web", "phone", "paper"]
#: What becomes of people who give no answer to a feature: they are a fault of the file, are left
#: out of that feature's targets, or can't be drawn.
Silent = Literal["fault", "leave", "exclude"]
#: Where a panel can still be drawn from a lottery, which needs to know who is who.
TO_BE_DRAWN = ("proposed", "ready")


class Target(Numbered, Base):
    """How many people with one value of a feature the panel is to have."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("panel_id", "feature", "value"),
        CheckConstraint("0 <= minimum AND minimum <= maximum", name="range"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    position: Mapped[int]
    feature: Mapped[str] = mapped_column(String(120))
    value: Mapped[str] = mapped_column(String(200))
    minimum: Mapped[int]
    maximum: Mapped[int]
    #: How far a suggested change of the targets may go.
    minimum_flex: Mapped[int]
    maximum_flex: Mapped[int]


class FeatureWording(Numbered, Base):
    """What residents read for a feature, or for one of its values, in their languages.

    It outlives another import of the targets: the same names mean the same again.
    """

    __tablename__ = "feature_wording"
    __table_args__ = (UniqueConstraint("panel_id", "feature", "value"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    #: As the file of targets spells them; the feature itself has no value.
    feature: Mapped[str] = mapped_column(String(120))
    value: Mapped[str] = mapped_column(String(200), default="")
    wording: Mapped[Translated] = mapped_column(TranslatedText)


class Pool(Numbered, Dated, Base):
    """What the uploaded file of people looked like: which columns name a person and an address."""

    __tablename__ = "pool"
    __table_args__ = (one_of("silent", Silent),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), unique=True)
    #: The headers of the sealed columns, in the file's order.
    columns: Mapped[list[str]] = mapped_column(JSON)
    #: The columns that make a person's name on a letter.
    name_columns: Mapped[list[str]] = mapped_column(JSON)
    #: The columns that make a home, of which at most one is drawn. None until somebody has chosen;
    #: an empty list says that there are none.
    address_columns: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    #: The columns that stand on a letter; None where these are what makes a home.
    letter_columns: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    #: What the columns and cells of the last file meant (importing/plan.py).
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: What becomes of people who give no answer to a feature.
    silent: Mapped[str] = mapped_column(String(8), default="fault", server_default="fault")
    #: What the last look at it against the targets found, and of what (pool_check.py).
    checked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Counts every change of the people who came in files.
    edition: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def on_letters(self) -> list[str]:
        """The columns that stand on a letter below the name."""
        chosen = self.address_columns if self.letter_columns is None else self.letter_columns
        return list(chosen or ())


class Person(Public, Dated, Base):
    """One person of the pool. Names and contacts are sealed with a key of their own."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("panel_id", "reference"),
        Index("ix_person_panel_id_household", "panel_id", "household"),
        # Whoever is still in the pool is counted without a look at every row.
        Index(
            "ix_person_in_pool",
            "panel_id",
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        one_of("origin", Origin),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    #: The id in the uploaded file, or the row's number where the file has none.
    reference: Mapped[str] = mapped_column(String(120))
    #: Feature name to value, as the targets spell them.
    features: Mapped[dict[str, str]] = mapped_column(JSON)
    #: A keyed hash of the address: equal for one household. None where no address was given.
    household: Mapped[str | None] = mapped_column(String(64))
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: The other columns of the file, by their header.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), unique=True)
    #: The lottery that gave this person their seat.
    lottery_id: Mapped[int | None] = mapped_column(ForeignKey("lottery.id"), index=True)
    origin: Mapped[str] = mapped_column(String(8), default="file", server_default="file")
    #: The way in by which they registered, the text that they consented to, when, and who wrote
    #: that down: `self`, or staff as the audit log names them. None for people of a file.
    way_in_id: Mapped[int | None] = mapped_column(ForeignKey("registration_page.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent_text.id"))
    consented_at: Mapped[datetime | None] = mapped_column(Moment)
    consent_by: Mapped[str | None] = mapped_column(String(40))
    #: When they took their name back: they are in no lottery from then on.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    member: Mapped[Member | None] = relationship()
    lottery: Mapped[Lottery | None] = relationship()

    @property
    def details(self) -> dict[str, Any]:
        """The kept columns of the uploaded file, by their header."""
        return crypto.unseal(self.sealed, self.person_key)


#: Whoever is still in the pool.
IN_POOL = Person.withdrawn_at.is_(None)


def _one_a_panel(name: str, where: str) -> Index:
    """Return an index that allows one such lottery of a panel at a time."""
    condition = text(where)
    return Index(name, "panel_id", unique=True, sqlite_where=condition, postgresql_where=condition)


class Lottery(Public, Dated, Base):
    """A fair lottery over many possible panels, published before one of them is drawn."""

    __tablename__ = "lottery"
    __table_args__ = (
        one_of("state", LotteryState),
        CheckConstraint("(state = 'drawn') = (drawn_index IS NOT NULL)", name="drawn"),
        one_of("kind", LotteryKind),
        _one_a_panel("uq_lottery_in_use", "kind = 'panel' AND state <> 'failed'"),
        CheckConstraint("kind <> 'reserves' OR parent_id IS NOT NULL", name="parent"),
        _one_a_panel(
            "uq_lottery_after_the_draw", "kind <> 'panel' AND state NOT IN ('failed', 'drawn')"
        ),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="panel")
    #: The lottery that drew the panel, of which this one fills seats.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("lottery.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    #: How many panels the portfolio holds, each equally likely.
    panels: Mapped[int] = mapped_column(default=1000)
    #: What the computation's own choices come from; published with the lottery. The dice decide
    #: which panel is drawn.
    seed: Mapped[int]
    #: How many people are to be chosen, and from how many.
    size: Mapped[int]
    pool_size: Mapped[int]
    #: The fingerprint shown before the draw (SHA-256, hexadecimal).
    commitment: Mapped[str | None] = mapped_column(String(64))
    #: The smallest chance that anyone in the pool has, between 0 and 1.
    smallest_chance: Mapped[float | None]
    #: Every file of the public bundle: its name to its text. Megabytes: read when asked for only.
    bundle: Mapped[dict[str, str] | None] = mapped_column(JSON, deferred=True)
    #: The `salt` of the pseudonyms and, once computed, the `key`: each pseudonym's person
    #: (public_id). Neither is in the bundle.
    private: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    #: What each value of a feature means for people's chances (lottery_rows.py).
    chances: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Whether somebody asked for the best lottery so far instead of the best possible.
    enough: Mapped[bool] = mapped_column(default=False)
    #: People whom no panel can hold: `features`, `people` (how many) and the target `changes`
    #: that would include them.
    uncoverable: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: The stage of the computation and how much of it is done, in per cent.
    stage: Mapped[str | None] = mapped_column(String(40))
    done: Mapped[int] = mapped_column(default=0)
    #: When the job last wrote that it goes on; a job that was killed writes no more.
    beat_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Targets that the organiser eased for this lottery alone, as rows (lottery_rows.py).
    eased: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Of reserves: the `share` of members who are expected to leave, and once computed how many
    #: people are likely to be missing in the targets `without` reserves and `with` them.
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Why there is no lottery: a `code` (desk/changes.py), and the target `changes` that help or,
    #: where a committed one was given up, the `reason` in its organiser's words.
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    committed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The digits that somebody typed and nobody has said yes to; nothing is drawn by them.
    typed: Mapped[str | None] = mapped_column(String(10))
    #: The digits that were rolled, such as `407`.
    dice: Mapped[str | None] = mapped_column(String(10))
    drawn_index: Mapped[int | None]
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)

    panel: Mapped[Panel] = relationship()


class Reserve(Public, Dated, Base):
    """Somebody drawn in advance for a seat that may become free, in the order to be called in."""

    __tablename__ = "reserve"
    __table_args__ = (
        UniqueConstraint("lottery_id", "position"),
        CheckConstraint("position > 0", name="position"),
    )

    lottery_id: Mapped[int] = mapped_column(ForeignKey("lottery.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    position: Mapped[int]
    #: When they were given a seat, and why before others; the reason is public.
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(String(400))

    person: Mapped[Person] = relationship()
    lottery: Mapped[Lottery] = relationship()


class Call(Numbered, Dated, Base):
    """One attempt to ring somebody who was asked to take part."""

    __tablename__ = "call"
    __table_args__ = (one_of("outcome", CallOutcome),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    #: Who rang, as the audit log names them.
    by: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10))
    #: When they want to be rung again.
    back_at: Mapped[datetime | None] = mapped_column(Moment)
    #: A note, sealed with the person's own key: it goes with it.
    note: Mapped[bytes | None] = mapped_column(LargeBinary)


class Calling(Base):
    """Who is ringing somebody just now, so that nobody is rung by two at once."""

    __tablename__ = "calling"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    by: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(Moment)


class Support(Numbered, Dated, Base):
    """What would help a member come, and what became of it; sealed with the person's own key.

    What helps somebody may tell of their health, so not even how much was asked for is in clear.
    """

    __tablename__ = "support"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    #: Sealed: `needs`, each kind's state (support.py), and `words`, what they wrote.
    content: Mapped[bytes] = mapped_column(LargeBinary)
