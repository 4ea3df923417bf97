"""The statements that tell a group apart, and those that most people share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from panel_app.opinions.statistics import (
    SIGNIFICANT,
    Leaning,
    leanings,
    share_test,
    smoothed_share,
)
from panel_app.opinions.tallies import FEWEST_TOLD, Tally, may_tell

if TYPE_CHECKING:
    from panel_app.opinions.votes import Bools, Floats

MOST_PICKED = 5


class Direction(StrEnum):
    """What people did with a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"


@dataclass(frozen=True)
class Pick:
    """A statement picked for a direction, with the counts behind it.

    `count` of `votes` people (passes included) chose the direction. `ratio` and
    `ratio_test` compare a group with all others; a majority has none.
    """

    statement: str
    direction: Direction
    count: int
    votes: int
    share: float
    share_test: float
    ratio: float | None = None
    ratio_test: float | None = None
    is_best_agree: bool = False


@dataclass(frozen=True)
class Majority:
    """What most people agree with, and what most disagree with, strongest first."""

    agree: tuple[Pick, ...] = ()
    disagree: tuple[Pick, ...] = ()


def representative_statements(
    tally: Tally, statements: Sequence[str], skipped: Bools
) -> tuple[tuple[Pick, ...], ...]:
    """For each group up to five statements typical of it, agreements first.

    A statement is picked for a direction that is significantly that of the group and
    significantly more so than of the others. The best agreement comes first of all; where
    nothing is significant it, or else the statement most unlike the others, stands alone.
    `skipped` statements (rejected ones) are never picked.
    """
    agree, disagree = leanings(tally)
    return tuple(
        _typical_of(group, tally, statements, (agree, disagree), skipped)
        for group in range(len(tally.votes))
    )


def _typical_of(
    group: int,
    tally: Tally,
    statements: Sequence[str],
    sides: tuple[Leaning, Leaning],
    skipped: Bools,
) -> tuple[Pick, ...]:
    import numpy as np

    agree, disagree = sides
    agrees = agree.ratio_test[group] > disagree.ratio_test[group]
    candidates = [column for column in range(len(statements)) if not skipped[column]]
    significant = agree.is_significant[group] | disagree.is_significant[group]
    weight = np.where(agrees, agree.weight[group], disagree.weight[group])
    best = _best_agreement(group, tally, agree, candidates)
    sufficient = [column for column in candidates if significant[column] and column != best]
    chosen = sorted(sufficient, key=lambda column: -weight[column])
    if best is not None:
        chosen.insert(0, best)
    elif not chosen:
        chosen = _most_unlike(group, tally, sides, candidates)
    picks = [
        _pick(group, column, tally, statements, sides, bool(agrees[column]), column == best)
        for column in chosen[:MOST_PICKED]
    ]
    return tuple(sorted(picks, key=lambda pick: pick.direction is Direction.DISAGREE))


def _best_agreement(
    group: int, tally: Tally, agree: Leaning, candidates: Sequence[int]
) -> int | None:
    """The agreement that each later and stronger one replaces, in the order of statements."""
    best: int | None = None
    share, ratio, test = agree.share[group], agree.ratio[group], agree.share_test[group]
    by_share, by_all = share * test, agree.weight[group]
    opinions = tally.agree[group] + tally.disagree[group]
    for column in candidates:
        if not opinions[column]:
            continue
        if best is None:
            if test[column] > SIGNIFICANT or (ratio[column] > 1 and share[column] > 0.5):
                best = column
            continue
        measure = by_all if ratio[best] > 1 else by_share
        if measure[column] > measure[best]:
            best = column
    return best


def _most_unlike(
    group: int, tally: Tally, sides: tuple[Leaning, Leaning], candidates: Sequence[int]
) -> list[int]:
    tests = [side.ratio_test[group] for side in sides]
    voted = [column for column in candidates if tally.votes[group, column]]
    return sorted(voted, key=lambda column: max(t[column] for t in tests), reverse=True)[:1]


def _pick(
    group: int,
    column: int,
    tally: Tally,
    statements: Sequence[str],
    sides: tuple[Leaning, Leaning],
    agrees: bool,
    is_best: bool,
) -> Pick:
    side, counts = (sides[0], tally.agree) if agrees else (sides[1], tally.disagree)
    return Pick(
        statement=statements[column],
        direction=Direction.AGREE if agrees else Direction.DISAGREE,
        count=int(counts[group, column]),
        votes=int(tally.votes[group, column]),
        share=float(side.share[group, column]),
        share_test=float(side.share_test[group, column]),
        ratio=float(side.ratio[group, column]),
        ratio_test=float(side.ratio_test[group, column]),
        is_best_agree=is_best,
    )


def typical_statements(
    tally: Tally, everyone: Tally, statements: Sequence[str], set_aside: Bools
) -> tuple[tuple[Pick, ...], ...]:
    """For each group the representative statements that may be told and are its own.

    Most of the group go along with them, significantly more than of the others, and there is
    another group to compare with. Polis' best agreement may be shared even more by the others,
    and its last resort need not be significant: neither tells a reader anything.
    """
    sides, told = leanings(tally), may_tell(tally, everyone)
    alone = set_aside | (everyone.votes[0] < FEWEST_TOLD) | (told.sum(axis=0) < 2)
    return tuple(
        tuple(
            pick
            for pick in _typical_of(group, tally, statements, sides, alone | ~told[group])
            if pick.count * 2 > pick.votes and (pick.ratio_test or 0) > SIGNIFICANT
        )
        for group in range(len(tally.votes))
    )


def majority_statements(everyone: Tally, statements: Sequence[str], skipped: Bools) -> Majority:
    """Statements that significantly more than half of all voters agree or disagree with."""
    votes = everyone.votes[0]
    return Majority(
        _majority(Direction.AGREE, everyone.agree[0], votes, statements, skipped),
        _majority(Direction.DISAGREE, everyone.disagree[0], votes, statements, skipped),
    )


def _majority(
    direction: Direction, count: Floats, votes: Floats, statements: Sequence[str], skipped: Bools
) -> tuple[Pick, ...]:
    import numpy as np

    share, test = smoothed_share(count, votes), share_test(count, votes)
    fits = np.flatnonzero((share > 0.5) & (test > SIGNIFICANT) & ~skipped)
    ranked = sorted(fits.tolist(), key=lambda column: -share[column] * test[column])
    return tuple(
        Pick(
            statement=statements[column],
            direction=direction,
            count=int(count[column]),
            votes=int(votes[column]),
            share=float(share[column]),
            share_test=float(test[column]),
        )
        for column in ranked[:MOST_PICKED]
    )
