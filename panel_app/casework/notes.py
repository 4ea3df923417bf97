"""Notes in discussion: one each, without a name; others agree or disagree with it, once.

A view is final, and figures of a note are told in steps of five views: so no second look at them
tells what one person thinks.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from panel_app.casework import services
from panel_app.casework.models import Case, Note, NoteView
from panel_app.casework.queries import assessment_of
from panel_app.core import disclosure, errors
from panel_app.core.db import db, locked, one
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.panels.models import Member

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as a reader sees it."""

    public_id: str
    text: str
    language: str
    #: Between which numbers agreed and disagreed; None before five have said so.
    agreed: disclosure.Told | None
    disagreed: disclosure.Told | None
    own: bool
    #: What the reader said to it, if anything.
    view: bool | None


def may_discuss(case: Case, member: Member) -> bool:
    """Whether the member has formed a view of their own, where members score at all."""
    return case.scheme.scorers == "staff" or assessment_of(case, member) is not None


def write(*, case: Case, member: Member, text: str, language: str) -> Note:
    """Keep a member's note; it may change until somebody agreed or disagreed.

    Raises NotAllowed before their own score, Conflict once it is decided or answered, Refused for
    an empty or a long one.
    """
    _check(case, member)
    kept = cleaned(text)
    if not kept or len(kept) > LONGEST:
        raise errors.Refused(
            _("Write a sentence or two: at most %(max)d characters.", max=LONGEST), field="text"
        )
    note = own(case, member)
    if note is None:
        note = Note(case_id=case.id, member_id=member.id, text=kept, language=language)
        db.session.add(note)
    elif _views(note):
        raise errors.Conflict(_("Somebody has answered your note, so it stays as it is."))
    note.text, note.language = kept, language
    db.session.flush()
    return note


def answer(*, case: Case, member: Member, note_id: str, agrees: bool) -> None:
    """Keep whether a member agrees with another's note, once.

    Raises NotAllowed before their own score or for their own note, Conflict once they said so.
    """
    _check(case, member)
    note = locked(one(select(Note).where(Note.public_id == note_id, Note.case_id == case.id)))
    if note.member_id == member.id:
        raise errors.NotAllowed(_("This note is your own."))
    if db.session.get(NoteView, (note.id, member.id)):
        raise errors.Conflict(_("You have answered this note already."))
    db.session.add(NoteView(note_id=note.id, member_id=member.id, agrees=agrees))
    db.session.flush()
    _tell(note)


def own(case: Case, member: Member) -> Note | None:
    """Return the member's note, or None."""
    return db.session.scalar(
        select(Note).where(Note.case_id == case.id, Note.member_id == member.id)
    )


def shown(case: Case, member: Member | None = None) -> list[Shown]:
    """Return a case's notes in no order of who wrote when, as a member or the desk sees them."""
    notes = db.session.scalars(
        select(Note).where(Note.case_id == case.id).order_by(Note.public_id).limit(200)
    )
    said = select(NoteView.note_id, NoteView.agrees).where(
        NoteView.member_id == (member.id if member else 0)
    )
    views = dict(db.session.execute(said).all())
    return [_shown(note, member, views.get(note.id)) for note in notes]


def _shown(note: Note, member: Member | None, view: bool | None) -> Shown:
    told = disclosure.tell([note.agreed, note.disagreed])
    agreed, disagreed = told if note.agreed + note.disagreed else (None, None)
    own = member is not None and note.member_id == member.id
    return Shown(note.public_id, note.text, note.language, agreed, disagreed, own, view)


def _views(note: Note) -> int:
    query = select(func.count()).select_from(NoteView).where(NoteView.note_id == note.id)
    return db.session.scalar(query) or 0


def _tell(note: Note) -> None:
    """Tell the figures anew once five more have answered."""
    query = select(NoteView.agrees, func.count()).where(NoteView.note_id == note.id)
    counts = dict(db.session.execute(query.group_by(NoteView.agrees)).all())
    if disclosure.may_tell(sum(counts.values()) - note.agreed - note.disagreed):
        note.agreed, note.disagreed = counts.get(True, 0), counts.get(False, 0)
        db.session.flush()


def _check(case: Case, member: Member) -> None:
    services.hold_undecided(case)
    services.check_reader(case, member)
    if not may_discuss(case, member):
        raise errors.NotAllowed(_("Score it first: then you see what others say."))
