"""Help on accounts and the list of panels."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"staff.accounts"}),
        words=_(
            "Give each person an account of their own, with no more than they need. What they "
            "do stands in the log under their name. Switching an account off ends their "
            "sign-ins at once."
        ),
    ),
    PageHelp(
        pages=frozenset({"staff.desk"}),
        words=_(
            "Each panel is a group of residents with a task. Open one to see how it stands and "
            "what is next."
        ),
    ),
    PageHelp(
        pages=frozenset({"staff.account"}),
        words=_(
            "Use a password that you use nowhere else, and set up the second step: then a "
            "stolen password alone opens nothing."
        ),
    ),
)
