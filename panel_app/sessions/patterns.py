"""Agendas to start from: kept as templates, given as files, planned on one panel or on many.

A file is JSON: `format`, `version`, `title` and `parts`, each with its `title`, `minutes`, `kind`
and `settings`; texts are by language. Parts that are bound to things of one panel, such as a
ballot on its pot, travel as parts without phones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from panel_app.core import audit, ids
from panel_app.core.db import db, one
from panel_app.core.errors import FaultyFile, NotFound, Refused
from panel_app.core.text import _, gettext
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.sessions import activities, services
from panel_app.sessions.models import AgendaItem, Session, SessionTemplate

FORMAT, VERSION = "panel-app-agenda", 1
#: The largest file that is read, in bytes; and as many sessions as one press plans.
LARGEST, MOST_AT_ONCE = 500_000, 30
LONGEST_TITLE, LONGEST_PART, LONGEST_LANGUAGE = 120, 600, 10


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part of an agenda to start from."""

    title: Translated
    minutes: int
    kind: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as files hold it."""
        texts, kind = self.title.texts(), self.kind
        return {
            "title": texts,
            "minutes": self.minutes,
            "kind": kind,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True, slots=True)
class Pattern:
    """An agenda to start from."""

    title: Translated
    parts: Sequence[PlannedPart]

    @property
    def minutes(self) -> int:
        """Return how long all of it takes."""
        return sum(part.minutes for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as files and templates hold it."""
        parts = [part.to_json() for part in self.parts]
        told = {"format": FORMAT, "version": VERSION, "title": self.title.texts()}
        return {**told, "parts": parts}


def of_session(session: Session) -> Pattern:
    """Return a session's agenda, to start others from."""
    return Pattern(session.title, [_part_of(item) for item in session.items])


def from_json(value: Any) -> Pattern:
    """Read an agenda. Raises FaultyFile with every fault, in words."""
    faults = list(_faults(value))
    if faults:
        raise FaultyFile(_("This is not an agenda that can be used."), faults, field="file")
    parts = [
        PlannedPart(_texts(one["title"]), one["minutes"], one.get("kind"), _settings(one))
        for one in value["parts"]
    ]
    return Pattern(_texts(value["title"]), parts)


def read(content: bytes) -> Pattern:
    """Read a file that was uploaded. Raises FaultyFile."""
    try:
        value = json.loads(content[: LARGEST + 1])
    except (ValueError, RecursionError) as fault:
        raise FaultyFile(_("This is not an agenda that can be used."), [], field="file") from fault
    return from_json(value)


def plan(
    *,
    pattern: Pattern,
    panel: Panel,
    title: Translated,
    place: Translated,
    starts_at: datetime,
    actor: str,
    series: str | None = None,
) -> Session:
    """Plan a session with the agenda of a pattern."""
    session = services.create_session(
        panel=panel,
        title=title,
        place=place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=max(1, pattern.minutes)),
        actor=actor,
    )
    session.series = series
    db.session.flush()
    for part in pattern.parts:
        services.add_item(
            session=session,
            title=part.title,
            minutes=part.minutes,
            kind=part.kind,
            settings=dict(part.settings),
            actor=actor,
        )
    return session


def plan_several(
    *, pattern: Pattern, panels: Sequence[Panel], actor: str, **facts: Any
) -> list[Session]:
    """Plan one session on each of several panels at once, to be held side by side.

    Raises Refused for none, or for too many.
    """
    if not 1 <= len(panels) <= MOST_AT_ONCE:
        raise Refused(_("Choose 1 to %(most)s panels.", most=MOST_AT_ONCE), field="panels")
    series = ids.public_id() if len(panels) > 1 else None
    return [
        plan(pattern=pattern, panel=panel, actor=actor, series=series, **facts) for panel in panels
    ]


def repeat(*, session: Session, times: int, weeks: int, actor: str) -> list[Session]:
    """Plan a session again, every so many weeks. Raises Refused for too many."""
    if not 1 <= times <= MOST_AT_ONCE or not 1 <= weeks <= 52:
        raise Refused(_("Plan it 1 to %(most)s times.", most=MOST_AT_ONCE), field="times")
    pattern = of_session(session)
    return [
        plan(
            pattern=pattern,
            panel=session.panel,
            title=session.title,
            place=session.place,
            starts_at=session.starts_at + timedelta(weeks=weeks * number),
            actor=actor,
        )
        for number in range(1, times + 1)
    ]


def copy_part(*, item: AgendaItem, actor: str) -> AgendaItem:
    """Put a copy of a part at the end of its agenda."""
    part = _part_of(item)
    return services.add_item(
        session=item.session,
        title=part.title,
        minutes=part.minutes,
        kind=part.kind,
        settings=dict(part.settings),
        actor=actor,
    )


def save(*, pattern: Pattern, actor: str) -> SessionTemplate:
    """Keep an agenda to start from."""
    made = SessionTemplate(name=pattern.title, body=pattern.to_json())
    db.session.add(made)
    db.session.flush()
    audit.record("template.saved", actor=actor, subject=f"template:{made.public_id}")
    return made


def remove(*, public_id: str, actor: str) -> None:
    """Delete a template; what was planned from it stays."""
    template = one(select(SessionTemplate).where(SessionTemplate.public_id == public_id))
    db.session.delete(template)
    db.session.flush()
    audit.record("template.removed", actor=actor, subject=f"template:{public_id}")


def called(key: str) -> Pattern:
    """Return an agenda of the house, or one that was kept. Raises NotFound."""
    from panel_app.sessions.first_agendas import AGENDAS

    if key in AGENDAS:
        return AGENDAS[key]()
    query = select(SessionTemplate).where(SessionTemplate.public_id == key)
    kept = db.session.scalar(query)
    if kept is None:
        raise NotFound(_("There is nothing here, or it is not yours to see."))
    return from_json(kept.body)


def _part_of(item: AgendaItem) -> PlannedPart:
    activity = activities.of(item)
    if activity is None or activity.portable is None:
        return PlannedPart(item.title, item.minutes)
    return PlannedPart(item.title, item.minutes, item.kind, activity.portable.taken(item))


def _texts(value: Mapping[str, str]) -> Translated:
    original = "en" if "en" in value else next(iter(value))
    return Translated(original, {}).retyped(value)


def _faults(value: Any) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        yield gettext("It does not say that it is an agenda (“format”).")
        return
    if value.get("version") != VERSION:
        yield gettext("It was made by another version.")
    if not _is_text(value.get("title")):
        yield gettext("Its title is missing or too long.")
    parts = value.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= services.MOST_ITEMS:
        yield gettext("It needs 1 to %(most)s parts.", most=services.MOST_ITEMS)
        return
    for number, part in enumerate(parts, start=1):
        for words in _faults_of(part):
            yield gettext("Part %(number)s: %(words)s", number=number, words=words)


def _faults_of(part: Any) -> Iterator[str]:
    if not isinstance(part, dict):
        yield gettext("it can’t be read.")
        return
    if not _is_text(part.get("title")):
        yield gettext("its title is missing or too long.")
    minutes = part.get("minutes")
    if not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_PART:
        yield gettext("its minutes must be 1 to %(most)s.", most=LONGEST_PART)
    known = {each.kind: each for each in activities.all_kinds() if each.portable}
    kind = part.get("kind")
    if kind is not None and kind not in known:
        yield gettext("there is no kind “%(kind)s” that can be shared.", kind=str(kind)[:30])
    elif kind is not None:
        try:
            _settings(part)
        except (ValueError, KeyError, TypeError, AttributeError, Refused):
            yield gettext("what it asks can’t be read.")


def _settings(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if part.get("kind") is None:
        return {}
    portable = activities.named(part["kind"]).portable
    return portable.read(part.get("settings") or {}) if portable else {}


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(len(language) <= LONGEST_LANGUAGE for language in value)
        and all(isinstance(text, str) and 0 < len(text) <= LONGEST_TITLE for text in value.values())
    )
