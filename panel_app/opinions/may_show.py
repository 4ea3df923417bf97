"""Whether groups deserve to be shown, and if not, why not, in words; what it takes to be told."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from panel_app.gettext_protocol import Gettext, Ngettext, gettext_noop, ngettext_noop

#: Fewer people than this are never counted out loud, here and in all of the app.
FEWEST_TOLD = 5
#: Votes that put a person on the map (fewer where there are fewer statements).
ENOUGH_VOTES = 7
#: Where fewer people have enough votes, the most active are added up to this many.
FEWEST_CLUSTERED = 15
#: Answers stand out that hang together by so many standard deviations more than shuffled ones.
#: One of 15,000 rounds of coin flips did (20 to 30 people, 6 to 20 statements), with groups that
#: were not steady; another comes to 4.6 with steady ones.
#: A lower bar would show few more weak camps: most of those missed are unsteady.
STANDING_OUT = 5.0
#: The median adjusted Rand index of subsamples from which groups are steady.
STEADY = 0.8


def smallest_group(people: int) -> int:
    """The least people a group may have: three, or one in twenty of those clustered."""
    return max(3, math.ceil(people / 20))


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
    hindrances = {
        Reason.TOO_FEW_PEOPLE: enough_votes < FEWEST_CLUSTERED,
        Reason.NO_SPLIT: len(sizes) < 2,
        Reason.TINY_GROUP: smallest < smallest_group(clustered),
        Reason.CHANCE: beyond_chance is not None and beyond_chance < STANDING_OUT,
        Reason.NOT_MEASURED: beyond_chance is None or stability is None,
        Reason.UNSTEADY: stability is not None and stability < STEADY,
        Reason.NOTHING_TYPICAL: typical < 2,
    }
    reason = next((why for why, hinders in hindrances.items() if hinders), Reason.SHOWN)
    return Gate(reason, enough_votes, clustered, smallest, beyond_chance, stability)


#: By how many people were placed, or answered enough.
_BY_NUMBER = {
    Reason.TOO_FEW_PEOPLE: ngettext_noop(
        "Groups are not shown: %(num)s person answered enough statements, "
        "and it takes at least %(needed)s.",
        "Groups are not shown: %(num)s people answered enough statements, "
        "and it takes at least %(needed)s.",
    ),
    Reason.NO_SPLIT: ngettext_noop(
        "There are no groups to show: the answers of %(num)s person don't divide.",
        "There are no groups to show: the answers of %(num)s people don't divide into groups.",
    ),
    Reason.SHOWN: ngettext_noop(
        "Groups are shown: %(num)s person was placed, and the groups stay nearly the same "
        "when one in ten is left out.",
        "Groups are shown: %(num)s people were placed, and the groups stay nearly the same "
        "when one in ten is left out.",
    ),
}
_SENTENCES = {
    Reason.TINY_GROUP: gettext_noop(
        "Groups are not shown: one of them would have fewer than %(needed)s people."
    ),
    Reason.CHANCE: gettext_noop(
        "Groups are not shown: answers dealt out at random would form groups nearly as well."
    ),
    Reason.UNSTEADY: gettext_noop(
        "Groups are not shown: leave out one person in ten and the groups come out differently."
    ),
    Reason.NOTHING_TYPICAL: gettext_noop(
        "Groups are not shown: nothing that they say sets them apart clearly enough."
    ),
    Reason.NOT_MEASURED: gettext_noop(
        "Groups are not shown: nobody has measured whether they are steady, and more than chance."
    ),
}


def gate_sentence(gate: Gate, *, gettext: Gettext, ngettext: Ngettext) -> str:
    """Say why groups are shown, or why only what most people share is."""
    too_few = gate.reason is Reason.TOO_FEW_PEOPLE
    needed = FEWEST_CLUSTERED if too_few else smallest_group(gate.clustered)
    if gate.reason in _BY_NUMBER:
        people = gate.enough_votes if too_few else gate.clustered
        return ngettext(*_BY_NUMBER[gate.reason], people, needed=needed)
    return gettext(_SENTENCES[gate.reason], needed=needed)
