"""Where a ballot's papers came from, and how many voters were helped: never of fewer than five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from panel_app.balloting.models import Ballot, Paper
from panel_app.balloting.on_paper.models import TypedPaper
from panel_app.core import disclosure
from panel_app.core.disclosure import Told
from panel_app.core.text import _

#: On what a vote is cast.
ORIGINS: dict[str, Any] = {
    "phone": _("On a phone"),
    "kiosk": _("At a kiosk"),
    "paper": _("On paper"),
}
#: Who may sit beside somebody who votes.
HELPERS: dict[str, Any] = {
    "family": _("Family or a friend"),
    "neighbour": _("A neighbour"),
    "carer": _("A carer or a support worker"),
    "interpreter": _("An interpreter"),
    "staff": _("Somebody from the council or the organiser"),
}
HELPED = "helped"
VOID = "void"


def shown(ballot: Ballot) -> list[tuple[Any, int, int]]:
    """Return what may be told of a closed ballot, in words; nothing where all came from phones."""
    counts = ballot.origins or {}
    if not any(number for name, number in counts.items() if name != "phone"):
        return []
    words = {**ORIGINS, HELPED: _("With somebody’s help"), VOID: _("Void papers, not counted")}
    return [(words[name], *between) for name, between in told(counts).items()]


def counted(sealed: Iterable[Paper], typed: Iterable[TypedPaper]) -> dict[str, int]:
    """Return how many papers came from where, were void, and were cast with help."""
    sealed, typed = list(sealed), list(typed)
    came = Counter(paper.origin for paper in sealed)
    came["paper"] += sum(paper.choice is not None for paper in typed)
    helped = sum(bool(paper.helper) for paper in sealed)
    void = sum(paper.choice is None for paper in typed)
    return {**{name: came[name] for name in ORIGINS}, HELPED: helped, VOID: void}


def told(counts: Mapping[str, int]) -> dict[str, list[int]]:
    """Return each count as it may be told: between which two numbers it is, alike if it is told.

    The three origins add up to the papers counted, and so do those helped and those not.
    """
    came = disclosure.tell([counts[name] for name in ORIGINS])
    papers = sum(counts[name] for name in ORIGINS)
    helped, _alone = disclosure.tell([counts[HELPED], papers - counts[HELPED]])
    void = counts[VOID]
    few = (
        Told(void, void)
        if not void or disclosure.may_tell(void)
        else Told(1, disclosure.FEWEST - 1)
    )
    ranges = {**dict(zip(ORIGINS, came, strict=True)), HELPED: helped, VOID: few}
    return {name: [one.low, one.high] for name, one in ranges.items()}
