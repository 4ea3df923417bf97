"""Help on the pages that write questions."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"questions_desk"}),
        words=_(
            "People see the questions in this order, and a question can depend on an earlier "
            "answer. Once people have answered, a change makes a new version; earlier answers "
            "keep theirs."
        ),
    ),
)
