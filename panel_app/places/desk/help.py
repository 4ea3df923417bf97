"""Help on the pages of places."""

from __future__ import annotations

from panel_app.core.text import _
from panel_app.web.desk.help import PageHelp

HELP = (
    PageHelp(
        pages=frozenset({"places"}),
        words=_(
            "Places form a tree: a borough, its wards, an estate, its blocks. Panels and what"
            " people ask for are tied to one of them, so that others find it by place."
        ),
    ),
)
