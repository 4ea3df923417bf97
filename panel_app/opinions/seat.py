"""Where one person sits among the groups, or beside the majority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from panel_app.opinions.analysis import Analysis
from panel_app.opinions.grouping import ENOUGH_VOTES
from panel_app.opinions.reading import FEWEST_TOLD
from panel_app.opinions.tallies import Tally

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats

#: A group leans one way on a statement when this share of its votes goes that way.
LEANING = 0.6


@dataclass(frozen=True)
class Match:
    """In how many of the statements that others lean on this person answered as they do."""

    alike: int
    compared: int


@dataclass(frozen=True)
class Seat:
    """Where one person sits. `group` and `groups` are empty while groups are not shown.

    `missing` more votes put the person on the map; `point` is their place on it.
    """

    votes: int
    missing: int
    group: int | None
    majority: Match
    groups: Mapping[int, Match]
    point: tuple[float, float] | None


def where_you_sit(analysis: Analysis, participant: str) -> Seat:
    """Compare one person's answers with each group and with everybody.

    Somebody who hasn't voted yet gets an empty seat that says how many votes are missing.
    """
    needed = min(ENOUGH_VOTES, len(analysis.matrix.statements))
    if participant not in analysis.matrix.participants:
        return Seat(0, needed, None, Match(0, 0), {}, None)
    row = analysis.matrix.participants.index(participant)
    votes = int(analysis.matrix.seen[row].sum())
    group = analysis.groups.get(participant)
    shown, findings = analysis.gate.shown and group is not None, analysis.findings
    across, along = analysis.projection.points[row].tolist()
    return Seat(
        votes=votes,
        missing=0 if group is not None else max(needed - votes, 0),
        group=group if shown else None,
        majority=_match(analysis, row, _leaning(findings.everyone)[0]),
        groups=dict(
            zip(
                findings.labels,
                (_match(analysis, row, leaning) for leaning in _leaning(findings.tally)),
                strict=True,
            )
        )
        if shown
        else {},
        point=(across, along) if shown else None,
    )


def _leaning(tally: Tally) -> Floats:
    """1 or -1 where a group clearly agrees or disagrees, else 0; (groups, statements)."""
    import numpy as np

    heard = tally.votes >= FEWEST_TOLD
    clear = LEANING * tally.votes
    leaning: Floats = np.where(heard & (tally.agree >= clear), 1.0, 0.0)
    return leaning - np.where(heard & (tally.disagree >= clear), 1.0, 0.0)


def _match(analysis: Analysis, row: int, leaning: Floats) -> Match:
    own = analysis.matrix.values[row]
    compared = (own != 0) & (leaning != 0) & ~analysis.matrix.set_aside
    return Match(int((compared & (own == leaning)).sum()), int(compared.sum()))
