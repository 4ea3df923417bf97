"""Help on how cases are scored."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"cases_desk"}),
        words=_(
            "Each question has a weight, and words for each score, so that people mean the same "
            "by it. The first score or vote fixes this; a change after that is a new version, and "
            "what was scored before counts no longer."
        ),
    ),
)
