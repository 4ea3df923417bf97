"""Counting agreements, disagreements and votes, for everybody and group by group."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from panel_app.opinions.may_show import FEWEST_TOLD
from panel_app.opinions.reading import Direction
from panel_app.opinions.votes import Bools, Floats, Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of shape (groups, statements); `votes` includes passes."""

    agree: Floats
    disagree: Floats
    votes: Floats

    @property
    def passes(self) -> Floats:
        return self.votes - self.agree - self.disagree

    def towards(self, direction: Direction) -> Floats:
        return self.agree if direction is Direction.AGREE else self.disagree

    def others(self) -> Self:
        """For each group the counts of all other groups together."""
        every = (self.agree, self.disagree, self.votes)
        return type(self)(*(counts.sum(axis=0) - counts for counts in every))


def tally_groups(matrix: VoteMatrix, position: Ints, groups: int) -> Tally:
    """Count the raw votes of each group; `position` holds a group or -1 for each person."""
    shape = (groups, len(matrix.statements))
    net, opinions, votes = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for rows, values, seen in matrix.blocks():
        member = (position[rows] == np.arange(groups)[:, None]).astype(values.dtype)
        net += member @ values
        opinions += member @ np.abs(values)
        votes += member @ seen
    return Tally((opinions + net) / 2, (opinions - net) / 2, votes)


def tally_everyone(matrix: VoteMatrix) -> Tally:
    """Count the raw votes of all participants, clustered or not; shape (1, statements)."""
    return tally_groups(matrix, np.zeros(len(matrix.participants), dtype=np.intp), 1)


def may_tell(groups: Tally, everyone: Tally) -> Bools:
    """Which group's counts may be told on which statement, of shape (groups, statements).

    Those of five votes or more; where all answers less theirs would leave one to four (of a
    small group, or of people on no map), the smallest of them covers for the rest.
    """
    told: Bools = groups.votes >= FEWEST_TOLD
    if not told.any():
        return told
    rest = everyone.votes[0] - (groups.votes * told).sum(axis=0)
    bare = np.flatnonzero((rest > 0) & (rest < FEWEST_TOLD) & told.any(axis=0))
    smallest = np.where(told, groups.votes, np.inf)[:, bare].argmin(axis=0)
    told[smallest, bare] = False
    return told
