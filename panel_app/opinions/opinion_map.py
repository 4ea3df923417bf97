"""The opinion map: groups as areas, never a dot for a person, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panel_app.opinions.analysis import Analysis
from panel_app.opinions.reading import Counts
from panel_app.opinions.seat import Seat
from panel_app.opinions.sentences import size_sentence
from panel_app.opinions.wording import Gettext, Ngettext, group_letter

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats, Ints


@dataclass(frozen=True)
class Area:
    """A group on the map: its middle, and how far across and along half its people lie."""

    label: int
    size: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class OpinionMap:
    """Areas on a square from -1 to 1; `you` is the place of the person it is drawn for."""

    areas: tuple[Area, ...]
    you: tuple[float, float] | None = None
    your_group: int | None = None


def draw_map(analysis: Analysis, seat: Seat | None = None) -> OpinionMap | None:
    """Lay out the map of groups, with one person's place if a seat is given.

    None where the gate doesn't show groups: then there is no picture either.
    """
    import numpy as np

    if not analysis.gate.shown:
        return None
    of = [analysis.groups.get(person, -1) for person in analysis.matrix.participants]
    groups = np.array(of, dtype=np.intp)
    points = analysis.projection.points
    reach = max(float(np.abs(points[groups >= 0]).max()), 1e-12)
    you = None
    if seat and seat.point:
        across, along = (max(-1.0, min(1.0, value / reach)) for value in seat.point)
        you = (across, along)
    areas = tuple(_area(label, points / reach, groups) for label in analysis.findings.labels)
    return OpinionMap(areas, you, seat.group if seat else None)


def _area(label: int, points: Floats, groups: Ints) -> Area:
    import numpy as np

    members = points[groups == label]
    x, y = np.median(members, axis=0).tolist()
    width, height = np.median(np.abs(members - (x, y)), axis=0).tolist()
    return Area(label, len(members), x, y, width, height)


def describe_map(picture: OpinionMap, *, gettext: Gettext, ngettext: Ngettext) -> str:
    """The text alternative of the map: group sizes, who is closest to whom, and you."""
    sizes = {area.label: area.size for area in picture.areas}
    sentences = [
        ngettext(
            "Map of %(num)s group: people who answered alike are close together.",
            "Map of %(num)s groups: people who answered alike are close together.",
            len(sizes),
        )
    ]
    sentences += [
        size_sentence(sizes, label, gettext=gettext, ngettext=ngettext) for label in sizes
    ]
    if len(picture.areas) > 2:
        first, second = _closest_pair(picture.areas)
        sentences.append(
            gettext(
                "Groups %(first)s and %(second)s are the closest to each other.",
                first=group_letter(first.label),
                second=group_letter(second.label),
            )
        )
    if picture.your_group is not None:
        sentences.append(
            gettext("You are in group %(group)s.", group=group_letter(picture.your_group))
        )
    return " ".join(sentences)


def _closest_pair(areas: tuple[Area, ...]) -> tuple[Area, Area]:
    pairs = [(one, two) for place, one in enumerate(areas) for two in areas[place + 1 :]]
    return min(pairs, key=lambda pair: (pair[0].x - pair[1].x) ** 2 + (pair[0].y - pair[1].y) ** 2)


def describe_bar(counts: Counts, *, ngettext: Ngettext) -> str:
    """The text alternative of a bar of answers to one statement."""
    return ngettext(
        "Of %(num)s vote, %(agree)s agree, %(disagree)s disagree and %(passes)s pass.",
        "Of %(num)s votes, %(agree)s agree, %(disagree)s disagree and %(passes)s pass.",
        counts.votes,
        agree=counts.agree,
        disagree=counts.disagree,
        passes=counts.passes,
    )
