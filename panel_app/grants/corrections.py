"""Putting other words in place of public ones that turned out wrong, everywhere at once."""

from __future__ import annotations

from panel_app.casework import services as casework
from panel_app.casework.models import Decision
from panel_app.core import audit, clock, errors
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.grants import live_item, nameless
from panel_app.grants.models import Application


def correct_words(*, application: Application, title: str, reason: str, actor: str) -> Decision:
    """Put other words in place of a decision's public title and reason; what was decided stays.

    Register, pages, wall, phones and what sessions kept say the new ones from now on; the log says
    which were corrected, never the words. Raises Conflict where nothing is decided or nothing
    would change, Refused where the words are missing or tell who asked.
    """
    case = found(locked(application).case)
    decision = case.decision
    if decision is None:
        raise errors.Conflict(_("Nothing is decided yet, so there is nothing to correct."))
    reason = casework.checked_reason(reason, _("Give the reason in plain words."))
    nameless.check_title(application, title)
    nameless.check_reason(application, reason)
    new = {"title": title, "reason": reason}
    old = {"title": case.title, "reason": decision.reason}
    corrected = sorted(what for what in new if new[what] != old[what])
    if not corrected:
        raise errors.Refused(_("These are the same words as before."), field="reason")
    case.title, decision.reason, decision.corrected_at = title, reason, clock.now()
    live_item.retell(application, **new)
    db.session.flush()
    audit.record(
        "decision.corrected",
        actor=actor,
        subject=f"application:{application.public_id}",
        reference=application.reference,
        corrected=corrected,
    )
    casework.tell(case)
    return decision
