"""Help on questions and ideas from the room."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"contributions_desk"}),
        words=_(
            "What people write in the room is checked here. Join those that say the same, put "
            "what you mean to take up on the shortlist, then one at a time on the wall."
        ),
    ),
)
