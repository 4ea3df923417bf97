"""The word that a figure carries wherever it stands: measured, agreed, estimated, guessed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from panel_app.budgets.spending.models import Apportionment
from panel_app.core.text import _, gettext
from panel_app.web import i18n

#: What a share rests on, by how it is said behind "by".
BASES: dict[str, Any] = {
    "households": _("number of households"),
    "area": _("area of land"),
    "assets": _("number of things that were counted"),
    "measured": _("measurement"),
    "agreed": _("agreement"),
}
CONFIDENCES: dict[str, Any] = {
    "high": _("High: the figures are counted"),
    "fair": _("Fair: they may be somewhat off"),
    "guess": _("A guess"),
}
SUPPLIERS: dict[str, Any] = {
    "own": _("The council’s own people"),
    "public": _("Another public body"),
    "charity": _("A charity or community group"),
    "small": _("A small or medium company"),
    "company": _("A company"),
    "unknown": _("Not said"),
}
WORDS: dict[str, Any] = {
    "measured": _("measured"),
    "agreed": _("agreed"),
    "guess": _("guessed"),
    "estimated": _("estimated"),
}


def word_of(share: Apportionment) -> str:
    """Return the key of the word that a share's figure carries."""
    if share.confidence == "guess":
        return "guess"
    return share.basis if share.basis in {"measured", "agreed"} else "estimated"


def pence_of(share: Apportionment) -> int:
    """Return what a share comes to in a year, to the nearest penny."""
    return int(share.share * share.contract.yearly + Fraction(1, 2))


def told(share: Apportionment) -> str:
    """Say a share in one sentence: "estimated: 9 % of ‘Trees’, by number of trees"."""
    facts = {
        "word": WORDS[word_of(share)],
        "percent": per_cent(share.share),
        "service": i18n.wording(share.contract.service).text,
    }
    if share.basis == "measured":
        return str(gettext("%(word)s: %(percent)s %% of “%(service)s”", **facts))
    if share.basis == "assets" and share.counted:
        counted = i18n.wording(share.counted).text
        sentence = gettext(
            "%(word)s: %(percent)s %% of “%(service)s”, by number of %(counted)s",
            counted=counted,
            **facts,
        )
        return str(sentence)
    basis = BASES[share.basis]
    return str(
        gettext("%(word)s: %(percent)s %% of “%(service)s”, by %(basis)s", basis=basis, **facts)
    )


def per_cent(share: Fraction) -> str:
    """Write a share as per cent, to at most two places."""
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".")
