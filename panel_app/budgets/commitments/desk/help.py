"""Help on commitments."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"commitments_desk"}),
        words=_(
            "Residents or partners may take a part of a project on themselves: hours, money, a"
            " room, things. Where that lowers the price, the project says what happens if it falls"
            " through. Voters read both. When a ballot opens they are frozen; afterwards say here"
            " what was done, with a word that everybody reads."
        ),
    ),
)
