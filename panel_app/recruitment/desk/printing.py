"""Letters on pages to print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flask import flash, redirect, render_template, url_for

from panel_app.core.text import _
from panel_app.panels.current import this_panel


class Printed(Protocol):
    """A letter, laid out."""

    @property
    def html(self) -> str:
        """Return its page, made safe."""


def letters_page(shown: Sequence[Printed], *, back: str, empty: Any) -> Any:
    """Show letters; each sends people with questions to the address that stands on it.

    `back` leads to the list, and `empty` is said where there is no letter.
    """
    if not this_panel().sender:
        flash(_("Say first who the letters are from: people with questions write to that address."))
        return redirect(url_for("panels_desk.edit", panel_slug=this_panel().slug), 303)
    heading = _("Letters to print")
    return render_template(
        "recruitment/desk/print.html", heading=heading, letters=shown, back=back, empty=empty
    )
