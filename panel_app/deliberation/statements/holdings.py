"""What a member said and answered to statements, and how that goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.holdings import Held, Holder, NobodyIn, Place, Who
from panel_app.core.text import _
from panel_app.deliberation.statements import services
from panel_app.deliberation.statements.models import Statement, StatementAnswer
from panel_app.panels.holdings import erasing, members, staying

_ANSWERS: dict[int, Any] = {1: _("Agree"), 0: _("Pass"), -1: _("Disagree")}


def tell(who: Who) -> Iterator[Held]:
    """Tell a member's own statements, and what they made of everybody's."""
    mine = [member.id for member in members(who)]
    written = db.session.scalars(select(Statement).where(Statement.author_id.in_(mine)))
    said = [(statement.state, str(statement.wording)) for statement in written]
    if said:
        yield Held(_("Statements they wrote"), said)
    query = select(Statement, StatementAnswer.value).join(
        StatementAnswer, StatementAnswer.statement_id == Statement.id
    )
    rows = db.session.execute(query.where(StatementAnswer.member_id.in_(mine)))
    answered = [(str(row.Statement.wording), _ANSWERS[row.value]) for row in rows]
    if answered:
        yield Held(_("Answers to statements"), answered)


HOLDER = Holder(
    name="statements",
    places=[
        Place(
            what="Statements and who wrote them, by seat; kept results show their words",
            columns=["statement"],
            seen_by="facilitators before, everybody after they were let through; never by whom",
            goes="a dash in every place, also in kept results; the author is emptied",
        ),
        Place(
            what="Answers to statements and what matters, by seat; of guests, without one, apart",
            columns=["statement_answer", "guest_answer"],
            seen_by="nobody singly; totals after reveal",
            goes="deleted; totals that were shown stay",
        ),
    ],
    tell=tell,
    erase=erasing(services.erase_member),
    stays=staying(
        _("Totals that were shown: counted again, they would say what this person answered.")
    ),
)
NOBODY = NobodyIn({"live_question": "which questions a part of an agenda puts to the room"})
