"""Help on contracts and their shares."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"spending_desk"}),
        words=_(
            "Residents decide better when they know what is spent now. Read in the council’s"
            " register of contracts, then say which share of each falls to which place, and how"
            " that is known. Everybody sees it at once, each figure with its word: measured,"
            " agreed, estimated or guessed. The shares of a contract never come to more than it."
        ),
    ),
)
