"""The words for a conflict of interest on the pages of a case."""

from __future__ import annotations

from typing import Any

from panel_app.core.text import _

#: What a member can declare before reading, with an explanation.
CONFLICTS: dict[str, tuple[Any, Any]] = {
    "none": (_("No connection"), _("I don’t know the people behind it and gain nothing from it.")),
    "know": (
        _("I know of them"),
        _("We have met, or I have heard of it. I can still judge it fairly. It is noted."),
    ),
    "close": (
        _("I am close to them"),
        _("Family, a good friend, or someone I work with. I stay out of this one."),
    ),
    "direct": (
        _("It is mine, or I gain from it"),
        _("I am asking, or money or work would come to me or my home. I stay out of this one."),
    ),
}
