"""What tables write down: a line a point, by several people at once, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sized

from sqlalchemy import func, select

from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.holdings import ERASED
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.core.typed import one_line
from panel_app.deliberation.statements import themes
from panel_app.deliberation.tables import queries
from panel_app.deliberation.tables.models import TableNote, TablePlan
from panel_app.live import versions
from panel_app.panels.models import Member

LONGEST_NOTE = 280
#: Notes that one table may write in one round.
MOST_NOTES = 40


def write_notes(
    *, plan: TablePlan, number: int, text: str, language: str, key: str, author: Member | None
) -> list[TableNote]:
    """Add a note for each line; the same `key` adds them once.

    Raises Conflict where no round is on, Refused for nothing, too long a line, or too many.
    """
    _must_be_on(plan)
    lines = [line for line in map(one_line, text.splitlines()) if line]
    if not lines:
        raise Refused(_("Write a point first."), field="text")
    if any(len(line) > LONGEST_NOTE for line in lines):
        most = _("Write at most %(most)s characters a line.", most=LONGEST_NOTE)
        raise Refused(most, field="text")
    there = {note.key: note for note in queries.notes_at(plan, plan.current_round, number)}
    keys = [f"{plan.current_round}-{number}-{key}:{line}" for line in range(len(lines))]
    if keys[0] in there:
        return [there[one] for one in keys if one in there]
    _check_room(there, len(lines))
    made = [
        _add(plan, number, one, language, k, author) for k, one in zip(keys, lines, strict=True)
    ]
    versions.bump(plan.item.session.topic)
    return made


def rewrite(
    *, note: TableNote, text: str, language: str, version: int, author: Member | None
) -> TableNote:
    """Change a note; where somebody changed it meanwhile both texts stay.

    `version` is the one that was on the page. Raises Conflict where its round is over.
    """
    _must_be_on(note.plan)
    locked(note)
    line = one_line(text)
    if note.round != note.plan.current_round:
        raise Conflict(_("This round is over: what was written stays."))
    if not line or len(line) > LONGEST_NOTE:
        most = _("Write at most %(most)s characters a line.", most=LONGEST_NOTE)
        raise Refused(most, field="text")
    if version != note.version:
        _check_room(queries.notes_at(note.plan, note.round, note.number))
        return _add(note.plan, note.number, line, language, None, author)
    note.wording, note.version = Translated.of(language, **{language: line}), note.version + 1
    db.session.flush()
    versions.bump(note.plan.item.session.topic)
    return note


def hide(*, note: TableNote, hidden: bool, actor: str) -> None:
    """Take a note out of what others read, and out of themes; or put it back."""
    item = locked(note.plan.item)
    note.hidden = hidden
    if hidden:
        _take_back(note)
    db.session.flush()
    action = "hidden" if hidden else "shown"
    audit.record(f"note.{action}", actor=actor, subject=f"note:{note.public_id}")
    versions.bump(item.session.topic)


def erase_member(*, member: Member, actor: str) -> None:
    """Erase what a member wrote for tables, wherever it is kept."""
    mine = select(TableNote).where(TableNote.author_id == member.id)
    for note in db.session.scalars(mine).all():
        locked(note.plan.item)
        original = note.wording.original
        note.wording = Translated.of(original, **{original: ERASED})
        note.author_id, note.key, note.hidden = None, None, True
        _take_back(note)
        audit.record("note.erased", actor=actor, subject=f"note:{note.public_id}")
    db.session.flush()


def wordings(plan: TablePlan) -> Mapping[str, Translated]:
    """Return what tables wrote, by number, for sorting into themes."""
    return {str(n.place): n.wording for each in queries.written(plan) for n in each.notes}


def _take_back(note: TableNote) -> None:
    """Leave nothing of a note in kept themes."""
    item = note.plan.item
    kept = (item.snapshot or {}).get(themes.THEMES)
    if kept is not None:
        item.snapshot = {**(item.snapshot or {}), themes.THEMES: themes.without(kept, note.place)}


def _check_room(there: Sized, more: int = 1) -> None:
    if len(there) + more > MOST_NOTES:
        most = _("A table writes at most %(most)s points.", most=MOST_NOTES)
        raise Refused(most, field="text")


def _must_be_on(plan: TablePlan) -> None:
    """Hold the plan against whoever ends the round at this moment."""
    locked(plan)
    if not plan.running or plan.item.state != "open":
        raise Conflict(_("This round is over: what was written stays."))


def _add(
    plan: TablePlan, number: int, line: str, language: str, key: str | None, author: Member | None
) -> TableNote:
    last = select(func.max(TableNote.place)).where(TableNote.plan_id == plan.id)
    note = TableNote(
        plan=plan,
        place=(db.session.scalar(last) or 0) + 1,
        round=plan.current_round,
        number=number,
        wording=Translated.of(language, **{language: line}),
        author_id=author.id if author else None,
        key=key,
    )
    db.session.add(note)
    db.session.flush()
    return note
