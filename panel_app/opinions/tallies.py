"""Counting agreements, disagreements and votes, for everybody and group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from panel_app.opinions.votes import Floats, Ints, VoteMatrix


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of shape (groups, statements); `votes` includes passes."""

    agree: Floats
    disagree: Floats
    votes: Floats

    @property
    def passes(self) -> Floats:
        return self.votes - self.agree - self.disagree

    def total(self) -> Tally:
        """The counts of all groups together, of shape (1, statements)."""
        return Tally(
            self.agree.sum(axis=0, keepdims=True),
            self.disagree.sum(axis=0, keepdims=True),
            self.votes.sum(axis=0, keepdims=True),
        )

    def others(self) -> Tally:
        """For each group the counts of all other groups together."""
        total = self.total()
        return Tally(
            total.agree - self.agree, total.disagree - self.disagree, total.votes - self.votes
        )


def tally_groups(matrix: VoteMatrix, position: Ints, groups: int) -> Tally:
    """Count the raw votes of each group; `position` holds a group or -1 for each person."""
    import numpy as np

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
    import numpy as np

    return tally_groups(matrix, np.zeros(len(matrix.participants), dtype=np.intp), 1)
