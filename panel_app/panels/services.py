"""What can be done to panels and seats: set up, edit, publish, join, confirm, decline, leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from panel_app.core import audit, clock, ids
from panel_app.core.db import db, found, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.feature import offered
from panel_app.core.finality import Act
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.panels import devices, seats
from panel_app.panels.models import Member, Panel, PanelKind
from panel_app.places.models import Place

LONGEST_SLUG = 60
#: Names in addresses that pages of the desk have already.
TAKEN_SLUGS = frozenset({"new", "account"})
#: Why what rests on known people can't be done where anybody may come.
NO_SEATS = _(
    "This panel is open to whoever comes, so nobody has a seat on it. A vote, a case and a list of"
    " names need a panel of people with seats, or a list of everybody whom it concerns."
)


def create_panel(
    *,
    name: Translated,
    purpose: Translated,
    mission: Translated | None,
    kind: PanelKind = "drawn",
    size: int,
    place: str,
    languages: Sequence[str],
    slug: str | None = None,
    sender: str = "",
    contact: str = "",
    terms: Translated | None = None,
    reply_by: date | None = None,
    area: Place | None = None,
    actor: str,
) -> Panel:
    """Set up a panel, not yet published; its name in addresses comes from `slug` or its name.

    A roll begins with nobody on it, and an open panel has no seats, whatever the `size`. Raises
    Refused where `slug` is taken.
    """
    panel = Panel(
        kind=kind,
        slug=_free_slug(slug, name),
        name=name,
        purpose=purpose,
        mission=mission,
        size=size if kind == "drawn" else 0,
        place=place,
        languages=list(languages),
        sender=sender,
        contact=contact,
        terms=terms,
        reply_by=reply_by,
        area=area,
    )
    db.session.add(panel)
    db.session.flush()
    audit.record("panel.created", actor=actor, subject=f"panel:{panel.public_id}", size=panel.size)
    return panel


def edit_panel(
    *,
    panel: Panel,
    name: Translated,
    purpose: Translated,
    mission: Translated | None,
    size: int,
    place: str,
    languages: Sequence[str],
    sender: str,
    contact: str = "",
    terms: Translated | None = None,
    reply_by: date | None,
    area: Place | None = None,
    actor: str,
) -> None:
    """Change what the panel is and does; its address stays, and its size where nobody is drawn.

    Raises Refused for another size once there are members, or a lottery made for this size.
    """
    locked(panel)
    size = size if panel.kind == "drawn" else panel.size
    if size != panel.size and (
        panel.members or any(hold.holds(panel) for hold in offered(SizeHold))
    ):
        raise Refused(
            _("There are members, or a lottery made for this size: it can’t change any more."),
            field="size",
        )
    panel.name, panel.purpose, panel.mission = name, purpose, mission
    panel.size, panel.place, panel.languages = size, place, list(languages)
    panel.sender, panel.reply_by, panel.area = sender, reply_by, area
    panel.contact, panel.terms = contact, terms
    db.session.flush()
    audit.record("panel.edited", actor=actor, subject=f"panel:{panel.public_id}", size=size)


def must_have_seats(panel: Panel) -> None:
    """Raise Conflict for a panel of whoever comes: a vote or a case needs people with a seat."""
    if panel.is_open:
        raise Conflict(NO_SEATS)


@dataclass(frozen=True, slots=True)
class SizeHold:
    """What keeps a panel's size from changing: `holds` returns something true while it does."""

    holds: Callable[[Panel], object]


def _size_is_held(panel: Panel) -> bool:
    return any(hold.holds(panel) for hold in offered(SizeHold))


def lies_in(place: Place) -> bool:
    """Whether a panel decides for a place."""
    query = select(Panel.id).where(Panel.area_id == place.id).limit(1)
    return db.session.scalar(query) is not None


def publish(*, panel: Panel, published: bool, actor: str) -> None:
    """Let anyone read the panel's public page, or nobody."""
    if locked(panel).published == published:
        return
    panel.published = published
    db.session.flush()
    action = "panel.published" if published else "panel.withdrawn"
    audit.record(action, actor=actor, subject=f"panel:{panel.public_id}")


def letter_language(member: Member, phones: str | None) -> str:
    """Return the language that a member most likely reads: of the letter where they or somebody
    for them chose it, else the phone's own where the panel is offered in it."""
    first = member.panel.languages[0]
    if member.language == first and phones in member.panel.languages:
        return phones
    return member.language


def join(*, token: str, language: str) -> str:
    """Confirm the seat that a QR code is for and give it to this phone; return its cookie's token.

    Raises NotFound where no seat has the token (any more).
    """
    member = found(seats.with_token(token, hold=True))
    confirm_seat(member=member, language=language)
    return devices.take_seat(member)


def confirm_seat(*, member: Member, language: str, actor: str | None = None) -> None:
    """Take the member in, in the language they chose; a second time only the language changes.

    `actor` is whoever heard it from them.
    """
    member.language = language
    if member.state == "confirmed":
        return
    if member.state != "invited":
        raise Conflict(_("This seat was given up. Ask the organiser if you changed your mind."))
    member.state, member.confirmed_at = "confirmed", clock.now()
    db.session.flush()
    _note("seat.confirmed", member, actor)


def give_up_seat(*, member: Member, actor: str | None = None) -> None:
    """Decline the invitation, or leave the panel after having joined; no phone holds the seat.

    `actor` is whoever heard it from them.
    """
    locked(member)
    if member.state in {"declined", "left"}:
        return
    member.state = "declined" if member.state == "invited" else "left"
    devices.give_up(member)
    db.session.flush()
    _note(f"seat.{member.state}", member, actor)


def reissue_letter(*, member: Member, actor: str) -> None:
    """Make a new code for the letter: the old letter, and a phone that used it, stop working.

    Raises Conflict where the member has declined or left meanwhile.
    """
    if locked(member).state not in {"invited", "confirmed"}:
        raise Conflict(_("This seat was given up. Ask the organiser if you changed your mind."))
    seats.reissue(member)
    devices.give_up(member)
    audit.record(
        "letter.reissued", actor=actor, subject=f"member:{member.public_id}", issue=member.issue
    )


def keep_reissued(act: Act) -> str | None:
    """Keep old letters worthless that an older copy would let in again."""
    member = db.session.scalar(select(Member).where(Member.public_id == act.public_id))
    if member is None:
        return f"Member {act.public_id}, whose letter was made anew {act.at}, is not in this copy."
    while member.issue < act.details["issue"]:
        seats.reissue(member)
        devices.give_up(member)
    return None


def choose_letter_language(*, member: Member, language: str, actor: str) -> None:
    """Set the language of a member's letter. Raises Refused where the panel doesn't offer it."""
    if language not in member.panel.languages:
        raise Refused(_("The panel has no letters in this language."))
    member.language = language
    db.session.flush()
    audit.record(
        "letter.language", actor=actor, subject=f"member:{member.public_id}", language=language
    )


def leave_phone(*, member: Member) -> None:
    """Take the seat from the phone that holds it; the letter's code works as before."""
    devices.give_up(locked(member))


def _note(action: str, member: Member, actor: str | None) -> None:
    who = f"member:{member.public_id}"
    audit.record(action, actor=actor or who, subject=who, seat=member.seat)


def _free_slug(wanted: str | None, name: Translated) -> str:
    if wanted is not None:
        if wanted in TAKEN_SLUGS or _slug_taken(wanted):
            raise Refused(_("Another panel has this address already."), field="slug")
        return wanted
    plain = re.sub(r"[^a-z0-9]+", "-", str(name).casefold()).strip("-")[: LONGEST_SLUG - 5]
    base = plain.strip("-") or "panel"
    if base in TAKEN_SLUGS or _slug_taken(base):
        return f"{base}-{ids.code(4).lower()}"
    return base


def _slug_taken(slug: str) -> bool:
    return db.session.scalar(select(Panel.id).where(Panel.slug == slug)) is not None
