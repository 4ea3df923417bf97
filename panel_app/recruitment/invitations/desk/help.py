"""Help on letters to homes."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"invitations_desk"}),
        words=_(
            "Load a list of addresses, say how many letters go out and how many of 100 are answered"
            " in each area. The plan is published by its fingerprint before dice name the homes, so"
            " that nobody can steer who is written to. Mark letters that come back: the next round"
            " is planned from what was measured, and no home is written to twice."
        ),
    ),
)
