"""Telling facilitators that there is too little to find themes in."""

from __future__ import annotations

from panel_app.opinions.themes import FEWEST_TEXTS, Themes, Thinness
from panel_app.opinions.wording import Gettext, Ngettext


def thinness_sentence(themes: Themes, *, gettext: Gettext, ngettext: Ngettext) -> str | None:
    """Say that there is too little to theme, or None where there was enough."""
    if themes.thinness is Thinness.FEW_TEXTS:
        return ngettext(
            "There is too little to find themes in: %(num)s text says more than a word or two, "
            "and it takes at least %(needed)s.",
            "There is too little to find themes in: %(num)s texts say more than a word or two, "
            "and it takes at least %(needed)s.",
            themes.counted,
            needed=FEWEST_TEXTS,
        )
    if themes.thinness is Thinness.FEW_WORDS:
        return gettext("There are no themes to find: the texts hardly share any words.")
    return None
