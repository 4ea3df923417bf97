"""Answering and adding statements, moderating."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import bindparam, delete, select

from panel_app.core import audit, ids, upserts
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation import written
from panel_app.deliberation.statements import groups
from panel_app.deliberation.statements.models import (
    GuestAnswer,
    Reason,
    Statement,
    StatementAnswer,
    StatementState,
)
from panel_app.deliberation.statements.queries import waiting_of
from panel_app.live import versions
from panel_app.opinions.tokens import nearest
from panel_app.panels.models import Member
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem, Guest, Participant
from panel_app.sessions.services import answered, must_take_answers

#: Statements of one member that may wait for a moderator in one round.
WAITING_A_MEMBER = 5
LONGEST_STATEMENT = 140
#: The largest counter that a phone may send; it fits the column on every database.
LARGEST_COUNTER = 2_000_000_000

Opinion = Literal[-1, 0, 1]

_COLUMNS = Statement.__table__.c
#: What an answer has to agree with, as it is now; made once, as a hall's come by the hundred.
_AS_SHOWN = select(_COLUMNS.state, _COLUMNS.revision).where(_COLUMNS.id == bindparam("id"))


def answer_statement(
    *,
    statement: Statement,
    member: Participant,
    value: Opinion,
    counter: int,
    matters: bool = False,
    revision: int = 0,
) -> None:
    """Keep what a member or a guest makes of a statement, guests' apart; sent twice it counts once.

    An answer with a lower counter than the one kept is older, however late it arrives, and
    changes nothing. Raises Conflict where the round is closed, the statement is not shown, or its
    wording is no longer the `revision` that was read.
    """
    must_take_answers(statement.item)
    # Whoever corrects it holds the item: what is read from now on stays.
    now = db.session.execute(_AS_SHOWN, {"id": statement.id}).one()
    if now.state != "accepted":
        raise Conflict(_("This statement is no longer shown."))
    if now.revision != revision:
        raise Conflict(_("This statement was corrected meanwhile. Read it again, then answer."))
    is_guest = isinstance(member, Guest)
    upserts.keep_newest(
        GuestAnswer if is_guest else StatementAnswer,
        whose={"statement_id": statement.id, "guest_id" if is_guest else "member_id": member.id},
        answer={
            "value": value,
            "matters": matters and asks_what_matters(statement.item),
            "counter": counter,
        },
        fresh={},
    )
    answered(statement.item, member)


def add_statement(
    *,
    item: AgendaItem,
    member: Participant,
    text: str,
    language: str,
    key: str,
    corrects: int | None = None,
) -> Statement:
    """Hand a member's or a guest's own statement to the moderator; the same `key` adds one.

    `corrects` is the number of the one beside which it is put. Raises Conflict where the round is
    closed, Refused where the member's others still wait.
    """
    locked(item)
    must_take_answers(item)
    before = written.with_key(Statement, item, member, key)
    if before is not None:
        return before
    if not item.settings.get("adding", True):
        raise Conflict(_("No more statements are taken in this round."))
    if waiting_of(item, member) >= WAITING_A_MEMBER:
        raise Refused(_("Your earlier statements are still being checked."), field="text")
    wording = Translated.of(language, **{language: text})
    made = write(item, wording, author=member, key=key, corrects=corrects)
    versions.hint_figures(item.session.topic)
    return made


def moderate(
    *,
    statement: Statement,
    state: StatementState,
    actor: str,
    reason: Reason | None = None,
    revision: int | None = None,
) -> None:
    """Accept or reject a statement; either can be changed while the round is not closed.

    What is rejected after closing is taken out of everything that was kept; its author reads the
    `reason`. Raises Conflict for accepting then: nobody could answer it any more; and for
    accepting a wording that is no longer the `revision` that was read.
    """
    item = locked(statement.item)
    locked(statement)
    if state == "accepted" and item.state == "closed":
        raise Conflict(_("This round has closed: it is too late to put the statement to people."))
    if state == "accepted" and revision not in {None, statement.revision}:
        raise Conflict(_("Its author has corrected it meanwhile. Read it again."))
    statement.state, statement.reason = state, reason if state == "rejected" else None
    if state == "rejected":
        _take_back(item, statement)
    db.session.flush()
    audit.record(f"statement.{state}", actor=actor, subject=f"statement:{statement.public_id}")
    versions.bump(item.session.topic)


def _take_back(item: AgendaItem, statement: Statement) -> None:
    """Leave nothing of a statement in the kept results: wall, phones and exports read those."""
    if item.snapshot is not None:
        item.snapshot = groups.without(item.snapshot, statement.number)
    if item.guest_snapshot is not None:
        rows = item.guest_snapshot["statements"]
        kept = [row for row in rows if row["number"] != statement.number]
        item.guest_snapshot = {**item.guest_snapshot, "statements": kept}


def erase_member(*, member: Member, actor: str) -> None:
    """Erase a member's statements, wherever they are kept, and their answers to others.

    The figures of closed rounds stay as they were told: counted again without this member, they
    would say what the member answered.
    """
    query = select(Statement).where(Statement.author_id == member.id)
    for statement in db.session.scalars(query).all():
        item = locked(statement.item)
        original = statement.wording.original
        statement.wording = Translated.of(original, **{original: "–"})
        statement.state, statement.author_id, statement.key = "rejected", None, None
        statement.revision += 1
        _take_back(item, statement)
        subject = f"statement:{statement.public_id}"
        audit.record("statement.erased", actor=actor, subject=subject)
        versions.bump(item.session.topic)
    db.session.execute(delete(StatementAnswer).where(StatementAnswer.member_id == member.id))
    db.session.flush()


def seed_statements(item: AgendaItem) -> None:
    """Make the statements that the item's settings list, in place of those before."""
    clear_statements(item)
    for wording in activities.listed(item.settings, "seeds"):
        write(item, wording, author=None).state = "accepted"
    db.session.flush()


def clear_statements(item: AgendaItem) -> None:
    """Delete the statements of an item that nobody was asked."""
    db.session.execute(delete(Statement).where(Statement.item_id == item.id))


def write(
    item: AgendaItem,
    wording: Translated,
    *,
    author: Participant | None,
    key: str | None = None,
    corrects: int | None = None,
) -> Statement:
    """Add a statement under the item's next number; the caller holds the item."""
    statement = Statement(
        public_id=ids.public_id(),
        item_id=item.id,
        number=max(_wordings(item), default=0) + 1,
        author_id=author.id if isinstance(author, Member) else None,
        guest_id=author.id if isinstance(author, Guest) else None,
        wording=wording,
        key=key,
        corrects=corrects,
        resembles=resembled(item, wording, besides=corrects),
    )
    db.session.add(statement)
    db.session.flush()
    return statement


def resembled(item: AgendaItem, wording: Translated, *, besides: int | None = None) -> int | None:
    """Return the number of the statement that a wording nearly repeats, but for one, or None."""
    others = {number: text for number, text in _wordings(item).items() if number != besides}
    return nearest(str(wording), others)


def asks_what_matters(item: AgendaItem) -> bool:
    """Whether people may say of a statement that it matters to them."""
    return bool(item.settings.get("matters", False))


def _wordings(item: AgendaItem) -> dict[int, str]:
    """Return the texts of an item's statements by their numbers."""
    query = select(Statement.number, Statement.wording).where(Statement.item_id == item.id)
    return {number: str(wording) for number, wording in db.session.execute(query)}
