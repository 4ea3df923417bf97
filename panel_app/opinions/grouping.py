"""From votes to opinion groups: who is clustered, and into which named group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from panel_app.opinions.choice import Choice, choose_groups
from panel_app.opinions.projection import Projection, project
from panel_app.opinions.state import GroupingState
from panel_app.opinions.tallies import Tally

if TYPE_CHECKING:
    from panel_app.opinions.votes import Bools, Ints, VoteMatrix

#: Votes that put a person on the map (fewer where there are fewer statements).
ENOUGH_VOTES = 7
#: Where fewer people have enough votes, the most active are added up to this many.
FEWEST_CLUSTERED = 15


@dataclass(frozen=True, eq=False)
class Grouping:
    """Opinion groups of one run.

    `rows` are the clustered rows of the matrix and `labels` their groups; labels are small
    numbers that stay with a group from run to run, so there may be gaps. `silhouettes` are
    those of every number of groups that could have been. `k` counts the groups: 1 where no
    split was found, 0 where nobody voted.
    """

    projection: Projection
    rows: Ints
    labels: Ints
    silhouettes: Mapping[int, float]
    enough_votes: int
    state: GroupingState

    @property
    def group_labels(self) -> tuple[int, ...]:
        return tuple(sorted(set(self.labels.tolist())))

    @property
    def k(self) -> int:
        return len(self.group_labels)

    @property
    def silhouette(self) -> float | None:
        return self.silhouettes.get(self.state.k)

    @property
    def sizes(self) -> dict[int, int]:
        labels = self.labels.tolist()
        return {label: labels.count(label) for label in self.group_labels}

    def positions(self, people: int) -> Ints:
        """For each of `people` rows the index in `group_labels`, or -1 if not clustered."""
        import numpy as np

        positions = np.full(people, -1, dtype=np.intp)
        positions[self.rows] = np.searchsorted(self.group_labels, self.labels)
        return positions


def group_people(
    matrix: VoteMatrix,
    *,
    seed: int = 0,
    k: int | None = None,
    previous: GroupingState | None = None,
    tally: Tally | None = None,
) -> Grouping:
    """Find the opinion groups of a matrix; the same input and seed give the same groups.

    `k` pins the number of groups, `previous` keeps axes, group names and, against a brief
    wobble, the number of groups as they were. `tally` saves counting everybody again.
    """
    import numpy as np

    projection = project(matrix, previous=previous.axes if previous else None, tally=tally)
    enough = has_enough_votes(matrix)
    rows = np.flatnonzero(_clustered(matrix, enough, previous))
    rng = np.random.default_rng(seed)
    choice = choose_groups(projection.points[rows], rng, pinned=k, previous=previous)
    people = [matrix.participants[row] for row in rows]
    labels = _name_groups(choice, people, previous)
    state = _state(choice, projection, matrix, people, labels)
    return Grouping(projection, rows, labels, choice.silhouettes, int(enough.sum()), state)


def has_enough_votes(matrix: VoteMatrix) -> Bools:
    """Who voted on seven statements, or on all of them where there are fewer."""
    needed = max(min(ENOUGH_VOTES, len(matrix.statements)), 1)
    enough: Bools = matrix.votes_by_person() >= needed
    return enough


def _clustered(matrix: VoteMatrix, enough: Bools, previous: GroupingState | None) -> Bools:
    """Who is clustered: enough votes, or clustered before; at least fifteen if they exist."""
    import numpy as np

    known = previous.groups if previous else {}
    before = np.array([person in known for person in matrix.participants], dtype=bool)
    clustered: Bools = enough | before
    if clustered.sum() < FEWEST_CLUSTERED:
        votes = matrix.votes_by_person()
        active = np.argsort(np.where(clustered, -np.inf, -votes), kind="stable")
        clustered[active[:FEWEST_CLUSTERED]] = True
        clustered &= votes > 0
    return clustered


def _name_groups(choice: Choice, people: list[str], previous: GroupingState | None) -> Ints:
    """Give each cluster the label of the group it shares most people with, or a new one."""
    import numpy as np

    found = np.unique(choice.labels)
    if previous is None or not previous.groups:
        sizes = [(-np.count_nonzero(choice.labels == cluster), cluster) for cluster in found]
        names = {int(cluster): place for place, (_, cluster) in enumerate(sorted(sizes))}
    else:
        names = _inherited_names(choice.labels.tolist(), people, previous)
    return np.array([names[label] for label in choice.labels.tolist()], dtype=np.intp)


def _inherited_names(
    labels: list[int], people: list[str], previous: GroupingState
) -> dict[int, int]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    found, old = sorted(set(labels)), sorted(set(previous.groups.values()))
    shared = np.zeros((len(found), len(old)))
    for label, person in zip(labels, people, strict=True):
        if person in previous.groups:
            shared[found.index(label), old.index(previous.groups[person])] += 1
    pairs = zip(*linear_sum_assignment(-shared), strict=True)
    names = {found[row]: old[column] for row, column in pairs if shared[row, column]}
    unused = (label for label in count() if label not in old)  # nobody gets a lost group's name
    return {label: names[label] if label in names else next(unused) for label in found}


def _state(
    choice: Choice, projection: Projection, matrix: VoteMatrix, people: list[str], labels: Ints
) -> GroupingState:
    axes = zip(matrix.statement_ids, projection.axes.tolist(), strict=True)
    return GroupingState(
        k=choice.k,
        contender=choice.contender,
        streak=choice.streak,
        groups=dict(zip(people, labels.tolist(), strict=True)),
        axes={statement: (x, y) for statement, (x, y) in axes},
        centres={k: tuple((x, y) for x, y in c.tolist()) for k, c in choice.centres.items()},
    )
