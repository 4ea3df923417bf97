"""Whether groups deserve to be shown, and if not, why not, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from panel_app.opinions.chance import STANDING_OUT
from panel_app.opinions.gettext_protocol import Gettext, Ngettext
from panel_app.opinions.grouping import FEWEST_CLUSTERED
from panel_app.opinions.number_of_groups import smallest_group

STEADY = 0.8


class Reason(StrEnum):
    """What decided whether groups are shown."""

    SHOWN = "shown"
    TOO_FEW_PEOPLE = "too_few_people"
    NO_SPLIT = "no_split"
    TINY_GROUP = "tiny_group"
    NOT_MEASURED = "not_measured"
    CHANCE = "chance"
    UNSTEADY = "unsteady"
    NOTHING_TYPICAL = "nothing_typical"


@dataclass(frozen=True)
class Gate:
    """The verdict, with the numbers it rests on.

    `beyond_chance` says how far answers hang together beyond shuffled ones, in standard
    deviations; `stability` is the median adjusted Rand index of subsamples. Either is None
    where it was not measured, because nothing hung on it.
    """

    reason: Reason
    enough_votes: int
    clustered: int
    smallest: int
    beyond_chance: float | None
    stability: float | None

    @property
    def shown(self) -> bool:
        return self.reason is Reason.SHOWN


def judge_groups(
    sizes: Mapping[int, int],
    *,
    enough_votes: int,
    beyond_chance: float | None,
    stability: float | None,
    typical: int,
) -> Gate:
    """Decide whether to show groups.

    It takes fifteen people with enough votes, no group under three people or one in twenty,
    answers that hang together beyond chance, a stability of at least 0.8, and something
    typical to say of two groups or more (`typical` of them).
    """
    clustered, smallest = sum(sizes.values()), min(sizes.values(), default=0)
    too_small = _too_small(len(sizes), clustered, smallest, enough_votes)
    reason = too_small or _measured(beyond_chance, stability, typical)
    return Gate(reason, enough_votes, clustered, smallest, beyond_chance, stability)


def _too_small(groups: int, clustered: int, smallest: int, enough_votes: int) -> Reason | None:
    if enough_votes < FEWEST_CLUSTERED:
        return Reason.TOO_FEW_PEOPLE
    if groups < 2:
        return Reason.NO_SPLIT
    return Reason.TINY_GROUP if smallest < smallest_group(clustered) else None


def _measured(beyond_chance: float | None, stability: float | None, typical: int) -> Reason:
    if beyond_chance is not None and beyond_chance < STANDING_OUT:
        return Reason.CHANCE
    if beyond_chance is None or stability is None:
        return Reason.NOT_MEASURED
    if stability < STEADY:
        return Reason.UNSTEADY
    return Reason.SHOWN if typical > 1 else Reason.NOTHING_TYPICAL


def gate_sentence(gate: Gate, *, gettext: Gettext, ngettext: Ngettext) -> str:
    """Say why groups are shown, or why only what most people share is."""
    if gate.reason is Reason.TOO_FEW_PEOPLE:
        return ngettext(
            "Groups are not shown: %(num)s person answered enough statements, "
            "and it takes at least %(needed)s.",
            "Groups are not shown: %(num)s people answered enough statements, "
            "and it takes at least %(needed)s.",
            gate.enough_votes,
            needed=FEWEST_CLUSTERED,
        )
    if gate.reason is Reason.NO_SPLIT:
        return ngettext(
            "There are no groups to show: the answers of %(num)s person don't divide.",
            "There are no groups to show: the answers of %(num)s people don't divide into groups.",
            gate.clustered,
        )
    if gate.reason is Reason.TINY_GROUP:
        return gettext(
            "Groups are not shown: one of them would have fewer than %(needed)s people.",
            needed=smallest_group(gate.clustered),
        )
    return _measured_sentence(gate, gettext, ngettext)


def _measured_sentence(gate: Gate, gettext: Gettext, ngettext: Ngettext) -> str:
    if gate.reason is Reason.SHOWN:
        return ngettext(
            "Groups are shown: %(num)s person was placed, and the groups stay nearly the same "
            "when one in ten is left out.",
            "Groups are shown: %(num)s people were placed, and the groups stay nearly the same "
            "when one in ten is left out.",
            gate.clustered,
        )
    if gate.reason is Reason.CHANCE:
        return gettext(
            "Groups are not shown: answers dealt out at random would form groups nearly as well."
        )
    if gate.reason is Reason.UNSTEADY:
        return gettext(
            "Groups are not shown: leave out one person in ten and the groups come out differently."
        )
    if gate.reason is Reason.NOTHING_TYPICAL:
        return gettext(
            "Groups are not shown: nothing that they say sets them apart clearly enough."
        )
    return gettext(
        "Groups are not shown: nobody has measured whether they are steady, and more than chance."
    )
