"""Statements corrected by their authors, corrected and translated by people on the desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.deliberation.statements import services
from panel_app.deliberation.statements.models import GuestAnswer, Statement, StatementAnswer
from panel_app.live import versions
from panel_app.sessions.models import AgendaItem, Participant
from panel_app.sessions.services import must_take_answers


def correct_own(
    *, statement: Statement, member: Participant, text: str, language: str, key: str
) -> Statement:
    """Correct one's own statement before its first answer; it is then looked at again.

    Afterwards, or where it was rejected, a new one is written beside it and returned. Raises
    Conflict where the round is closed, Refused where the member's others still wait.
    """
    item = locked(statement.item)
    locked(statement)
    must_take_answers(item)
    wording = Translated.of(language, **{language: text})
    if wording == statement.wording:
        return statement
    if statement.state == "rejected" or was_answered(statement):
        return services.add_statement(
            item=item,
            member=member,
            text=text,
            language=language,
            key=key,
            corrects=statement.number,
        )
    _put(statement, wording)
    statement.state = "pending"
    db.session.flush()
    versions.bump(item.session.topic)
    return statement


def set_wording(
    *, statement: Statement, wording: Translated, revision: int, keep: bool, actor: str
) -> Statement:
    """Correct or translate a statement from the desk; returns the one that has the wording.

    Translations can be added at any time. The original itself is corrected before the first
    answer; afterwards a new statement takes its place, or with `keep` its place beside it. Raises
    Refused for an empty wording, Conflict where somebody changed it since `revision` was read, or
    where the round has closed.
    """
    item = locked(statement.item)
    locked(statement)
    if not str(wording):
        raise Refused(_("Fill this in."), field="wording_en")
    if statement.revision != revision:
        raise Conflict(_("Its author has corrected it meanwhile. Read it again."))
    if _says_the_same(wording, statement.wording):
        statement.wording = wording
        _translate_kept(item, statement)
        return _noted("translated", statement, actor)
    if item.state == "closed":
        raise Conflict(_("This round has closed: only translations can be added now."))
    if was_answered(statement):
        return _noted("reworded", _beside(statement, wording, keep), actor)
    _put(statement, wording)
    return _noted("corrected", statement, actor)


def was_answered(statement: Statement) -> bool:
    """Whether anybody, of the panel or a guest, answered it; exact while the item is held."""
    answers = (StatementAnswer, GuestAnswer)
    given = [exists().where(model.statement_id == statement.id) for model in answers]
    return bool(db.session.scalar(select(given[0] | given[1])))


def _says_the_same(one: Translated, other: Translated) -> bool:
    return (one.original, str(one)) == (other.original, str(other))


def _put(statement: Statement, wording: Translated) -> None:
    """Put another wording in place: who read the one before can't answer this one."""
    statement.wording, statement.revision = wording, statement.revision + 1
    others = services.resembled(statement.item, wording, besides=statement.number)
    statement.resembles = others


def _beside(statement: Statement, wording: Translated, keep: bool) -> Statement:
    """Show a new statement by the same author; the answers to the old one stay with that."""
    made = services.write(statement.item, wording, author=None, corrects=statement.number)
    made.author_id, made.guest_id = statement.author_id, statement.guest_id
    made.state = "accepted"
    if not keep:
        statement.state, statement.reason = "rejected", "reworded"
    return made


def _translate_kept(item: AgendaItem, statement: Statement) -> None:
    """Write a statement's translations into the results that were kept."""
    item.snapshot = _retold(item.snapshot, statement)
    item.guest_snapshot = _retold(item.guest_snapshot, statement)


def _retold(kept: dict[str, Any] | None, statement: Statement) -> dict[str, Any] | None:
    if kept is None:
        return None
    texts = statement.wording.texts()
    rows = [
        {**row, "text": texts} if row["number"] == statement.number else row
        for row in kept["statements"]
    ]
    return {**kept, "statements": rows}


def _noted(what: str, statement: Statement, actor: str) -> Statement:
    db.session.flush()
    audit.record(f"statement.{what}", actor=actor, subject=f"statement:{statement.public_id}")
    versions.bump(statement.item.session.topic)
    return statement
