"""Help on the pages of a ballot."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"ballots_desk"}),
        words=_(
            "A ballot is secret: nobody sees how somebody voted, staff neither. Once it opens, "
            "what is put to the vote can’t change. Closing counts the papers and can’t be "
            "undone."
        ),
    ),
    PageHelp(
        pages=frozenset({"paper_desk"}),
        words=_(
            "Whoever is handed a paper votes on it alone. Two people type each batch, neither "
            "seeing what the other typed; it counts once both read the same."
        ),
    ),
)
