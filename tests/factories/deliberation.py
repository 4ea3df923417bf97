"""Rounds of statements, and polls."""

from __future__ import annotations

from panel_app.deliberation import services
from panel_app.deliberation.models import Statement
from panel_app.deliberation.queries import statements_of
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem, Session
from tests.factories.sessions import make_item

SEEDS = ["Repairs come first.", "Lighting comes first.", "Plant more trees."]


def in_english(lines: list[str]) -> list[dict[str, str]]:
    """Return lines as an item's settings hold them."""
    return [{"en": line} for line in lines]


def make_round(
    session: Session, *, seeds: list[str] | None = None, adding: bool = True, is_open: bool = True
) -> AgendaItem:
    """Return a round of statements."""
    settings = {"seeds": in_english(SEEDS if seeds is None else seeds), "adding": adding}
    return make_item(
        session,
        title="Which comes first?",
        kind="statements",
        settings=settings,
        is_open=is_open,
    )


def make_poll(session: Session, *, is_open: bool = True) -> AgendaItem:
    """Return a poll with three options."""
    settings = {"options": in_english(["Mondays", "Tuesdays", "Never"])}
    return make_item(
        session, title="When shall we meet?", kind="poll", settings=settings, is_open=is_open
    )


def make_statement(item: AgendaItem, member: Member, text: str = "More benches.") -> Statement:
    """Return a member's own statement, not yet moderated."""
    return services.add_statement(
        item=item, member=member, text=text, language="en", key=f"test-{text}"[:40]
    )


def answer_all(item: AgendaItem, member: Member, value: services.Opinion) -> None:
    """Have a member give the same answer to every accepted statement."""
    for statement in statements_of(item):
        if statement.state == "accepted":
            services.answer_statement(statement=statement, member=member, value=value, counter=1)
