"""Counting answers, for everybody and group by group, and what the counts say."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from panel_app.opinions.may_show import FEWEST_TOLD
from panel_app.opinions.reading import Counts, Direction
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

    def counts(self, row: int, column: int) -> Counts:
        """The counts of one group on one statement."""
        return Counts(*(int(of[row, column]) for of in (self.agree, self.disagree, self.passes)))

    def others(self) -> Self:
        """For each group the counts of all other groups together."""
        every = (self.agree, self.disagree, self.votes)
        return type(self)(*(counts.sum(axis=0) - counts for counts in every))


def tally_groups(matrix: VoteMatrix, groups: Ints, labels: Ints) -> Tally:
    """Count the raw votes of each group in `labels`; `groups` holds each person's."""
    shape = (len(labels), len(matrix.statements))
    net, opinions, votes = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for rows, values, seen in matrix.blocks():
        member = (groups[rows] == labels[:, None]).astype(values.dtype)
        net += member @ values
        opinions += member @ np.abs(values)
        votes += member @ seen
    return Tally((opinions + net) / 2, (opinions - net) / 2, votes)


def tally_everyone(matrix: VoteMatrix) -> Tally:
    """Count the raw votes of all participants, clustered or not; shape (1, statements)."""
    return tally_groups(matrix, np.zeros(len(matrix.participants), np.intp), np.zeros(1, np.intp))


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


#: The one-tailed 90 % point of the normal distribution.
SIGNIFICANT = 1.2816


@dataclass(frozen=True, eq=False)
class Leaning:
    """One direction (agreeing, or disagreeing) of shape (groups, statements).

    With `count` n of `votes` s in a group choosing this direction, primes for all other groups:
    `share` (n+1)/(s+2); `share_test` how surely it is over a half; `ratio` the share over
    (n'+1)/(s'+2); `ratio_test` how surely the share differs from that of the others.
    """

    direction: Direction
    count: Floats
    votes: Floats
    share: Floats
    share_test: Floats
    ratio: Floats
    ratio_test: Floats

    @cached_property
    def is_significant(self) -> Bools:
        return (self.ratio_test > SIGNIFICANT) & (self.share_test > SIGNIFICANT)

    @cached_property
    def weight(self) -> Floats:
        """What representative statements are ranked by."""
        return self.ratio * self.ratio_test * self.share * self.share_test


def leanings(tally: Tally) -> tuple[Leaning, Leaning]:
    """Agreeing and disagreeing, group by group (Polis; Small et al. 2021, section 3)."""
    return _leaning(Direction.AGREE, tally), _leaning(Direction.DISAGREE, tally)


def _leaning(direction: Direction, tally: Tally) -> Leaning:
    count, votes, others = tally.towards(direction), tally.votes, tally.others()
    other_count, other_votes = others.towards(direction), others.votes
    share = smoothed_share(count, votes)
    return Leaning(
        direction,
        count,
        votes,
        share=share,
        share_test=share_test(count, votes),
        ratio=share / smoothed_share(other_count, other_votes),
        ratio_test=two_shares_test(count, votes, other_count, other_votes),
    )


def smoothed_share(count: Floats, votes: Floats) -> Floats:
    """(n + 1) / (s + 2): a share that few votes can't push to an extreme."""
    return (count + 1) / (votes + 2)


def share_test(count: Floats, votes: Floats) -> Floats:
    """Z score of a share against one half, one added to the count and the votes."""
    return 2 * np.sqrt(votes + 1) * ((count + 1) / (votes + 1) - 0.5)


def two_shares_test(
    count: Floats, votes: Floats, other_count: Floats, other_votes: Floats
) -> Floats:
    """Z score of the difference of two shares, one added to all four; 0 if all chose it."""
    count, votes, other_count, other_votes = (
        n + 1 for n in (count, votes, other_count, other_votes)
    )
    pooled = (count + other_count) / (votes + other_votes)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / votes + 1 / other_votes))
    difference = count / votes - other_count / other_votes
    return np.where(error > 0, difference / np.where(error > 0, error, 1), 0.0)


def group_informed_consensus(tally: Tally, direction: Direction = Direction.AGREE) -> Floats:
    """For each statement the product over groups of the smoothed share who agree (or disagree).

    Not normalised: with more groups it is smaller; compare its k-th root (`per_group`).
    """
    consensus: Floats = smoothed_share(tally.towards(direction), tally.votes).prod(axis=0)
    return consensus


def per_group(consensus: Floats, groups: int) -> Floats:
    """The k-th root of a product over k groups, comparable whatever the number of groups."""
    root: Floats = consensus ** (1 / max(groups, 1))
    return root


def division(tally: Tally) -> Floats:
    """For each statement the widest gap between two groups' smoothed shares who agree."""
    share = smoothed_share(tally.agree, tally.votes)
    gap: Floats = np.ptp(share, axis=0) if len(share) else np.zeros(share.shape[1])
    return gap
