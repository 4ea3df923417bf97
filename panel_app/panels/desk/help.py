"""Help on the pages that set up a panel."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"panels_desk"}),
        words=_(
            "A panel goes through these steps from top to bottom; the filled button is the next "
            "thing to do. Nothing is public until you publish the panel’s page, and you can "
            "take it back."
        ),
    ),
)
