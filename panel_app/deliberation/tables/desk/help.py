"""Help on tables."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"tables_desk"}),
        words=_(
            "A plan seats people over the rounds so that tables are mixed and few meet twice. "
            "Look at it before the first round begins; phones and the wall show a table from "
            "then on. Rounds that were held stay as they are, whoever comes late or leaves."
        ),
    ),
)
