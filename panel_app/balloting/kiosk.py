"""A kiosk: a tablet on which one after the other votes, and which keeps nothing of anybody.

Two signed cookies carry it. One says for which ballot the device is open, until the evening; the
other says who votes just now, for some minutes. Nothing of either is written into the database,
where it would say that somebody is about to vote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from panel_app.balloting import queries
from panel_app.balloting.models import Ballot
from panel_app.core import audit
from panel_app.core.db import db, found
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.panels import seats
from panel_app.panels.models import Member
from panel_app.panels.services import confirm_seat

DEVICE, VISIT = "kiosk", "kiosk_visit"
#: How long each of them holds, in seconds: a day's opening, and one person's vote.
_HOLDS = {DEVICE: 12 * 3600, VISIT: 10 * 60}


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who votes at the kiosk just now."""

    ballot: Ballot
    member: Member


def open_on(response: Response, ballot: Ballot, *, actor: str) -> None:
    """Make the device that gets `response` a kiosk. Raises Conflict where the ballot isn't open."""
    if not queries.takes_papers(ballot):
        raise Conflict(_("This ballot is not open."))
    audit.record("ballot.kiosk_opened", actor=actor, subject=ballot.name)
    _keep(response, DEVICE, ballot.public_id)


def ballot_here() -> Ballot:
    """Return the ballot that this device is a kiosk for. Raises NotFound on any other device."""
    return found(db.session.scalar(select(Ballot).where(Ballot.public_id == _kept(DEVICE))))


def let_in(ballot: Ballot, code: str) -> Member:
    """Return who may vote with the code of a letter; whoever was only invited says yes by it.

    Raises Refused for a wrong code, one of another panel, and who has no vote here.
    """
    member = seats.with_code(code)
    if member.panel_id != ballot.panel_id:
        raise Refused(_("This code is for another panel."), field="code")
    if not queries.may_vote(ballot, member):
        raise Refused(
            _("You can’t vote here: you are not on this ballot’s list, or you vote on paper."),
            field="code",
        )
    # As joining with a phone does; that somebody came says nothing of a vote.
    confirm_seat(member=member, language=member.language)
    return member


def remember(response: Response, ballot: Ballot, member: Member) -> None:
    """Let the person vote with the pages that follow."""
    _keep(response, VISIT, f"{ballot.public_id}:{member.public_id}")


def visit() -> Visit | None:
    """Return who votes here just now; None once they left, or took longer than some minutes."""
    ballot = ballot_here()
    of, _colon, public_id = (_kept(VISIT) or "").partition(":")
    member = db.session.scalar(select(Member).where(Member.public_id == public_id))
    if member is None or of != ballot.public_id or not queries.takes_papers(ballot):
        return None
    return Visit(ballot, member) if queries.may_vote(ballot, member) else None


def forget(response: Response) -> None:
    """Take whoever voted out of the device's cookies."""
    response.delete_cookie(VISIT, path="/kiosk")


def _keep(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        _signer(name).dumps(value),
        max_age=_HOLDS[name],
        path="/kiosk",
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _kept(name: str) -> str | None:
    try:
        value: Any = _signer(name).loads(request.cookies.get(name, ""), max_age=_HOLDS[name])
    except BadSignature:
        return None
    return str(value)


def _signer(name: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=name)
