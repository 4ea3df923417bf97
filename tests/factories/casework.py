"""Schemes, cases, and members who declare, score and vote."""

from __future__ import annotations

from collections.abc import Sequence

from panel_app.casework import services
from panel_app.casework.models import Case
from panel_app.core.translated import Translated
from panel_app.panels.models import Member

QUESTION = Translated.of(en="How well does it serve the estate?", bn="এটি কতটা কাজে লাগবে?")


def let_vote(
    case: Case,
    members: Sequence[Member],
    outcome: str,
    *,
    amount: int | None = None,
    stays_open: bool = False,
) -> None:
    """Let each member declare no connection, and vote for `outcome`; of a part, for 80,000 pence
    unless `amount` says another."""
    amount = amount or (80_000 if outcome == "part" else None)
    if not case.voting:
        services.open_voting(case=case, actor="staff:test")
    for member in members:
        services.declare_conflict(case=case, member=member, level="none")
        services.cast_decision_vote(case=case, member=member, outcome=outcome, amount=amount)
    if not stays_open:
        services.close_voting(case=case, actor="staff:test")


def score(
    case: Case, member: Member, points: int, reason: str = "A clear need", why: str = ""
) -> None:
    """Let a member declare no connection and score every question alike."""
    services.declare_conflict(case=case, member=member, level="none")
    services.save_assessment(
        case=case,
        by=member,
        points={criterion.public_id: points for criterion in case.scheme.criteria},
        reason=reason,
        why=why,
    )
