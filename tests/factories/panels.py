"""Panels and members."""

from __future__ import annotations

from itertools import count

from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels import seats
from panel_app.panels.models import Member, Panel

_numbers = count(1)


def make_panel(*, slug: str | None = None, size: int = 6, published: bool = True) -> Panel:
    """Return a panel with English and Bengali names."""
    number = next(_numbers)
    panel = Panel(
        slug=slug or f"panel-{number}",
        name=Translated.of(en=f"Panel {number}", bn=f"প্যানেল {number}"),
        purpose=Translated.of(en="Decide how to spend the estate's money"),
        mission=Translated.of(en="Everyone eats well every day"),
        size=size,
        place="Community hall",
        sender="Hillgrove Panel\n1 Hillgrove Road",
        languages=["en", "bn", "ar"],
        published=published,
    )
    db.session.add(panel)
    db.session.flush()
    return panel


def make_members(panel: Panel, number: int, *, state: str = "confirmed") -> list[Member]:
    """Return `number` members in the panel's next seats."""
    made = [seats.new_member(panel=panel) for _ in range(number)]
    for member in made:
        member.state = state
    db.session.flush()
    return made
