"""The draw on the wall: what a hall sees before, while and after the dice are rolled."""

from __future__ import annotations

from typing import Any

from panel_app.core.text import _
from panel_app.recruitment import dice, queries
from panel_app.recruitment.models import Lottery
from panel_app.recruitment.queries import Feature
from panel_app.web import charts
from panel_app.web.i18n import number, wording

#: Bars that fit on a wall without anything smaller than a twenty-fifth of its height.
MOST_BARS = 5
#: Of a fingerprint as many characters as people compare by eye; the record spells it out.
SHORT = 8


def shown(lottery: Lottery) -> dict[str, Any]:
    """Return what the wall shows of a lottery."""
    story = queries.story_of(lottery)
    drawn = lottery.state == "drawn"
    panel = dice.panel_number(lottery)
    return {
        "story": story,
        "title": _title(lottery, panel),
        "digits": (lottery.dice if drawn else lottery.typed) or "",
        "asked": panel is not None and not drawn,
        "mark": _short(story.commitment) if story else "",
        "bars": _bars(lottery) if drawn and lottery.kind == "panel" else [],
    }


def _title(lottery: Lottery, panel: int | None) -> Any:
    if lottery.drawn_index is not None:
        return (
            _(
                "Panel %(number)s: these are our %(size)s",
                number=lottery.drawn_index,
                size=lottery.size,
            )
            if lottery.kind == "panel"
            else _("Number %(number)s of the lottery is drawn", number=lottery.drawn_index)
        )
    if panel is not None and lottery.typed:
        digits = ", ".join(lottery.typed)
        return _("%(digits)s is panel %(number)s.", digits=digits, number=panel)
    return _("The draw of %(size)s residents", size=number(lottery.size))


def _bars(lottery: Lottery) -> list[charts.Stack]:
    """Return the panel as drawn, a bar a feature; every part of it is said in words below."""
    features = queries.composition(lottery.panel)
    return [_bar(feature) for feature in features[:MOST_BARS]]


def _bar(feature: Feature) -> charts.Stack:
    shades: tuple[charts.Shade, charts.Shade] = ("one", "other")
    parts = [
        (wording(value.wording).text, value.number, shades[at % 2])
        for at, value in enumerate(value for value in feature.values if value.number)
    ]
    return charts.stack(wording(feature.wording).text, parts)


def _short(commitment: str) -> str:
    """Return the short mark of a fingerprint: `9f2c e71a`."""
    half = SHORT // 2
    return f"{commitment[:half]} {commitment[half:SHORT]}"
