"""Help on programmes, rounds and applications."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"grants_desk"}),
        words=_(
            "A programme takes applications; a round is a part of it with dates and a pot of "
            "its own. Members score applications on their phones and vote, and you record the "
            "decision with its reason. No more than the pot can be awarded."
        ),
    ),
)
