"""What can be read in the votes: common ground, division, doubt, and what is typical."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from panel_app.opinions.analysis import Analysis
from panel_app.opinions.may_show import Gate, Reason
from panel_app.opinions.representative import Direction
from panel_app.opinions.statistics import (
    SIGNIFICANT,
    division,
    group_informed_consensus,
    group_informed_rejection,
    per_group,
    share_test,
    smoothed_share,
)
from panel_app.opinions.tallies import FEWEST_TOLD, Tally, may_tell

if TYPE_CHECKING:
    from panel_app.opinions.votes import Bools, Floats

MOST_TOLD = 5
#: Two groups divide when their shares who agree lie at least this far apart.
WIDE_GAP = 0.3
#: Without groups, people divide when at least this share agrees and this share disagrees.
LARGE_MINORITY = 0.3
#: People are unsure when at least this share passes.
MANY_PASSES = 0.25


@dataclass(frozen=True)
class Counts:
    """How people answered one statement; `passes` are neither agreement nor disagreement."""

    agree: int
    disagree: int
    passes: int

    @property
    def votes(self) -> int:
        return self.agree + self.disagree + self.passes

    def towards(self, direction: Direction) -> int:
        return self.agree if direction is Direction.AGREE else self.disagree


@dataclass(frozen=True)
class Remark:
    """One thing to say about a statement, with the counts it rests on.

    `groups` holds only groups with at least five votes on the statement, fewer of them where
    those left out could be worked out from `everyone`, and none while groups are not shown.
    `score` is what remarks of a kind are ranked by.
    """

    statement: str
    direction: Direction
    everyone: Counts
    groups: Mapping[int, Counts]
    score: float

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Remark:
        """Read one of the remarks that `Reading.to_json` wrote."""
        return cls(
            statement=str(value["statement"]),
            direction=Direction(value["direction"]),
            everyone=Counts(**value["everyone"]),
            groups={int(label): Counts(**counts) for label, counts in value["groups"].items()},
            score=float(value["score"]),
        )


@dataclass(frozen=True)
class Reading:
    """What a facilitator and a resident read, strongest first; at most five of each kind.

    `gate` says whether groups are spoken of, and why not. Holds no person's answer.
    """

    gate: Gate
    sizes: Mapping[int, int]
    common_ground: tuple[Remark, ...]
    divides: tuple[Remark, ...]
    unsure: tuple[Remark, ...]
    typical: Mapping[int, tuple[Remark, ...]]

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain values for `json.dumps`."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Reading:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError if it didn't."""
        gate = value["gate"]
        return cls(
            gate=Gate(**{**gate, "reason": Reason(gate["reason"])}),
            sizes={int(label): int(size) for label, size in value["sizes"].items()},
            common_ground=_remarks(value["common_ground"]),
            divides=_remarks(value["divides"]),
            unsure=_remarks(value["unsure"]),
            typical={int(label): _remarks(rows) for label, rows in value["typical"].items()},
        )

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything that is said, of whatever kind."""
        typical = [remark for remarks in self.typical.values() for remark in remarks]
        return (*self.common_ground, *self.divides, *self.unsure, *typical)

    def only(self, statements: Collection[str]) -> Reading:
        """The same with nothing said of other statements, which were taken back."""

        def kept(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
            return tuple(remark for remark in remarks if remark.statement in statements)

        return replace(
            self,
            common_ground=kept(self.common_ground),
            divides=kept(self.divides),
            unsure=kept(self.unsure),
            typical={label: kept(remarks) for label, remarks in self.typical.items()},
        )


def _remarks(rows: Sequence[Mapping[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark.from_json(row) for row in rows)


def read_votes(analysis: Analysis) -> Reading:
    """Pick what is worth saying. Groups are only spoken of where the gate shows them.

    Common ground is what every group agrees (or disagrees) with, by group-informed
    consensus; without groups what most people do. Divides are ranked by the difference
    between groups, never by the place on the map; without groups by the size of the
    minority.
    """
    shown = analysis.gate.shown
    return Reading(
        gate=analysis.gate,
        sizes=analysis.sizes if shown else {},
        common_ground=_common_ground(analysis) if shown else _majority(analysis),
        divides=_divides(analysis) if shown else _splits(analysis),
        unsure=_unsure(analysis),
        typical=_typical(analysis) if shown else {},
    )


def counts_of(tally: Tally, row: int, column: int) -> Counts:
    """The counts of one group (row) on one statement (column)."""
    return Counts(
        int(tally.agree[row, column]),
        int(tally.disagree[row, column]),
        int(tally.passes[row, column]),
    )


def _speakable(analysis: Analysis) -> Bools:
    """Statements that are not set aside and have enough votes to speak of."""
    votes = analysis.findings.everyone.votes[0]
    speakable: Bools = ~analysis.matrix.set_aside & (votes >= FEWEST_TOLD)
    return speakable


def _told(analysis: Analysis) -> Bools:
    """Which group's counts may be told on which statement; none while groups are not shown."""
    findings = analysis.findings
    told = may_tell(findings.tally, findings.everyone)
    return told & analysis.gate.shown


def _remark(analysis: Analysis, column: int, direction: Direction, score: float) -> Remark:
    findings, told = analysis.findings, _told(analysis)[:, column]
    return Remark(
        statement=analysis.matrix.statements[column].id,
        direction=direction,
        everyone=counts_of(findings.everyone, 0, column),
        groups={
            label: counts_of(findings.tally, row, column)
            for row, label in enumerate(findings.labels)
            if told[row]
        },
        score=score,
    )


def _strongest(
    analysis: Analysis, fits: Bools, scores: Floats, direction: Direction
) -> list[Remark]:
    import numpy as np

    columns = sorted(np.flatnonzero(fits).tolist(), key=lambda column: -scores[column])
    return [_remark(analysis, c, direction, float(scores[c])) for c in columns[:MOST_TOLD]]


def _ranked(*remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    together = [remark for kind in remarks for remark in kind]
    return tuple(sorted(together, key=lambda remark: -remark.score)[:MOST_TOLD])


def _common_ground(analysis: Analysis) -> tuple[Remark, ...]:
    tally, everyone = analysis.findings.tally, analysis.findings.everyone
    heard = _speakable(analysis) & (tally.votes >= FEWEST_TOLD).all(axis=0)
    sides = (
        (Direction.AGREE, tally.agree, everyone.agree, group_informed_consensus(tally)),
        (Direction.DISAGREE, tally.disagree, everyone.disagree, group_informed_rejection(tally)),
    )
    return _ranked(
        *(
            _strongest(
                analysis,
                heard
                & (counts * 2 > tally.votes).all(axis=0)
                & (share_test(total[0], everyone.votes[0]) > SIGNIFICANT),
                per_group(consensus, analysis.k),
                direction,
            )
            for direction, counts, total, consensus in sides
        )
    )


def _majority(analysis: Analysis) -> tuple[Remark, ...]:
    majority, columns = analysis.findings.majority, _columns(analysis)
    return _ranked(
        [
            _remark(analysis, columns[pick.statement], pick.direction, pick.share)
            for pick in (*majority.agree, *majority.disagree)
            if pick.votes >= FEWEST_TOLD
        ]
    )


def _divides(analysis: Analysis) -> tuple[Remark, ...]:
    tally = analysis.findings.tally
    gaps = division(tally)
    heard = _speakable(analysis) & _told(analysis).all(axis=0)
    return tuple(_strongest(analysis, heard & (gaps >= WIDE_GAP), gaps, Direction.AGREE))


def _splits(analysis: Analysis) -> tuple[Remark, ...]:
    import numpy as np

    everyone = analysis.findings.everyone
    minority = np.minimum(everyone.agree[0], everyone.disagree[0])
    share = minority / np.maximum(everyone.votes[0], 1)
    fits = _speakable(analysis) & (share >= LARGE_MINORITY)
    return tuple(_strongest(analysis, fits, share, Direction.AGREE))


def _unsure(analysis: Analysis) -> tuple[Remark, ...]:
    everyone = analysis.findings.everyone
    share = smoothed_share(everyone.passes[0], everyone.votes[0])
    fits = _speakable(analysis) & (everyone.passes[0] >= MANY_PASSES * everyone.votes[0])
    return tuple(_strongest(analysis, fits, share, Direction.AGREE))


def _typical(analysis: Analysis) -> dict[int, tuple[Remark, ...]]:
    columns = _columns(analysis)
    return {
        label: tuple(
            _remark(analysis, columns[pick.statement], pick.direction, pick.ratio or 0.0)
            for pick in picks
        )
        for label, picks in analysis.findings.typical.items()
    }


def _columns(analysis: Analysis) -> dict[str, int]:
    return {statement: column for column, statement in enumerate(analysis.matrix.statement_ids)}
