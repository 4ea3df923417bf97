"""An appeal against a decision, answered by somebody who took no part in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from panel_app.casework import services as casework
from panel_app.casework.models import Assessment, Decision, TookPart
from panel_app.core import audit, clock, crypto, errors
from panel_app.core.audit import AuditEntry
from panel_app.core.db import db, locked, one
from panel_app.core.text import _
from panel_app.core.typed import cleaned
from panel_app.grants import annulments, awards, letters, links, nameless
from panel_app.grants.appeal_models import Appeal
from panel_app.grants.models import Application, Programme
from panel_app.panels.models import Panel
from panel_app.recruitment.queries import told_by_members
from panel_app.staff.models import User

LONGEST = 1_500
ABOUT: dict[str, Any] = {
    "facts": _("Facts in it are wrong, or something that I wrote was overlooked"),
    "process": _("The panel did not keep to its own rules"),
}
ANSWERS: dict[str, Any] = {
    "stands": _("The decision stands"),
    "again": _("The panel decides again at its next meeting"),
}


def appeal_of(decision: Decision | None) -> Appeal | None:
    """Return the appeal against a decision, or None."""
    return db.session.scalar(
        select(Appeal).where(Appeal.decision_id == (decision.id if decision else None))
    )


def appeal_in(panel: Panel, public_id: str) -> Appeal:
    """Return an appeal of a panel. Raises NotFound for another panel's."""
    return one(
        select(Appeal)
        .join(Application)
        .join(Programme)
        .where(Appeal.public_id == public_id, Programme.panel_id == panel.id)
    )


def until(application: Application) -> datetime | None:
    """Return until when the newest decision can be appealed against; None where it can't be."""
    decision = application.decision
    if application.state != "decided" or decision is None or decision.outcome == "fund":
        return None
    award = awards.standing_award(application)
    if award is not None and award.state != "offered":
        return None
    return decision.decided_at + timedelta(days=application.programme.appeal_days)


def open_until(application: Application) -> datetime | None:
    """Return until when somebody who has not appealed yet still can; None where nobody can."""
    last = until(application)
    open_now = last is not None and clock.now() < last
    return last if open_now and appeal_of(application.decision) is None else None


def send(*, application: Application, about: str, words: str) -> Appeal:
    """Appeal against the newest decision, once.

    Raises Conflict where it can't be appealed against (any more), Refused without words.
    """
    locked(application)
    decision = application.decision
    if decision is None or open_until(application) is None:
        raise errors.Conflict(_("This decision can’t be appealed against any more."))
    if about not in ABOUT:
        raise errors.Refused(_("Choose one of these."), field="about")
    said = cleaned(words)
    if not said or len(said) > LONGEST:
        raise errors.Refused(
            _("Say what was wrong, in at most %(max)d characters.", max=LONGEST), field="words"
        )
    appeal = Appeal(application=application, decision=decision, about=about)
    appeal.content = crypto.seal({"words": said}, application.person_key)
    db.session.add(appeal)
    db.session.flush()
    _record("appeal.sent", appeal, "applicant", about=about)
    return appeal


def shown_to_applicant(application: Application) -> dict[str, Any]:
    """Return what the applicant's own page shows of an appeal, or of the way to one."""
    newest = select(Appeal).where(Appeal.application_id == application.id)
    appeal = db.session.scalar(newest.order_by(Appeal.id.desc()).limit(1))
    return {
        "appeal": appeal,
        "said": words_of(appeal) if appeal else {},
        "answers": ANSWERS,
        "appeal_until": open_until(application),
    }


def words_of(appeal: Appeal) -> dict[str, Any]:
    """Return what the applicant said, and the reason of the answer where there is one."""
    return crypto.unseal(appeal.content, appeal.application.person_key)


def answer(*, appeal: Appeal, outcome: str, reason: str, user: User, actor: str) -> None:
    """Let the decision stand, or have the panel decide again; the applicant is told why.

    An appeal, its decision, pot, letter and log stand or fall together. Raises NotAllowed for
    whoever voted, scored or recorded a decision on it; Conflict where it is answered already or
    money was paid, Refused without a reason or with one that tells who asked.
    """
    application = locked(appeal.application)
    if locked(appeal).answered_at is not None:
        raise errors.Conflict(_("This appeal is answered already."))
    if took_part(application, user, actor):
        raise errors.NotAllowed(TOOK_PART)
    if outcome not in ANSWERS:
        raise errors.Refused(_("Choose one of these."), field="outcome")
    nameless.check_reason(application, reason)
    said = casework.checked_reason(reason, _("Give the reason in plain words."))
    if outcome == "again":
        annulments.decide_again(application=application, reason=said)
    appeal.outcome, appeal.answered_at, appeal.answered_by = outcome, clock.now(), actor
    appeal.content = crypto.seal({**words_of(appeal), "reason": said}, application.person_key)
    db.session.flush()
    letters.send_answered(application, outcome=ANSWERS[outcome], reason=said)
    _record("appeal.answered", appeal, actor, outcome=outcome)


TOOK_PART = _(
    "You voted, scored or recorded the decision on this application, so somebody else has to answer"
    " the appeal."
)


def took_part(application: Application, user: User, actor: str) -> bool:
    """Whether somebody on the desk took any part in deciding on an application.

    Who recorded it stands in the log; who scored it, with the scores; whether a member who voted
    or scored has the same contact is found by keyed hashes.
    """
    subject = f"application:{application.public_id}"
    recorded = select(AuditEntry.number).where(
        AuditEntry.subject == subject,
        AuditEntry.action == "application.decided",
        AuditEntry.actor == actor,
    )
    scored = select(Assessment.id).where(
        Assessment.case_id == application.case_id, Assessment.staff_id == user.id
    )
    if any(db.session.scalar(query.limit(1)) is not None for query in (recorded, scored)):
        return True
    mine = links.contact_index(user.email)
    return mine in {links.contact_index(each) for each in _contacts(application)}


def _contacts(application: Application) -> list[str]:
    """Return the contacts of the members who voted on an application or scored it."""
    case = application.case_id
    voted = select(TookPart.member_id).join(Decision).where(Decision.case_id == case)
    scored = select(Assessment.member_id).where(
        Assessment.case_id == case, Assessment.member_id.is_not(None)
    )
    return [each for some in (voted, scored) for each in told_by_members(some)]


def _record(action: str, appeal: Appeal, actor: str, **details: str) -> None:
    subject = f"application:{appeal.application.public_id}"
    audit.record(action, actor=actor, subject=subject, **details)
