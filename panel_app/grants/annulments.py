"""Annulling a decision that somebody with a close interest took part in; its money comes back."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.casework import decisions
from panel_app.casework import services as casework
from panel_app.casework.models import Decision
from panel_app.core import audit, errors
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.grants import awards, letters, nameless
from panel_app.grants.models import Application, Award
from panel_app.grants.queries import next_round


def annul_decision(*, application: Application, reason: str, actor: str) -> Decision:
    """Take back a flagged decision: the money goes back to its pot, the panel decides anew.

    Decision, award, pot, letter and audit entry stand or fall together. Where its round is closed,
    the application moves to the next. Raises Conflict where nothing is decided, nobody who took
    part declared a connection since, or there is no round to move to; Refused for a faulty reason.
    """
    decision, freed = _take_back(application, reason)
    letters.send_annulled(application, decision)
    audit.record(
        "decision.annulled",
        actor=actor,
        subject=f"application:{application.public_id}",
        reference=application.reference,
        outcome=decision.outcome,
        freed=freed,
    )
    casework.tell(found(application.case))
    return decision


def decide_again(*, application: Application, reason: str) -> None:
    """Take back a decision that an appeal was right about; the panel decides at its next meeting.

    Its money goes back to the pot. The caller tells the applicant and writes the log. Raises
    Conflict where nothing is decided, money was paid, or there is no round to move to; Refused for
    a faulty reason.
    """
    _take_back(application, reason, appealed=True)
    casework.tell(found(application.case))


def _take_back(
    application: Application, reason: str, *, appealed: bool = False
) -> tuple[Decision, int]:
    """Annul the newest decision; return it, and the pence that came back."""
    if locked(application).state != "decided":
        raise errors.Conflict(_("This is not decided, so there is nothing to annul."))
    nameless.check_reason(application, reason)
    locked(application.programme)
    decision = decisions.annul(case=found(application.case), reason=reason, appealed=appealed)
    freed = _free(application, decision)
    application.state = "submitted"
    _move_on(application)
    db.session.flush()
    return decision, freed


def _free(application: Application, decision: Decision) -> int:
    """Put the award's money back into the pot that it came from; return the pence."""
    award = db.session.scalar(select(Award).where(Award.decision_id == decision.id))
    if award is None:
        return 0
    return awards.annul(award)


def _move_on(application: Application) -> None:
    """Let a later meeting decide where the round is closed."""
    round_ = found(application.round)
    if round_.state != "closed":
        return
    application.round = next_round(application.programme, after=round_)
    if application.round is None:
        raise errors.Conflict(
            _("Its round is closed. Add the next round first, so that the panel can decide anew.")
        )
