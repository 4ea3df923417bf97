"""What a facilitator makes sure of before an evening, and the card to hold in the hand then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from panel_app.core.disclosure import FEWEST
from panel_app.core.text import _
from panel_app.panels import electorate
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem, Session
from panel_app.web import i18n

#: Names under which a machine reaches itself, and no phone reaches it.
_ITSELF = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared only


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to make sure of: whether it is so, in words, and where it is mended if not."""

    done: bool
    words: Any
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A part of the agenda with the time at which it is to begin."""

    item: AgendaItem
    begins: datetime


def checks(session: Session) -> list[Check]:
    """Return what can be looked up before an evening, in the order in which it is mended."""
    return [
        *_agenda(session),
        *(part for item in session.items if (part := _part(item))),
        _languages(session),
        _people(session),
        _reach(),
    ]


def plan(session: Session) -> list[Planned]:
    """Return the parts with their times, if each takes as long as it is meant to."""
    planned, begins = [], session.starts_at
    for item in session.items:
        planned.append(Planned(item, begins))
        begins += timedelta(minutes=item.minutes)
    return planned


def _agenda(session: Session) -> Iterator[Check]:
    agenda = url_for("sessions_desk.agenda", public_id=session.public_id)
    if not session.items:
        yield Check(False, _("The agenda is empty: add its parts."), agenda)
        return
    needed = sum(item.minutes for item in session.items)
    there = int((session.ends_at - session.starts_at) / timedelta(minutes=1))
    if needed > there:
        words = _("The parts take %(needed)s minutes, and the evening has %(there)s.")
        yield Check(False, words % {"needed": needed, "there": there}, agenda)
    else:
        words = _("The parts fit: they take %(needed)s of %(there)s minutes.")
        yield Check(True, words % {"needed": needed, "there": there})


def _part(item: AgendaItem) -> Check | None:
    """Return whether a part of a kind could be opened as it is now."""
    activity = activities.of(item)
    if activity is None or item.opened_at:
        return None
    title = i18n.wording(item.title).text
    if lacking := activity.lacks(item):
        more = activities.more_of(item)
        where = url_for("sessions_desk.edit_item", public_id=item.public_id)
        words = _("“%(part)s” can’t open yet. %(lacking)s")
        return Check(False, words % {"part": title, "lacking": lacking}, more[0] if more else where)
    return Check(True, _("“%(part)s” can open.", part=title))


def _languages(session: Session) -> Check:
    """Return whether everybody reads the agenda in whichever of the panel's languages is theirs."""
    spoken = session.panel.languages
    texts = [session.title, session.place, *(item.title for item in session.items)]
    lacking = {code for text in texts for code in spoken if not text.only_in(code)}
    lacking |= {code for item in session.items for code in spoken if _untold(item.settings, code)}
    if not lacking:
        return Check(True, _("Title, place and parts are there in every language of the panel."))
    names = ", ".join(i18n.called(code).name for code in spoken if code in lacking)
    words = _("Title, place or parts are not all there yet in: %(languages)s.", languages=names)
    return Check(False, words, url_for("sessions_desk.agenda", public_id=session.public_id))


def _untold(settings: Mapping[str, Any], code: str) -> bool:
    """Whether a listed text of a part has no wording in a language."""
    lists = (value for value in settings.values() if isinstance(value, list))
    texts = (text for values in lists for text in values if isinstance(text, dict))
    return any("en" in text and not text.get(code) for text in texts)


def _people(session: Session) -> Check:
    if session.panel.is_open:
        return Check(True, _("Whoever comes can take part: nobody needs a letter."))
    seated = len(electorate.seated(session.panel))
    if seated >= FEWEST:
        return Check(True, _("%(number)s people have a seat.", number=seated))
    words = _("Fewer than five people have a seat: of so few, no page tells any result.")
    return Check(False, words, url_for("panels_desk.show"))


def _reach() -> Check:
    """Return whether the codes on wall and letters lead to an address that a phone can reach."""
    public = str(current_app.config["PUBLIC_URL"])
    host = urlsplit(public).hostname or ""
    if host in _ITSELF:
        words = _("The codes lead to %(address)s, which only this machine reaches; no phone can.")
        return Check(False, words % {"address": public})
    if urlsplit(f"//{request.host}").hostname != host:
        words = _("You came by %(here)s, but the codes lead to %(address)s. Try that one, too.")
        return Check(False, words % {"here": request.host, "address": public}, public)
    return Check(True, _("The codes lead to %(address)s, as this page does.", address=public))
