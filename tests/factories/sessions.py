"""Sessions with an agenda."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from panel_app.core import clock
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.sessions import services
from panel_app.sessions.models import AgendaItem, Session

ACTOR = "staff:test"


def make_session(panel: Panel, *, is_open: bool = True) -> Session:
    """Return a session with an empty agenda."""
    starts_at = clock.now()
    session = services.create_session(
        panel=panel,
        title=Translated.of(en="Repairs and lighting", bn="মেরামত ও আলো"),
        place=Translated.of(en="Community hall"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        actor=ACTOR,
    )
    if is_open:
        services.open_session(session=session, actor=ACTOR)
    return session


def make_item(
    session: Session,
    *,
    title: str = "Welcome",
    kind: str | None = None,
    settings: dict[str, Any] | None = None,
    is_open: bool = False,
    minutes: int = 15,
) -> AgendaItem:
    """Return an agenda item, by default one that asks nothing of phones."""
    item = services.add_item(
        session=session,
        title=Translated.of(en=title),
        minutes=minutes,
        kind=kind,
        settings=settings or {},
        actor=ACTOR,
    )
    if is_open:
        services.open_item(item=item, actor=ACTOR)
    return item
