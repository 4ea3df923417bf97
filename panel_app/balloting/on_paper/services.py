"""Voting on paper: printing, handing out, and typing what comes back, twice.

Handing a paper out touches no sealed paper: what one transaction writes stays together in the
database's log. What an elector cast on a phone before is left out at closing (closing.py).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select
from werkzeug.datastructures import MultiDict

from panel_app.balloting import numbers, papers
from panel_app.balloting.models import Ballot
from panel_app.balloting.on_paper import queries
from panel_app.balloting.on_paper.models import PaperBatch, PaperVoter, PrintedPaper, TypedPaper
from panel_app.core import audit, ids, upserts
from panel_app.core.db import db, found, held_open, locked
from panel_app.core.errors import Conflict, NotAllowed, Refused
from panel_app.core.text import _
from panel_app.core.typed import one_line
from panel_app.panels import electorate
from panel_app.panels.models import Member

#: The most papers of one printing.
LONGEST_RUN = 2000


def print_run(*, ballot: Ballot, language: str, papers: int, actor: str) -> int:
    """Make so many papers with numbers of their own; return the run's number, to print it.

    Raises Conflict where the ballot isn't open: until then what is on it may change. Raises Refused
    for no number of papers.
    """
    _must_be_open(locked(ballot))
    if not 1 <= papers <= LONGEST_RUN:
        raise Refused(
            _("Print from 1 to %(most)d papers at a time.", most=LONGEST_RUN), field="papers"
        )
    run = 1 + max((one.number for one in queries.runs(ballot)), default=0)
    row = {"ballot_id": ballot.id, "run": run, "language": language, "returned": False}
    printed = select(PrintedPaper.number).where(PrintedPaper.ballot_id == ballot.id)
    taken, fresh = set(db.session.scalars(printed)), set[str]()
    while len(fresh) < papers:
        fresh |= {numbers.new()} - taken
    db.session.execute(insert(PrintedPaper), [{**row, "number": one} for one in sorted(fresh)])
    _note("ballot.papers_printed", ballot, actor, run=run, papers=papers, language=language)
    return run


def hand_out(*, ballot: Ballot, member: Member, actor: str) -> bool:
    """Note that the elector votes on paper from now on; return False where they did already.

    Whether they had voted is neither asked nor told. Raises Conflict where the ballot isn't open,
    NotAllowed for who isn't in the electorate.
    """
    held_open(ballot)
    _must_be_open(ballot)
    if ballot.panel_id != member.panel_id:
        found(None)
    if not electorate.includes(ballot.name, member):
        raise NotAllowed(_("This person is not on the list of those who may vote in this ballot."))
    if not upserts.write_once(PaperVoter, {"ballot_id": ballot.id, "member_id": member.id}):
        return False
    _note("ballot.paper_handed_out", ballot, actor)
    return True


def give_back(*, ballot: Ballot, member: Member, number: str, actor: str) -> None:
    """Take an unused paper back: it is never counted, and the elector votes as before.

    Raises Conflict where the ballot isn't open or the person has no paper, Refused for a number
    that was never printed, was given back or was typed.
    """
    _must_be_open(locked(ballot))
    printed = _printed(ballot, number)
    read = select(TypedPaper.side).where(
        TypedPaper.ballot_id == ballot.id, TypedPaper.number == printed.number
    )
    if db.session.scalars(read.limit(1)).first() is not None:
        raise Refused(
            _("This paper was handed in and typed, so it can’t be given back."), field="number"
        )
    mine = PaperVoter.ballot_id == ballot.id, PaperVoter.member_id == member.id
    if db.session.scalar(delete(PaperVoter).where(*mine).returning(PaperVoter.member_id)) is None:
        raise Conflict(_("This person has no paper."))
    printed.returned = True
    db.session.flush()
    _note("ballot.paper_given_back", ballot, actor)


def open_batch(*, ballot: Ballot, number: int, place: str, size: int, actor: str) -> PaperBatch:
    """Note papers that lie together, under the number that is written on them.

    Raises Conflict where the ballot isn't open, Refused for a number that another batch has.
    """
    _must_be_open(locked(ballot))
    taken = PaperBatch.ballot_id == ballot.id, PaperBatch.number == number
    if db.session.scalar(select(PaperBatch.id).where(*taken)) is not None:
        raise Refused(
            _("There is a batch with this number already. Write another on this one."),
            field="number",
        )
    batch = PaperBatch(ballot_id=ballot.id, number=number, place=one_line(place), size=size)
    db.session.add(batch)
    db.session.flush()
    _note("ballot.batch_opened", ballot, actor, batch=number, papers=size)
    return batch


def change_batch(*, batch: PaperBatch, size: int, actor: str) -> None:
    """Correct how many papers lie in a batch."""
    _must_be_open(locked(batch.ballot))
    before, batch.size = batch.size, size
    db.session.flush()
    _note(
        "ballot.batch_changed", batch.ballot, actor, batch=batch.number, before=before, papers=size
    )


def delete_batch(*, batch: PaperBatch, actor: str) -> None:
    """Forget a batch and all that was typed of it; its papers may be typed again."""
    ballot = locked(batch.ballot)
    _must_be_open(ballot)
    db.session.execute(delete(TypedPaper).where(TypedPaper.batch_id == batch.id))
    _note("ballot.batch_deleted", ballot, actor, batch=batch.number)
    db.session.delete(batch)
    db.session.flush()


def type_paper(*, batch: PaperBatch, who: str, number: str, said: str, choice: Any) -> TypedPaper:
    """Keep what `who` read on a paper: a vote with its choice, a blank or a void one.

    Raises Conflict where the ballot isn't open, or two others type this batch; Refused for a number
    that was typed already, doesn't fit its check, was never printed or was given back, and for a
    choice that the terms forbid.
    """
    side = _side(batch, who)
    ballot, printed = batch.ballot, _printed(batch.ballot, number)
    kept = _kept(ballot, said, choice)
    row = {"ballot_id": ballot.id, "side": side, "number": printed.number}
    if not upserts.write_once(
        TypedPaper, {**row, "batch_id": batch.id, "said": said, "choice": kept}
    ):
        raise Refused(_typed_already(batch, side, printed.number), field="number")
    return db.session.get_one(TypedPaper, (ballot.id, side, printed.number))


def correct_paper(*, batch: PaperBatch, who: str, number: str, said: str, choice: Any) -> None:
    """Keep what `who` reads on a paper now, in place of what they typed before."""
    side = _side(batch, who)
    paper = found(queries.typed(batch, side).get(ids.normalise_code(number)))
    paper.choice, paper.said = _kept(batch.ballot, said, choice), said
    db.session.flush()


def take_out(*, batch: PaperBatch, who: str, number: str) -> None:
    """Forget what `who` typed of a paper."""
    side = _side(batch, who)
    paper = found(queries.typed(batch, side).get(ids.normalise_code(number)))
    db.session.delete(paper)
    db.session.flush()


def finish(*, batch: PaperBatch, who: str) -> None:
    """Note that `who` has typed all of the batch; once both have, they may compare."""
    if _side(batch, who) == 1:
        batch.entered = True
    else:
        batch.checked = True
    db.session.flush()
    _note("ballot.batch_typed", batch.ballot, who, batch=batch.number)


def must_be_settled(ballot: Ballot) -> None:
    """Raise Conflict where a paper that was typed could be lost, or counted for nobody."""
    open_ones = queries.unsettled(ballot)
    if open_ones:
        raise Conflict(
            _(
                "These batches of paper are not settled: %(numbers)s. Two people have to type each"
                " of them alike, or it has to be deleted, before the ballot can be closed.",
                numbers=", ".join(map(str, open_ones)),
            )
        )
    came, out = len(queries.typed_papers(ballot)), queries.handed_out(ballot)
    if came > out:
        raise Conflict(
            _(
                "%(came)d papers were typed, but only %(out)d people were handed one. Note first"
                " who else was handed a paper, or take out the papers that don’t belong here.",
                came=came,
                out=out,
            )
        )


def _side(batch: PaperBatch, who: str) -> int:
    """Return which of the two `who` is, and make them one of them where somebody lacks.

    The ballot can't close meanwhile, and only one at a time may become one of the two.
    """
    held_open(batch.ballot)
    _must_be_open(batch.ballot)
    locked(batch)
    side = queries.side_of(batch, who)
    if side is not None:
        return side
    if batch.entered_by is None:
        batch.entered_by, side = who, 1
    elif batch.checked_by is None:
        batch.checked_by, side = who, 2
    else:
        raise Conflict(_("Two other people type this batch. A third would decide nothing."))
    db.session.flush()
    return side


def _printed(ballot: Ballot, typed: str) -> PrintedPaper:
    """Return the paper that a typed number is on. Raises Refused where there is none to count."""
    number = ids.normalise_code(typed)
    if not numbers.holds(number):
        raise Refused(
            _("This number has a mistake in it: compare it with the paper, sign by sign."),
            field="number",
        )
    printed = db.session.get(PrintedPaper, (ballot.id, number))
    if printed is None:
        raise Refused(_("No paper of this ballot was printed with this number."), field="number")
    if printed.returned:
        raise Refused(_("This paper was given back unused, so it is not counted."), field="number")
    return printed


def _kept(ballot: Ballot, said: str, choice: Any) -> Any:
    """Return the choice that counts; a blank paper chose none of these, where that may be."""
    kind = papers.of(ballot)
    if said == "vote":
        return kind.check(ballot.terms, choice)
    if said == "void":
        return None
    try:
        return kind.check(ballot.terms, kind.read(ballot, MultiDict()))
    except Refused:
        return None


def _typed_already(batch: PaperBatch, side: int, number: str) -> Any:
    typed = db.session.get_one(TypedPaper, (batch.ballot_id, side, number))
    where = db.session.get_one(PaperBatch, typed.batch_id)
    return _(
        "This paper was typed already, in batch %(batch)d. A paper counts once.", batch=where.number
    )


def _must_be_open(ballot: Ballot) -> None:
    if ballot.state != "open":
        raise Conflict(_("This ballot is not open."))


def _note(action: str, ballot: Ballot, actor: str, **details: Any) -> None:
    audit.record(action, actor=actor, subject=ballot.name, **details)
