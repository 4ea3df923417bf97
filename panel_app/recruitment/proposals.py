"""What a computed lottery would mean for people, for whoever commits to it or gives it up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.recruitment.models import Lottery
from panel_app.recruitment.queries import LeftOut, left_out
from panel_app.recruitment.wordings import wordings_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A computed lottery that nobody has committed to yet, in figures."""

    commitment: str
    panels: int
    pool_size: int
    #: In how many of the panels whoever has the smallest chance sits.
    least_panels: int
    #: Whether its computation was ended before it was the best possible.
    cut_short: bool
    left_out: list[LeftOut]
    #: How many people are in none of the panels, those left out included.
    without: int
    features: list[FeatureChances]

    @property
    def left_out_people(self) -> int:
        """How many people no panel can hold."""
        return sum(group.people for group in self.left_out)

    @property
    def unlucky(self) -> int:
        """How many people are in none of the panels though some panel could hold them."""
        return self.without - self.left_out_people


@dataclass(frozen=True, slots=True)
class FeatureChances:
    """What a lottery means for people, by the values of one feature."""

    wording: Translated
    groups: list[GroupChances]


@dataclass(frozen=True, slots=True)
class GroupChances:
    """What a lottery means for the people who share one value of a feature."""

    wording: Translated
    people: int
    #: The seats they can expect; in how many of the panels the one sits who has the smallest
    #: chance of them, and the one who has the largest; how many of them are in none.
    seats: float
    least_panels: int
    most_panels: int
    without: int


def proposal_of(lottery: Lottery) -> Proposal | None:
    """Return the figures of a lottery that waits for somebody to commit to it, or None."""
    if lottery.state != "proposed":
        return None
    features = _chances(lottery.panel, lottery)
    without = sum(group.without for group in features[0].groups) if features else 0
    return Proposal(
        commitment=lottery.commitment or "",
        panels=lottery.panels,
        pool_size=lottery.pool_size,
        least_panels=round((lottery.smallest_chance or 0.0) * lottery.panels),
        cut_short=lottery.enough,
        left_out=left_out(lottery),
        without=without,
        features=features,
    )


def _chances(panel: Panel, lottery: Lottery) -> list[FeatureChances]:
    wordings = wordings_of(panel)
    return [
        FeatureChances(
            wordings.of(feature),
            [
                GroupChances(
                    wordings.of(feature, row["value"]),
                    row["people"],
                    row["seats"],
                    round(row["least"] * lottery.panels),
                    round(row["most"] * lottery.panels),
                    row["without"],
                )
                for row in rows
            ],
        )
        for feature, rows in groupby(lottery.chances, lambda row: row["feature"])
    ]
