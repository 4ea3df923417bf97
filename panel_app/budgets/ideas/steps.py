"""What a member of a panel can do about ideas."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from panel_app.budgets.ideas import queries, services
from panel_app.core.text import _
from panel_app.panels.models import Member
from panel_app.panels.next_steps import NextStep
from panel_app.web import i18n


def steps(member: Member) -> Iterator[NextStep]:
    """Offer a member to say what they would change."""
    for call in queries.panels_calls(member.panel_id):
        if services.takes_ideas(call):
            yield NextStep(
                title=_("What would you change?"),
                words=i18n.said(call.pot.name),
                url=url_for("ideas.all_of", call_id=call.public_id),
                button=_("See the ideas"),
            )
