"""Help on moderation and themes."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"deliberation_desk"}),
        words=_(
            "Statements that people send in are checked here before others see them. Accept "
            "what one can agree or disagree with; reject what names a person or says two things "
            "at once."
        ),
    ),
)
