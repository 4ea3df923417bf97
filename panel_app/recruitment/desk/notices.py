"""What an import says: how many came in, what was guessed, who may live together."""

from __future__ import annotations

from flask import flash

from panel_app.core.text import _, ngettext
from panel_app.web.i18n import apart

#: Notices of an import that are shown; the cookie that carries them is small.
NOTICES_SHOWN = 5


def tell(lines: list[str]) -> None:
    """Say what was guessed, left out or taken together; a cookie holds a few lines only."""
    for line in lines[:NOTICES_SHOWN]:
        flash(line, "warn")
    if len(lines) > NOTICES_SHOWN:
        left = len(lines) - NOTICES_SHOWN
        flash(ngettext("And %(num)s more.", "And %(num)s more.", left), "warn")


def likely_home(ids: list[str]) -> str:
    """Name people who may be one household."""
    return str(
        _(
            "These may be one household whose address is written in different ways: %(ids)s."
            " Write it alike in the file, if so, and import it again."
        )
        % {"ids": ", ".join(apart(one) for one in ids)}
    )
