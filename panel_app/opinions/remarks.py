"""What can be read in the votes: common ground, division, doubt, what is typical, who leans how."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from panel_app.opinions.analysis import Analysis
from panel_app.opinions.may_show import ENOUGH_VOTES, FEWEST_TOLD
from panel_app.opinions.reading import Counts, Direction, Reading, Remark, Remarks
from panel_app.opinions.representative import Pick
from panel_app.opinions.statistics import (
    SIGNIFICANT,
    Tally,
    division,
    group_informed_consensus,
    may_tell,
    per_group,
    share_test,
    smoothed_share,
)
from panel_app.opinions.votes import Bools, Floats
from panel_app.opinions.where_you_sit import Leanings

MOST_TOLD = 5
#: Two groups divide when their shares who agree lie at least this far apart.
WIDE_GAP = 0.3
#: Without groups, people divide when at least this share agrees and this share disagrees.
LARGE_MINORITY = 0.3
#: People are unsure when at least this share passes.
MANY_PASSES = 0.25
#: A group leans one way on a statement when this share of its votes goes that way.
LEANING = 0.6


def read_votes(analysis: Analysis) -> Reading:
    """Pick what is worth saying. Groups are only spoken of where the gate shows them.

    Common ground is what every group agrees (or disagrees) with, by group-informed
    consensus; without groups what most people do. Divides are ranked by the difference
    between groups, never by the place on the map; without groups by the size of the
    minority.
    """
    shown, reader = analysis.gate.shown, _Reader(analysis)
    return Reading(
        gate=analysis.gate,
        sizes=analysis.sizes if shown else {},
        common_ground=reader.common_ground() if shown else reader.majority(),
        divides=reader.divides() if shown else reader.splits(),
        unsure=reader.unsure(),
        typical=reader.typical() if shown else {},
    )


def counts_by_group(analysis: Analysis) -> dict[str, dict[int, Counts]]:
    """How each group answered each statement, by statement and label, where that may be told.

    Nothing while groups are not shown.
    """
    reader = _Reader(analysis)
    return {
        statement: reader.by_group(column)
        for column, statement in enumerate(analysis.matrix.statement_ids)
    }


@dataclass
class _Reader:
    """The findings of one analysis, and what may be told of them."""

    analysis: Analysis

    def __post_init__(self) -> None:
        self.tally, self.everyone = self.analysis.tally, self.analysis.everyone

    @cached_property
    def speakable(self) -> Bools:
        """Statements that are not set aside and have enough votes to speak of."""
        heard: Bools = self.everyone.votes[0] >= FEWEST_TOLD
        return heard & ~self.analysis.matrix.set_aside

    @cached_property
    def told(self) -> Bools:
        """Which group's counts may be told on which statement; none while groups are not shown."""
        told: Bools = may_tell(self.tally, self.everyone) & self.analysis.gate.shown
        return told

    def common_ground(self) -> Remarks:
        heard = self.speakable & (self.tally.votes >= FEWEST_TOLD).all(axis=0)
        return _strongest(one for way in Direction for one in self._shared(heard, way))

    def _shared(self, heard: Bools, direction: Direction) -> Remarks:
        """What most of every group did, and surely most of all people."""
        counts, total = self.tally.towards(direction), self.everyone.towards(direction)[0]
        sure: Bools = share_test(total, self.everyone.votes[0]) > SIGNIFICANT
        fits = heard & sure & (counts * 2 > self.tally.votes).all(axis=0)
        consensus = group_informed_consensus(self.tally, direction)
        return self._ranked(fits, per_group(consensus, self.analysis.k), direction)

    def majority(self) -> Remarks:
        found = self.analysis.majority
        picks = [p for p in (*found.agree, *found.disagree) if p.votes >= FEWEST_TOLD]
        return _strongest(self._picked(pick, pick.share) for pick in picks)

    def divides(self) -> Remarks:
        gaps = division(self.tally)
        return self._ranked(self.speakable & self.told.all(axis=0) & (gaps >= WIDE_GAP), gaps)

    def splits(self) -> Remarks:
        minority = np.minimum(self.everyone.agree[0], self.everyone.disagree[0])
        share = minority / np.maximum(self.everyone.votes[0], 1)
        return self._ranked(self.speakable & (share >= LARGE_MINORITY), share)

    def unsure(self) -> Remarks:
        passes, votes = self.everyone.passes[0], self.everyone.votes[0]
        many = self.speakable & (passes >= MANY_PASSES * votes)
        return self._ranked(many, smoothed_share(passes, votes))

    def typical(self) -> dict[int, Remarks]:
        return {
            label: tuple(self._picked(pick, pick.ratio or 0.0) for pick in picks)
            for label, picks in self.analysis.typical.items()
        }

    def _ranked(
        self, fits: Bools, scores: Floats, direction: Direction = Direction.AGREE
    ) -> Remarks:
        columns = np.flatnonzero(fits).tolist()
        return _strongest(self._remark(c, direction, float(scores[c])) for c in columns)

    def _picked(self, pick: Pick, score: float) -> Remark:
        column = self.analysis.matrix.statement_ids.index(pick.statement)
        return self._remark(column, pick.direction, score)

    def _remark(self, column: int, direction: Direction, score: float) -> Remark:
        return Remark(
            statement=self.analysis.matrix.statement_ids[column],
            direction=direction,
            everyone=self.everyone.counts(0, column),
            groups=self.by_group(column),
            score=score,
        )

    def by_group(self, column: int) -> dict[int, Counts]:
        """How each group answered a statement, where that may be told."""
        return {
            label: self.tally.counts(row, column)
            for row, label in enumerate(self.analysis.sizes)
            if self.told[row, column]
        }


def _strongest(remarks: Iterable[Remark]) -> Remarks:
    return tuple(sorted(remarks, key=lambda remark: -remark.score)[:MOST_TOLD])


def leanings_of(analysis: Analysis) -> Leanings:
    """What everybody and, where the gate shows them, the groups lean to."""
    ids, kept = analysis.matrix.statement_ids, ~analysis.matrix.set_aside

    def leaning(tally: Tally) -> list[dict[str, int]]:
        heard, clear = (tally.votes >= FEWEST_TOLD) & kept, LEANING * tally.votes
        sides = (heard & (tally.agree >= clear)) - 1 * (heard & (tally.disagree >= clear))
        return [{ids[at]: row[at] for at in np.flatnonzero(row)} for row in sides.tolist()]

    groups = leaning(analysis.tally) if analysis.gate.shown else []
    return Leanings(
        everyone=leaning(analysis.everyone)[0],
        groups=dict(zip(analysis.sizes, groups, strict=False)),
        needed=min(ENOUGH_VOTES, len(ids)),
    )
