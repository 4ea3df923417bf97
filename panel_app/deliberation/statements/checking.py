"""What a facilitator sees of the statements that wait, one at a time."""

from __future__ import annotations

from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.deliberation import checking
from panel_app.deliberation.checking import Check
from panel_app.deliberation.statements import queries, services
from panel_app.deliberation.statements.models import Statement
from panel_app.sessions.models import AgendaItem


def check(item: AgendaItem, *, after: int = 0) -> Check[Statement] | None:
    """Return the first waiting statement beyond a number, or the first of all; None without one.

    The one in whose place it was written stands beside it.
    """
    return checking.check(
        item.session.panel,
        queries.statements_of(item),
        after=after,
        beside=lambda one: one.corrects,
    )


def reject_repeats(*, item: AgendaItem, repeats: list[str], actor: str) -> None:
    """Reject statements that wait as repeats, by their public identifiers; others stay."""
    if len(repeats) > checking.MOST_ALIKE:
        raise Refused(_("Choose fewer at a time."))
    for statement in queries.statements_of(item):
        if statement.public_id in repeats and statement.state == "pending":
            services.moderate(statement=statement, state="rejected", reason="repeats", actor=actor)
