"""Changing what a ballot is: moving its closing time, declaring it void, dropping a draft."""

from __future__ import annotations

from datetime import datetime

from panel_app.balloting import papers, queries, services
from panel_app.balloting.models import Ballot
from panel_app.core import audit, clock
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.typed import cleaned

LONGEST_REASON = 400


def move_closing(*, ballot: Ballot, closes_at: datetime, reason: str, actor: str) -> None:
    """Let an open ballot close at another time; the log keeps both times and the reason.

    Raises Conflict where it isn't open or its time is up, Refused for a time that has passed or
    without a reason.
    """
    locked(ballot)
    if not queries.takes_papers(ballot):
        raise Conflict(_("This ballot is not open, so its time can’t be moved."))
    if closes_at <= clock.now():
        raise Refused(_("Choose a closing time that is still to come."), field="closes_at")
    before, ballot.closes_at = ballot.closes_at, closes_at
    db.session.flush()
    audit.record(
        "ballot.closing_moved",
        actor=actor,
        subject=ballot.name,
        before=before.isoformat() if before else None,
        closes_at=closes_at.isoformat(),
        reason=_reason(reason),
    )
    papers.of(ballot).changed(ballot)


def declare_void(*, ballot: Ballot, reason: str, actor: str) -> None:
    """Declare an open ballot void: its papers are destroyed with its key, and nothing is counted.

    Of a counted one, the papers and the result stay as evidence, beside the reason. Raises Conflict
    for a draft or a void one, Refused without a reason.
    """
    locked(ballot)
    if ballot.state == "draft" or ballot.voided_at is not None:
        raise Conflict(_("Only a ballot that was opened can be declared void, and only once."))
    ballot.void_reason, ballot.voided_at = _reason(reason), clock.now()
    db.session.flush()
    audit.record("ballot.voided", actor=actor, subject=ballot.name, reason=ballot.void_reason)
    if ballot.state == "open":
        services.close_ballot(ballot=ballot, actor=actor)
    else:
        papers.of(ballot).changed(ballot)


def delete_draft(*, ballot: Ballot, actor: str) -> None:
    """Delete a ballot that was never opened. Raises Conflict for any other, or one in use."""
    locked(ballot)
    if ballot.state != "draft":
        raise Conflict(_("This ballot has been opened already."))
    papers.of(ballot).removed(ballot)
    audit.record("ballot.deleted", actor=actor, subject=ballot.name)
    db.session.delete(ballot)
    db.session.flush()


def _reason(typed: str) -> str:
    """Return a reason as it is kept. Raises Refused for none, or for one that is too long."""
    reason = cleaned(typed)
    if not reason:
        raise Refused(_("Say why, in a few words that everybody may read."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("This is too long: write at most %(max)d characters.", max=LONGEST_REASON),
            field="reason",
        )
    return reason
