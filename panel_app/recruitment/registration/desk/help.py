"""Help on registration."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"registration_desk"}),
        words=_(
            "Each way in is a page where people register, such as one for the library and one for"
            " letters, and is counted apart. They are asked for what the targets balance, their"
            " name, address and contact, what would help them come, and whether they agree to the"
            " text that you wrote. Try a page out first: what is sent then is thrown away. People"
            " who look like one are shown side by side, and nobody is merged or removed but by"
            " you. Who withdraws is in no lottery."
        ),
    ),
)
