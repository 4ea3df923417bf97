"""What a facilitator sees of texts from the room that wait, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from panel_app import opinions
from panel_app.core.translated import Translated
from panel_app.deliberation import flags
from panel_app.deliberation.written import Written
from panel_app.panels.models import Panel
from panel_app.recruitment.letters import names_of

#: Names of a pool that a page looks for, and texts alike that stand side by side.
MOST_NAMES, MOST_ALIKE = 1_000, 40


Text = TypeVar("Text", bound=Written)


@dataclass(frozen=True, slots=True)
class Check(Generic[Text]):
    """A text that waits, what may be amiss in it, and those that it is like."""

    one: Text
    flags: flags.Flags
    alike: list[Text]
    #: How many wait, and the number after which the next is looked for.
    waiting: int

    @property
    def alike_waiting(self) -> list[Text]:
        """Those of the texts like it that wait as well."""
        return [one for one in self.alike if one.state == "pending"]

    @property
    def alike_shown(self) -> list[Text]:
        """Those of the texts like it that people see."""
        return [one for one in self.alike if one.state == "accepted"]


def beside_none(one: Written) -> int | None:
    """Return None: a text stands in no other's place."""
    return None


def check(
    panel: Panel,
    everything: Sequence[Text],
    *,
    after: int = 0,
    beside: Callable[[Text], int | None] = beside_none,
) -> Check[Text] | None:
    """Return the first waiting text beyond a number, or the first of all; None without one.

    `beside` tells the number of one that stands beside it whether they are alike or not.
    """
    waiting = [one for one in everything if one.state == "pending"]
    later = [one for one in waiting if one.number > after]
    first = next(iter(later or waiting), None)
    if first is None:
        return None
    others = {
        one.number: one
        for one in everything
        if one is not first and one.state in {"pending", "accepted"}
    }
    near = opinions.alike(str(first.wording), {n: str(one.wording) for n, one in others.items()})
    also = beside(first)
    if also and also not in near:
        near = [also, *near]
    return Check(first, flags_in(panel, first.wording), _beside(everything, near), len(waiting))


def flags_in(panel: Panel, wording: Translated) -> flags.Flags:
    """Return what may be amiss in a wording, in each of its languages."""
    names = flags.Names(names_of(panel, MOST_NAMES))
    found = [flags.flags_of(text, language, names) for language, text in wording.texts().items()]
    return flags.Flags(
        *([each for one in found for each in getattr(one, kind)] for kind in flags.KINDS)
    )


def _beside(everything: Sequence[Text], numbers: list[int]) -> list[Text]:
    by_number = {one.number: one for one in everything}
    return [by_number[number] for number in numbers[:MOST_ALIKE] if number in by_number]
