"""Help on the pages of the outbox."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"outbox_desk"}),
        words=_(
            "The outbox holds every message to people: what waits, what went out, and what failed"
            " and why. A message goes out at most once. What has no contact is handed over by hand"
            " and marked here."
        ),
    ),
)
