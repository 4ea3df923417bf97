"""The minutes of a session that is over, ready for their public page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from panel_app.core import audit, disclosure
from panel_app.core.db import found
from panel_app.core.text import gettext, ngettext
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.sessions import activities, guests
from panel_app.sessions.models import AgendaItem, Session
from panel_app.sessions.queries import came, session_called
from panel_app.sessions.wall import head_of
from panel_app.web import charts
from panel_app.web.i18n import said


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the agenda that was held: how long it took, and what came of it."""

    item: AgendaItem
    title: Translated
    minutes: int
    #: How many took part; None where that was not asked, not shown, or fewer than five.
    people: int | None
    shown: Markup
    #: Of how many guests there are answers, which stand apart; None without any.
    apart: guests.Apart | None
    of_guests: Markup | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """A session that is over: who came, what was on, what came of it; the log's head at its end."""

    session: Session
    people: int | None
    #: How many guests came beside them; None where none did, or nobody has a seat.
    guests: int | None
    parts: list[Part]
    head: audit.Head

    @property
    def who_came(self) -> str:
        """Return in words how many came: members and guests apart."""
        few, num = gettext("fewer than five"), self.people or 0
        if self.session.panel.is_open:
            return str(ngettext("%(num)s person", "%(num)s people", num)) if num else few
        words = [ngettext("%(num)s member", "%(num)s members", num) if num else few]
        if self.guests is not None and disclosure.may_tell(self.guests):
            words.append(ngettext("%(num)s guest", "%(num)s guests", self.guests))
        elif self.guests is not None:
            words.append(gettext("fewer than five guests"))
        return " · ".join(map(str, words))

    @property
    def chart(self) -> charts.Stack:
        """Return how the session's time was spent, in minutes."""
        spent = [(said(part.title), part.minutes) for part in self.parts]
        return charts.split(gettext("Time spent, in minutes"), spent)


def minutes_of(panel: Panel, public_id: str) -> Minutes:
    """Gather the minutes of a panel's session. Raises NotFound for one that isn't over."""
    session = session_called(public_id, panel.id)
    held = found(session if session and session.state == "closed" else None)
    parts = [_part(item) for item in held.items if item.opened_at and item.closed_at]
    beside = 0 if panel.is_open else guests.in_the_room(held)
    return Minutes(held, came(held), beside or None, parts, head_of(held))


def _part(item: AgendaItem) -> Part:
    assert item.opened_at is not None  # noqa: S101
    assert item.closed_at is not None  # noqa: S101
    took = max(1, round((item.closed_at - item.opened_at).total_seconds() / 60))
    told = activities.published(item)
    people = disclosure.told(told.people) if told else None
    result = activities.in_minutes(item)
    kept = item if activities.in_record(item) else None
    return Part(item, item.title, took, people, result, guests.apart(kept), guests.shown(kept))
