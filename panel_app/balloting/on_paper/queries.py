"""Reading what is on paper: batches, where two people differ, and what may be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from panel_app.balloting import papers
from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper.models import PaperBatch, PaperVoter, PrintedPaper, TypedPaper
from panel_app.core import ids
from panel_app.core.db import db, one
from panel_app.core.text import _
from panel_app.panels.models import Member

#: How many papers a page to print holds; a longer run prints several.
PAPERS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A paper that two people read differently, or that one of them didn't type."""

    number: str
    #: What each of the two typed, in words; None for nothing.
    entered: Any
    checked: Any


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands."""

    number: int
    place: str
    size: int
    entered: bool
    checked: bool
    #: Whether both have typed all of it, and the same: only then it counts.
    settled: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Papers that were printed together."""

    number: int
    language: str
    papers: int


def votes_on_paper(ballot: Ballot, member: Member) -> bool:
    """Whether the member was handed a paper, so that no other vote of theirs counts."""
    return db.session.get(PaperVoter, (ballot.id, member.id)) is not None


def handed_out(ballot: Ballot) -> int:
    """Return how many people were handed a paper that they didn't give back."""
    query = select(func.count()).select_from(PaperVoter)
    return db.session.scalar(query.where(PaperVoter.ballot_id == ballot.id)) or 0


def who_votes_on_paper(ballot: Ballot) -> Sequence[Member]:
    """Return those who were handed a paper, by seat."""
    query = select(Member).join(PaperVoter, PaperVoter.member_id == Member.id)
    return db.session.scalars(
        query.where(PaperVoter.ballot_id == ballot.id).order_by(Member.seat)
    ).all()


def runs(ballot: Ballot) -> list[Run]:
    """Return what was printed, in order."""
    counted = select(PrintedPaper.run, PrintedPaper.language, func.count())
    query = counted.where(PrintedPaper.ballot_id == ballot.id)
    grouped = query.group_by(PrintedPaper.run, PrintedPaper.language).order_by(PrintedPaper.run)
    return [Run(*row) for row in db.session.execute(grouped)]


def numbers_of(ballot: Ballot, run: int, page: int) -> list[str]:
    """Return a page of a run's numbers, as they are printed; pages count from one."""
    query = select(PrintedPaper.number).where(
        PrintedPaper.ballot_id == ballot.id, PrintedPaper.run == run
    )
    place = (page - 1) * PAPERS_A_PAGE
    ordered = query.order_by(PrintedPaper.number).offset(place).limit(PAPERS_A_PAGE)
    return [ids.spell(number) for number in db.session.scalars(ordered)]


def batch_of(ballot: Ballot, number: int) -> PaperBatch:
    """Return a batch by the number on it. Raises NotFound where there is none."""
    query = select(PaperBatch).where(PaperBatch.ballot_id == ballot.id)
    return one(query.where(PaperBatch.number == number))


def batches(ballot: Ballot) -> list[Batch]:
    """Return the batches, by number."""
    query = select(PaperBatch).where(PaperBatch.ballot_id == ballot.id)
    return [
        Batch(b.number, b.place, b.size, b.entered, b.checked, is_settled(b))
        for b in db.session.scalars(query.order_by(PaperBatch.number))
    ]


def side_of(batch: PaperBatch, who: str) -> int | None:
    """Return which of the two somebody is: 1, 2, or None for neither yet."""
    return {batch.entered_by: 1, batch.checked_by: 2}.get(who)


def typed(batch: PaperBatch, side: int) -> dict[str, TypedPaper]:
    """Return what one of the two typed, by the papers' numbers, in their order."""
    query = select(TypedPaper).where(TypedPaper.batch_id == batch.id, TypedPaper.side == side)
    return {row.number: row for row in db.session.scalars(query.order_by(TypedPaper.number))}


def is_settled(batch: PaperBatch) -> bool:
    """Whether two people have typed all of the batch, and the same."""
    if not (batch.entered and batch.checked):
        return False
    entered, checked = _read(batch, 1), _read(batch, 2)
    return entered == checked and len(entered) == batch.size


def differences(batch: PaperBatch) -> list[Difference]:
    """Return what two people read differently, by number; nothing before both have typed all."""
    if not (batch.entered and batch.checked):
        return []
    entered, checked = typed(batch, 1), typed(batch, 2)
    alike, both = _read(batch, 1), _read(batch, 2)
    return [
        Difference(
            ids.spell(number),
            in_words(batch.ballot, entered.get(number)),
            in_words(batch.ballot, checked.get(number)),
        )
        for number in sorted(entered.keys() | checked.keys())
        if alike.get(number) != both.get(number)
    ]


def in_words(ballot: Ballot, paper: TypedPaper | None) -> Any:
    """Return what somebody read on a paper; None where they didn't type it."""
    if paper is None:
        return None
    if paper.said == "vote":
        return papers.of(ballot).words(ballot, paper.choice)
    return _("Left blank") if paper.said == "blank" else _("Void")


def unsettled(ballot: Ballot) -> list[int]:
    """Return the numbers of the batches that can't be counted yet."""
    return [batch.number for batch in batches(ballot) if not batch.settled]


def typed_papers(ballot: Ballot) -> list[TypedPaper]:
    """Return what was typed first of every batch, in the order of the papers' numbers.

    It counts where every batch is settled, so that somebody else read the same.
    """
    query = select(TypedPaper).where(TypedPaper.ballot_id == ballot.id, TypedPaper.side == 1)
    return list(db.session.scalars(query.order_by(TypedPaper.number)))


def brought_back(ballot: Ballot) -> int:
    """Return how many papers were typed a second time, and say something."""
    query = select(func.count()).select_from(TypedPaper)
    read = query.where(TypedPaper.ballot_id == ballot.id, TypedPaper.side == 2)
    return db.session.scalar(read.where(TypedPaper.choice.is_not(None))) or 0


def _read(batch: PaperBatch, side: int) -> dict[str, tuple[str, Any]]:
    return {number: (row.said, row.choice) for number, row in typed(batch, side).items()}
