"""The statements that tell a group apart, and those that most people share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from panel_app.opinions.may_show import FEWEST_TOLD
from panel_app.opinions.reading import Direction
from panel_app.opinions.statistics import (
    SIGNIFICANT,
    Leaning,
    Tally,
    leanings,
    may_tell,
)
from panel_app.opinions.votes import Bools

MOST_PICKED = 5


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
    best_agree: bool = False


Picks = tuple[Pick, ...]


@dataclass(frozen=True)
class Majority:
    """What most people agree with, and what most disagree with, strongest first."""

    agree: Picks = ()
    disagree: Picks = ()


def representative_statements(
    tally: Tally, statements: Sequence[str], skipped: Bools
) -> tuple[Picks, ...]:
    """For each group up to five statements typical of it, agreements first.

    A statement is picked for a direction that is significantly that of the group and
    significantly more so than of the others. The best agreement comes first of all; where
    nothing is significant it, or else the statement most unlike the others, stands alone.
    `skipped` statements (rejected ones) are never picked.
    """
    sides, candidates = leanings(tally), np.flatnonzero(~skipped).tolist()
    groups = range(len(tally.votes))
    return tuple(_typical_of(group, sides, statements, candidates) for group in groups)


def typical_statements(
    tally: Tally, everyone: Tally, statements: Sequence[str], set_aside: Bools
) -> tuple[Picks, ...]:
    """For each group the representative statements that may be told and are its own.

    Most of the group go along with them, significantly more than of the others, and there is
    another group to compare with. Polis' best agreement may be shared even more by the others,
    and its last resort need not be significant: neither tells a reader anything.
    """
    sides, told = leanings(tally), may_tell(tally, everyone)
    compared = ~set_aside & (everyone.votes[0] >= FEWEST_TOLD) & (told.sum(axis=0) > 1)
    return tuple(
        tuple(
            pick
            for pick in _typical_of(group, sides, statements, np.flatnonzero(own).tolist())
            if pick.count * 2 > pick.votes and (pick.ratio_test or 0) > SIGNIFICANT
        )
        for group, own in enumerate(told & compared)
    )


def _typical_of(
    group: int,
    sides: tuple[Leaning, Leaning],
    statements: Sequence[str],
    candidates: Sequence[int],
) -> Picks:
    agree, disagree = sides
    tests = np.array([side.ratio_test[group] for side in sides])
    side_of = [agree if agrees else disagree for agrees in tests[0] > tests[1]]
    significant = agree.is_significant[group] | disagree.is_significant[group]
    best = _best_agreement(group, sides, candidates)
    sufficient = [column for column in candidates if significant[column] and column != best]
    chosen = sorted(sufficient, key=lambda column: -side_of[column].weight[group, column])
    if best is not None:
        chosen.insert(0, best)
    elif not chosen:
        voted = (column for column in candidates if agree.votes[group, column])
        most_unlike = max(voted, key=tests.max(axis=0).__getitem__, default=None)
        chosen = [] if most_unlike is None else [most_unlike]
    picks = (
        _pick(side_of[column], group, column, statements[column], column == best)
        for column in chosen[:MOST_PICKED]
    )
    return tuple(sorted(picks, key=lambda pick: pick.direction is Direction.DISAGREE))


def _best_agreement(
    group: int, sides: tuple[Leaning, Leaning], candidates: Iterable[int]
) -> int | None:
    """The agreement that each later and stronger one replaces, in the order of statements."""
    best: int | None = None
    agree = sides[0]
    share, ratio, test = agree.share[group], agree.ratio[group], agree.share_test[group]
    by_share, by_all = share * test, agree.weight[group]
    opinions = sides[0].count[group] + sides[1].count[group]
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


def majority_statements(everyone: Tally, statements: Sequence[str], skipped: Bools) -> Majority:
    """Statements that significantly more than half of all voters agree or disagree with."""
    return Majority(*(_majority(side, statements, skipped) for side in leanings(everyone)))


def _majority(side: Leaning, statements: Sequence[str], skipped: Bools) -> Picks:
    share, test = side.share[0], side.share_test[0]
    fits = np.flatnonzero((share > 0.5) & (test > SIGNIFICANT) & ~skipped)
    ranked = sorted(fits.tolist(), key=lambda column: -share[column] * test[column])
    picks = (_pick(side, 0, column, statements[column]) for column in ranked[:MOST_PICKED])
    return tuple(replace(pick, ratio=None, ratio_test=None) for pick in picks)


def _pick(side: Leaning, group: int, column: int, statement: str, is_best: bool = False) -> Pick:
    at = group, column
    tested = (side.share, side.share_test, side.ratio, side.ratio_test)
    share, share_test, ratio, ratio_test = (float(values[at]) for values in tested)
    count, votes, way = int(side.count[at]), int(side.votes[at]), side.direction
    return Pick(statement, way, count, votes, share, share_test, ratio, ratio_test, is_best)
