"""Help on people's records."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"records"}),
        words=_(
            "Make sure first that it is really the person who asks. Write down how you made sure,"
            " outside this system."
        ),
    ),
)
