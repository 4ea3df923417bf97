"""What can be done with a home's code and letter: find, use, give back, mark, make anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import to_user_timezone
from sqlalchemy import func, select, update

from panel_app.core import audit, clock, ids
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _, gettext
from panel_app.recruitment.invitations import codes
from panel_app.recruitment.invitations.models import Invitation, InvitationState, Wave
from panel_app.web.i18n import day


def find(code: str) -> Invitation:
    """Return the invitation that a code registers somebody with.

    Raises Refused, with words of its own for each, where the code never was, was used, is of a
    wave that has closed, or of a letter that came back or was refused.
    """
    invitation = look_up(code)
    if invitation is None:
        raise Refused(
            _("This code does not work. Check it against your letter, letter by letter."),
            field="code",
        )
    fault = fault_of(invitation)
    if fault:
        raise Refused(fault, field="code")
    return invitation


def look_up(code: str) -> Invitation | None:
    """Return the invitation with this code, whatever became of it."""
    typed = ids.normalise_code(code)
    if len(typed) != codes.CODE:
        return None
    query = select(Invitation).where(Invitation.code_digest == codes.digest(typed))
    return db.session.scalars(query).one_or_none()


def fault_of(invitation: Invitation) -> Any:
    """Return why nobody can register with an invitation; None where somebody can."""
    wave = invitation.wave
    if invitation.state == "used":
        return gettext(
            "Somebody has registered with this code already. Each letter is for one person."
        )
    if invitation.state != "sent":
        return gettext(
            "This letter came back to us, or somebody said no to it. If that is wrong, ask the"
            " organisers."
        )
    if wave.closes_on >= today():
        return None
    closed = day(wave.closes_on)
    if _later_is_open(wave):
        return gettext(
            "This letter is from an earlier round, which closed on %(day)s. The letters of a later"
            " round went to other homes.",
            day=closed,
        )
    return gettext("This code could be used until %(day)s.", day=closed)


def use(invitation: Invitation) -> None:
    """Use an invitation up; of those who try at once one does. Raises Conflict for the others."""
    done = update(Invitation).where(Invitation.id == invitation.id, Invitation.state == "sent")
    values = done.values(state="used", used_at=clock.now())
    used = db.session.scalar(values.returning(Invitation.id))
    db.session.refresh(invitation)
    if used is None:
        raise Conflict(fault_of(invitation) or _("This code could not be used. Try again."))


def release(invitation: Invitation) -> None:
    """Give a used invitation back: whoever registered with it withdrew."""
    if locked(invitation).state == "used":
        invitation.state, invitation.used_at = "sent", None
        db.session.flush()


def mark(*, invitation: Invitation, state: InvitationState, actor: str) -> None:
    """Note that a letter came back, was refused, or is out after all.

    Raises Conflict where somebody has registered with it.
    """
    if locked(invitation).state == state:
        return
    if "used" in (invitation.state, state):
        raise Conflict(_("Somebody has registered with this letter."))
    invitation.state = state
    db.session.flush()
    subject = f"invitation:{invitation.public_id}"
    audit.record(f"invitation.{state}", actor=actor, subject=subject)


def reissue(*, invitation: Invitation, actor: str) -> None:
    """Make an invitation's code anew; the letter that was printed no longer works.

    Raises Conflict where somebody has registered with it.
    """
    if locked(invitation).state == "used":
        raise Conflict(_("Somebody has registered with this letter."))
    invitation.issue += 1
    code = codes.code_of(invitation.public_id, invitation.issue)
    invitation.code_digest, invitation.state = codes.digest(code), "sent"
    db.session.flush()
    audit.record("invitation.reissued", actor=actor, subject=f"invitation:{invitation.public_id}")


def today() -> date:
    """Return the day that it is where people live."""
    local: datetime = to_user_timezone(clock.now())
    return local.date()


def _later_is_open(wave: Wave) -> bool:
    later = select(func.count()).where(
        Wave.panel_id == wave.panel_id,
        Wave.number > wave.number,
        Wave.state == "drawn",
        Wave.closes_on >= today(),
    )
    return bool(db.session.scalar(later))
