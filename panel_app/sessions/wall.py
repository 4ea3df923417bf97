"""What the wall shows of a session: one thing at a time, the same whoever looks."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from panel_app.core import audit
from panel_app.sessions import activities, guests
from panel_app.sessions.models import AgendaItem, Session

#: How much of a fingerprint is said aloud; the record has all of it.
MARK = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen of a part, and which of how many it is, from 1."""

    screen: Markup
    number: int
    of: int
    #: Whether it is what guests said, apart from the panel.
    guests: bool = False
    #: Whether there are screens of both.
    apart: bool = False

    @property
    def before(self) -> int | None:
        """Return the screen before, counted from 0; None at the first."""
        return self.number - 2 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """Return the screen after, counted from 0; None at the last."""
        return self.number if self.number < self.of else None


def shown(item: AgendaItem | None, *, results: bool) -> Shown | None:
    """Return the screen of a part whose turn it is; None where it asks nothing of phones."""
    activity = activities.of(item) if item else None
    if activity is None or item is None:
        return None
    own = activity.screens(item, results)
    screens = [*own, *(guests.screens(item) if results else ())]
    if not screens:
        return None
    place = min(item.wall_page, len(screens) - 1)
    both = len(own) < len(screens)
    return Shown(screens[place](), place + 1, len(screens), place >= len(own), both)


def may_preview(item: AgendaItem | None) -> bool:
    """Whether staff may see the results on the console before the room does.

    Only what can't be opened again: two looks at figures that moved would tell what one answered.
    """
    closed = item is not None and item.state == "closed" and not item.revealed
    return closed and item is not None and not activities.opens_again(item)


def joins_large(session: Session, item: AgendaItem | None) -> bool:
    """Whether the way in fills the wall: before the first part, and whenever it is called back."""
    return session.state != "closed" and (item is None or session.inviting)


def head_of(session: Session) -> audit.Head:
    """Return the head of the log: as it is, and once a session is over as it was at its end."""
    if session.state != "closed":
        return audit.head()
    return audit.head_at("session.closed", session.topic)


def mark(session: Session) -> str:
    """Return the head of the log in short: its number, and the start of its fingerprint."""
    head = head_of(session)
    letters = head.hash[:MARK].upper()
    return f"{head.number} · {letters[:4]} {letters[4:]}"
