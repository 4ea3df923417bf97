"""Help on the staff's pages: a few sentences, offered by the feature whose pages they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from panel_app.core.feature import offered


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHelp:
    """What helps on some pages: what they are for, what comes first, what can't be undone."""

    #: Endpoints, or whole blueprints.
    pages: frozenset[str]
    words: Any


def of_this_page() -> Any:
    """Return the help of the page asked for: its own, else its blueprint's; None for no help."""
    names = (request.endpoint, request.blueprint)
    return next((h.words for name in names for h in offered(PageHelp) if name in h.pages), None)
