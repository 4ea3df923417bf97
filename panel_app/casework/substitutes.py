"""Calling substitutes for one case whose quorum was lost to connections."""

from __future__ import annotations

from panel_app.casework import services
from panel_app.casework.models import Case, Substitute
from panel_app.casework.queries import can_be_called, eligible_members
from panel_app.core import audit, errors
from panel_app.core.db import db
from panel_app.core.text import _
from panel_app.panels.models import Member


def lacking(case: Case) -> int:
    """Return how many members the case lacks for a quorum; 0 where it can be decided."""
    return max(0, case.scheme.quorum - len(eligible_members(case)))


def call(*, case: Case, member: Member, actor: str) -> None:
    """Let somebody who was asked to the panel decide on this one case.

    They declare, score and vote as the others do. Raises Conflict where the case is decided, its
    vote is open or its quorum stands; NotFound for who can't be called.
    """
    services.hold_undecided(case)
    if case.voting:
        raise errors.Conflict(_("Close the vote first."))
    if not lacking(case):
        raise errors.Conflict(_("Enough members can take part, so nobody is called."))
    if member.id not in {one.id for one in can_be_called(case)}:
        raise errors.NotFound(_("There is nothing here, or it is not yours to see."))
    db.session.add(Substitute(case_id=case.id, member_id=member.id))
    db.session.flush()
    audit.record(
        "substitute.called",
        actor=actor,
        subject=f"case:{case.public_id}",
        member=member.public_id,
    )
    services.tell(case)
