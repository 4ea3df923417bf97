"""Help on pots and projects."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"budgets_desk"}),
        words=_(
            "A pot is money to share out; projects are what it can buy, at their whole cost. "
            "Set up the projects, make a ballot of them, and put it on the agenda of a session. "
            "Once the ballot opens, its projects and costs are frozen."
        ),
    ),
)
