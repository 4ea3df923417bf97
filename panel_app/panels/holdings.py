"""What is held about a seat of a panel, and how that goes."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, func, select

from panel_app.core import ids
from panel_app.core.db import db, locked
from panel_app.core.holdings import Found, Held, Holder, NobodyIn, Place, Sought, Who
from panel_app.core.text import _
from panel_app.panels import seats
from panel_app.panels.electorate import Elector
from panel_app.panels.models import Device, Member


def find(sought: Sought) -> Iterator[Found]:
    """Find seats by number, or the one whose letter has this code."""
    if sought.words.isdecimal() and len(sought.words) < seats.LOCATOR + 1:
        which = select(Member).where(Member.seat == int(sought.words))
        found = list(db.session.scalars(which.order_by(Member.id)))
    else:
        found = _with_code(ids.normalise_code(sought.words))
    for member in found:
        label = _("Seat %(seat)d of %(panel)s", seat=member.seat, panel=str(member.panel.name))
        yield Found(f"member:{member.public_id}", label)


def called(public_id: str) -> Iterator[str]:
    """Name the seat with this identifier."""
    if db.session.scalar(select(Member.id).where(Member.public_id == public_id)):
        yield f"member:{public_id}"


def members(who: Who) -> list[Member]:
    """Return the seats that somebody has or had."""
    return list(db.session.scalars(select(Member).where(Member.public_id.in_(who.ids("member")))))


def erasing(erase: Callable[..., None]) -> Callable[[Who, str], None]:
    """Return what erases each seat of somebody by `erase(member=, actor=)`."""

    def erase_each(who: Who, actor: str) -> None:
        for member in members(who):
            erase(member=member, actor=actor)

    return erase_each


def staying(sentence: Any) -> Callable[[Who], Iterator[Any]]:
    """Return what says a sentence on what stays of whoever has a seat."""
    return lambda who: iter([sentence] if who.ids("member") else [])


def tell(who: Who) -> Iterator[Held]:
    """Tell a seat, its phones, and in how many votes it counts."""
    for member in members(who):
        votes = select(func.count()).select_from(Elector).where(Elector.member_id == member.id)
        joined = [device.created_at.isoformat() for device in member.devices]
        yield Held(
            _("Seat %(seat)d of %(panel)s", seat=member.seat, panel=str(member.panel.name)),
            [
                (_("State"), member.state),
                (_("Language"), member.language),
                (_("Confirmed"), member.confirmed_at.isoformat() if member.confirmed_at else ""),
                (_("Phones that joined"), ", ".join(joined)),
                (_("Votes they may take part in"), db.session.scalar(votes) or 0),
            ],
        )


def erase(who: Who, actor: str) -> None:
    """Empty a seat: no phone holds it, no letter opens it, nobody is in it."""
    for member in members(who):
        locked(member)
        db.session.execute(delete(Device).where(Device.member_id == member.id))
        if member.state in {"invited", "confirmed"}:
            member.state = "declined" if member.state == "invited" else "left"
        member.language, member.confirmed_at = member.panel.languages[0], None
        seats.reissue(member)


def stays(who: Who) -> Iterator[Any]:
    """Say what of a seat other records rest on."""
    if who.ids("member"):
        yield _(
            "The empty seat’s number, in which votes it counted and whether it voted: turnouts and"
            " quorums that were published rest on it. What it voted is nowhere."
        )


def _with_code(code: str) -> list[Member]:
    locator, secret = code[: seats.LOCATOR], code[seats.LOCATOR :]
    found = db.session.scalars(select(Member).where(Member.locator == locator))
    digest = seats.code_digest(secret)
    return [member for member in found if hmac.compare_digest(member.code_digest, digest)]


HOLDER = Holder(
    name="seats",
    places=[
        Place(
            what="A seat: its number, state, language, and the hashes of its letter's code",
            columns=["member"],
            seen_by="organisers",
            goes="given up and emptied, its codes made anew; the number stays",
        ),
        Place(
            what="Phones that joined, as the hash of a cookie",
            columns=["device"],
            seen_by="nobody",
            goes="deleted",
        ),
        Place(
            what="Who may vote, by seat, from the opening of a vote",
            columns=["elector"],
            seen_by="totals only",
            goes="stays, of a seat without a name",
        ),
    ],
    find=find,
    called=called,
    tell=tell,
    erase=erase,
    stays=stays,
)
NOBODY = NobodyIn({"panel": "what an organiser says of a panel and of its sender"})
