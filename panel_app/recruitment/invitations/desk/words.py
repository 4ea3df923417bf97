"""Why a plan is as it is, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from panel_app.core.text import gettext, ngettext
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations.models import Wave
from panel_app.recruitment.invitations.queries import Area
from panel_app.recruitment.queries import pool_size
from panel_app.web.i18n import apart, number

#: People for each seat below which a lottery has little to choose from.
FEW_A_SEAT = 4


def reasons(wave: Wave, areas: Sequence[Area]) -> list[str]:
    """Say why each area gets its letters, and what pool that leads to."""
    lines = [
        gettext(
            "%(letters)s of %(homes)s homes that were not written to get a letter, one a home."
            " Within an area each home is as likely as any other.",
            letters=number(wave.letters),
            homes=number(wave.homes),
        ),
        *_about_rates(areas),
    ]
    return [*lines, *_about_pool(wave.panel, areas)]


def _about_rates(areas: Sequence[Area]) -> list[str]:
    least = min(areas, key=lambda area: area.rate)
    most = max(areas, key=lambda area: area.rate)
    if least.rate == most.rate:
        return [gettext("Every area is expected to answer alike, so each gets its share of homes.")]
    lines = [
        gettext(
            "Areas that are expected to answer less get more letters for each home, so that those"
            " who register come from the areas as their homes do: of 100 letters %(few)s in"
            " %(least)s, %(many)s in %(most)s.",
            few=number(round(100 * least.rate, 1)),
            least=apart(least.area),
            many=number(round(100 * most.rate, 1)),
            most=apart(most.area),
        )
    ]
    full = [area for area in areas if area.letters == area.homes]
    if full:
        lines.append(
            ngettext(
                "In %(num)s area every home is written to: its answers will be fewer than its"
                " share.",
                "In %(num)s areas every home is written to: their answers will be fewer than"
                " their share.",
                len(full),
            )
        )
    return lines


def _about_pool(panel: Panel, areas: Sequence[Area]) -> list[str]:
    expected, there = round(sum(area.expected for area in areas)), pool_size(panel)
    each = (expected + there) / panel.size
    lines = [
        gettext(
            "About %(expected)s registrations are to be expected. With the %(there)s people in the"
            " pool that makes %(each)s for each of the %(size)s seats.",
            expected=number(expected),
            there=number(there),
            each=number(round(each, 1)),
            size=number(panel.size),
        )
    ]
    if each < FEW_A_SEAT:
        lines.append(
            gettext(
                "With fewer than %(few)s people for each seat the targets may not be met.",
                few=number(FEW_A_SEAT),
            )
        )
    return lines
