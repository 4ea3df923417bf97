"""Seats: a member's QR token and typed code, made from the deployment's secret, kept as hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import func, select

from panel_app.core import crypto, ids
from panel_app.core.db import db
from panel_app.core.errors import Refused
from panel_app.core.text import _
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.web import limits

LOCATOR = 4
CODE = 8


def new_member(*, panel: Panel, language: str = "en") -> Member:
    """Return a member in the panel's next seat, invited, with a token and a code of their own."""
    return new_members(panel=panel, languages=[language])[0]


def new_members(*, panel: Panel, languages: Sequence[str]) -> list[Member]:
    """Return a member for each language, in the panel's next seats, as `new_member` does."""
    query = select(func.max(Member.seat)).where(Member.panel_id == panel.id)
    highest = db.session.scalar(query) or 0
    members = [
        Member(
            panel_id=panel.id,
            public_id=ids.public_id(),
            seat=highest + number,
            language=language,
            locator=locator,
            issue=1,
        )
        for number, (language, locator) in enumerate(
            zip(languages, _free_locators(len(languages)), strict=True), 1
        )
    ]
    for member in members:
        seal(member)
    db.session.add_all(members)
    db.session.flush()
    return members


def reissue(member: Member) -> None:
    """Make the member's token and code anew; printed letters no longer work."""
    member.issue += 1
    seal(member)
    db.session.flush()


def with_token(token: str, *, hold: bool = False) -> Member | None:
    """Return the member that a QR code is for, held against other writers with `hold`.

    A letter that was made anew, a person who declined and a token that never was are all None.
    """
    query = select(Member).where(Member.token_digest == ids.digest(token), HOLDS_A_SEAT)
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def with_code(typed: str) -> Member:
    """Return the member that a typed code is for.

    Raises Refused in the same words whatever is wrong, and TooManyTries after ten wrong tries
    of one locator in 15 minutes.
    """
    code = ids.normalise_code(typed)
    locator, secret = code[:LOCATOR], code[LOCATOR:]
    if len(secret) != CODE or not set(code) <= set(ids.CROCKFORD):
        raise _unknown_code()
    limits.check_tries("seat", locator)
    member = db.session.scalar(select(Member).where(Member.locator == locator, HOLDS_A_SEAT))
    kept = member.code_digest if member else ""
    if not hmac.compare_digest(code_digest(secret), kept) or member is None:
        limits.count_wrong_try("seat", locator)
        raise _unknown_code()
    return member


def _unknown_code() -> Refused:
    return Refused(
        _("This code does not work. Check it against your letter, letter by letter."), field="code"
    )


def seal(member: Member) -> None:
    """Keep the hashes of the member's token and code."""
    member.token_digest = ids.digest(token_of(member))
    member.code_digest = code_digest(secret_code_of(member))


def token_of(member: Member) -> str:
    """Return the token of the member's QR code: 43 characters, 256 bits.

    It is derived, so that a letter can be printed again without keeping the token; whoever
    has the database but not the deployment's secret cannot make it.
    """
    return base64.urlsafe_b64encode(_derive(member, "token")).rstrip(b"=").decode()


def code_of(member: Member) -> str:
    """Return what the member may type instead: four characters of place, eight of secret."""
    return ids.spell(member.locator + secret_code_of(member))


def secret_code_of(member: Member) -> str:
    """Return the secret part of the typed code: 8 characters, 40 bits."""
    number = int.from_bytes(_derive(member, "code")[:5], "big")
    return "".join(ids.CROCKFORD[number >> 5 * i & 31] for i in range(CODE))


def code_digest(secret: str) -> str:
    """Return the keyed hash that a typed code's secret part is compared by."""
    return hmac.new(crypto.master_key("seat-code"), secret.encode(), hashlib.sha256).hexdigest()


def _derive(member: Member, purpose: str) -> bytes:
    written = f"{purpose}:{member.public_id}:{member.issue}".encode()
    return hmac.digest(crypto.master_key("seat"), written, "sha256")


def _free_locators(number: int) -> list[str]:
    """Return so many different locators that no member has."""
    free: set[str] = set()
    while len(free) < number:
        # In bites, since a query takes so many values only.
        tried = {ids.code(LOCATOR) for _ in range(min(number - len(free), 500))}
        taken = select(Member.locator).where(Member.locator.in_(tried))
        free |= tried - set(db.session.scalars(taken))
    return list(free)
