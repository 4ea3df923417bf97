"""Help on ideas."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"ideas_desk"}),
        words=_(
            "Residents write what they would change. Read first those that may name or blame"
            " somebody; everybody sees the others at once. An officer then says what each would"
            " cost, or no, with the reason. Ideas become projects for the ballot, alone or"
            " together: every author and text is kept, and it can be undone until a ballot opens."
            " Whoever left a contact is told of each step, once."
        ),
    ),
)
