"""Whether groups deserve to be shown, and if not, why not, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from panel_app.opinions.choice import smallest_group
from panel_app.opinions.grouping import FEWEST_CLUSTERED, Grouping
from panel_app.opinions.wording import Gettext, Ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

STEADY = 0.8


class Reason(StrEnum):
    """What decided whether groups are shown."""

    SHOWN = "shown"
    TOO_FEW_PEOPLE = "too_few_people"
    NO_SPLIT = "no_split"
    TINY_GROUP = "tiny_group"
    UNSTEADY = "unsteady"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True)
class Gate:
    """The verdict, with the numbers it rests on.

    `stability` is the median adjusted Rand index of subsamples, None where there was nothing
    to measure.
    """

    reason: Reason
    enough_votes: int
    clustered: int
    smallest: int
    stability: float | None

    @property
    def shown(self) -> bool:
        return self.reason is Reason.SHOWN


def judge_groups(sizes: Mapping[int, int], *, enough_votes: int, stability: float | None) -> Gate:
    """Decide whether to show groups: at least fifteen people with enough votes, no group
    under three people or one in twenty, and a stability of at least 0.8."""
    clustered, smallest = sum(sizes.values()), min(sizes.values(), default=0)
    if enough_votes < FEWEST_CLUSTERED:
        reason = Reason.TOO_FEW_PEOPLE
    elif len(sizes) < 2:
        reason = Reason.NO_SPLIT
    elif smallest < smallest_group(clustered):
        reason = Reason.TINY_GROUP
    elif stability is None:
        reason = Reason.NOT_MEASURED
    elif stability < STEADY:
        reason = Reason.UNSTEADY
    else:
        reason = Reason.SHOWN
    return Gate(reason, enough_votes, clustered, smallest, stability)


def judge_grouping(grouping: Grouping, stability: float | None) -> Gate:
    """Apply `judge_groups` to groups we found ourselves."""
    return judge_groups(grouping.sizes, enough_votes=grouping.enough_votes, stability=stability)


def gate_sentence(gate: Gate, *, gettext: Gettext, ngettext: Ngettext) -> str:
    """Say why groups are shown, or why only what most people share is."""
    if gate.reason is Reason.TOO_FEW_PEOPLE:
        return ngettext(
            "Groups are not shown yet: %(num)s person has voted on enough statements, "
            "and it takes at least %(needed)s.",
            "Groups are not shown yet: %(num)s people have voted on enough statements, "
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
        return ngettext(
            "Groups are not shown: one of them would be %(num)s person, "
            "and the least is %(needed)s.",
            "Groups are not shown: one of them would be only %(num)s people, "
            "and the least is %(needed)s.",
            gate.smallest,
            needed=smallest_group(gate.clustered),
        )
    return _steadiness_sentence(gate, gettext, ngettext)


def _steadiness_sentence(gate: Gate, gettext: Gettext, ngettext: Ngettext) -> str:
    if gate.reason is Reason.NOT_MEASURED:
        return gettext(
            "Groups are not shown: nobody has measured whether they would come out the same "
            "with some people left out."
        )
    score = round(100 * (gate.stability or 0.0))
    if gate.reason is Reason.UNSTEADY:
        return gettext(
            "Groups are not shown: leave out one person in ten and the groups come out "
            "differently (they match by %(score)s out of 100; it takes %(needed)s).",
            score=score,
            needed=round(100 * STEADY),
        )
    return ngettext(
        "Groups are shown: %(num)s person was placed, and the groups stay nearly the same "
        "when one in ten is left out (they match by %(score)s out of 100).",
        "Groups are shown: %(num)s people were placed, and the groups stay nearly the same "
        "when one in ten is left out (they match by %(score)s out of 100).",
        gate.clustered,
        score=score,
    )
