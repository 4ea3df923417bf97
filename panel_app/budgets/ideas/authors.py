"""Who sends an idea or wants one too: a seat, a letter's code, or a block, without an account."""

from __future__ import annotations

import hashlib

from flask import session
from limits import parse

from panel_app.budgets.ideas.models import IdeaCall, KnownBy
from panel_app.core import ids
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.panels import devices, seats
from panel_app.recruitment.invitations import services as invitations
from panel_app.web import limits

#: Ideas that one call takes, and that one code, seat or browser sends: more come from a machine. A
#: block's whole Wi-Fi has one address on the network, so addresses are not counted.
A_CALL, A_PERSON = parse("300 per 10 minutes"), parse("10 per hour")
#: Presses of "I want this too" that one call takes.
WISHES = parse("1200 per 10 minutes")
_TOO_MANY = _("Very many ideas come in just now. Try again in ten minutes.")
_BROWSER = "ideas"


def here() -> str:
    """Return who this phone is: its seat, or a number that its session keeps.

    The number is made by the first page that shows an idea, so that a press comes with it.
    """
    member = devices.member_here()
    if member is not None:
        return f"member:{member.public_id}"
    if _BROWSER not in session:
        session[_BROWSER] = ids.token()
    return f"browser:{session[_BROWSER]}"


def known_before() -> bool:
    """Whether this phone had a page of ideas before."""
    return devices.member_here() is not None or _BROWSER in session


def known_by(call: IdeaCall, *, code: str, home: str) -> KnownBy:
    """Say how we know that somebody lives here, and count them.

    Raises Refused for a code that isn't one of this panel, and where nothing is said at all;
    TooManyTries past what people do.
    """
    limits.take(A_CALL, "ideas", call.public_id, message=_TOO_MANY)
    limits.take(A_PERSON, "ideas-person", _digest(here()), message=_TOO_MANY)
    member = devices.member_here()
    if member is not None and member.panel_id == call.pot.panel_id:
        return "seat"
    if code:
        limits.take(A_PERSON, "ideas-code", _digest(ids.normalise_code(code)), message=_TOO_MANY)
        return _with(code, call)
    if not home:
        raise Refused(_("Choose your block or street, or type the code of a letter."), field="home")
    return "place"


def _with(code: str, call: IdeaCall) -> KnownBy:
    """Return how a code is known: of a home's letter, used or not, or of a member's seat."""
    invitation = invitations.look_up(code)
    panel = call.pot.panel_id
    if invitation is not None and invitation.panel_id == panel:
        return "code"
    if seats.with_code(code).panel_id != panel:
        raise Refused(_("This code is of another panel."), field="code")
    return "code"


def count_wish(call: IdeaCall) -> None:
    """Count one more press. Raises TooManyTries past what people do."""
    message = _("Very many people press just now. Try again in ten minutes.")
    limits.take(WISHES, "wishes", call.public_id, message=message)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
