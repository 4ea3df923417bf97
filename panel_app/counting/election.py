"""What is counted: projects, a pot, and papers merged into classes of identical ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, repeat
from math import lcm
from typing import Literal

BallotKind = Literal["approval", "points", "ranking"]
Points = int | Fraction
Support = tuple[tuple[int, int], ...]

#: More money than this (minor units) is a slip of the pen, and floats could not bound its errors.
MOST = 10**18


class CountError(ValueError):
    """The input cannot be counted; `faults` names every reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Project:
    """Something the pot can buy. Cost in minor units (pence)."""

    id: str
    cost: int
    name: str = ""
    categories: tuple[str, ...] = ()
    area: str = ""


@dataclass(frozen=True)
class Election:
    """Projects, a pot and papers.

    `classes` holds one entry for each distinct paper: pairs of (project index, points), sorted
    by index, no zero points. `voters` says how many people handed in each. Points are integers:
    decimals were multiplied by `scale`. `pot` and costs are minor units, `unit` of which make
    one unit of currency (100 pence to the pound).
    """

    projects: tuple[Project, ...]
    pot: int
    classes: tuple[Support, ...]
    voters: tuple[int, ...]
    kind: BallotKind = "approval"
    unit: int = 100
    scale: int = 1
    table: tuple[int, ...] = ()

    @cached_property
    def paper_count(self) -> int:
        """People who handed in a paper, empty ones included."""
        return sum(self.voters)

    def costing(self, index: int, cost: int) -> "Election":
        """The same election with another cost of one project."""
        changed = replace(self.projects[index], cost=cost)
        return replace(
            self, projects=(*self.projects[:index], changed, *self.projects[index + 1 :])
        )

    def backed(self, index: int, voters: int) -> "Election":
        """The same election with so many more papers that choose one project and nothing else.

        Each gives it as much as any paper gives to any project.
        """
        most = max((points for support in self.classes for _, points in support), default=1)
        alone = ((index, max(most, 1)),)
        return replace(self, classes=(*self.classes, alone), voters=(*self.voters, voters))

    def ids(self, indices: Iterable[int]) -> tuple[str, ...]:
        """The ids of projects, in the same order."""
        return tuple(self.projects[index].id for index in indices)

    def cost_of(self, indices: Iterable[int]) -> int:
        """What projects cost together, in minor units."""
        return sum(self.costs[index] for index in indices)

    @property
    def huge(self) -> bool:
        """Whether the points of all voters together may pass what floats hold exactly."""
        return max(map(sum, self.given), default=0) * max(self.voters, default=0) >= 2**53

    @cached_property
    def costs(self) -> tuple[int, ...]:
        return tuple(project.cost for project in self.projects)

    @cached_property
    def supporters(self) -> tuple[tuple[int, ...], ...]:
        """For each project, the classes that give it more than nothing."""
        found: list[list[int]] = [[] for _ in self.projects]
        for number, support in enumerate(self.classes):
            for index, points in support:
                if points > 0:
                    found[index].append(number)
        return tuple(map(tuple, found))

    @cached_property
    def given(self) -> tuple[tuple[int, ...], ...]:
        """For each project, the points of each class in `supporters`."""
        found: list[list[int]] = [[] for _ in self.projects]
        for support in self.classes:
            for index, points in support:
                if points > 0:
                    found[index].append(points)
        return tuple(map(tuple, found))

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """For each project, how many people support it."""
        voters = self.voters
        return tuple(sum(voters[number] for number in classes) for classes in self.supporters)

    @cached_property
    def points(self) -> tuple[int, ...]:
        """For each project, its points, times `scale`; with approval its votes."""
        totals = [0] * len(self.projects)
        for support, voters in zip(self.classes, self.voters, strict=True):
            for index, points in support:
                totals[index] += points * voters
        return tuple(totals)


def approval_election(
    projects: Iterable[Project],
    papers: Iterable[Iterable[str]],
    *,
    pot: int,
    unit: int = 100,
    times: Iterable[int] = (),
) -> Election:
    """Merge approval papers (also choose-1, up to k, knapsack), each the ids it names.

    `times` says how often each paper was handed in, once where it is left out. Raises CountError
    naming every fault of projects and papers.
    """
    merge = _Merge(projects, pot, unit)
    pairs = [(index, 1) for index in range(len(merge.projects))]
    chosen = (sorted(set(merge.indices(paper))) for paper in papers)
    merge.take((tuple(map(pairs.__getitem__, indices)) for indices in chosen), times)
    return merge.election("approval")


def points_election(
    projects: Iterable[Project],
    papers: Iterable[Mapping[str, Points]],
    *,
    pot: int,
    unit: int = 100,
    times: Iterable[int] = (),
) -> Election:
    """Merge papers of points or scores: id to points, whole or Fraction, negative ones allowed."""
    merge, papers = _Merge(projects, pot, unit), list(papers)
    given = {points for paper in papers for points in paper.values()}
    scale = lcm(1, *(Fraction(points).denominator for points in given))
    whole = {points: int(points * scale) for points in given}
    merge.take((merge.support(p, map(whole.__getitem__, p.values())) for p in papers), times)
    return merge.election("points", scale=scale)


def ranking_election(
    projects: Iterable[Project],
    papers: Iterable[Sequence[str]],
    *,
    pot: int,
    table: Sequence[int] = (),
    unit: int = 100,
    times: Iterable[int] = (),
) -> Election:
    """Merge rankings, best first. `table` gives the points by place; beyond it none.

    Without a table the longest ranking of length k sets it to k, k-1, ..., 1.
    """
    merge, papers = _Merge(projects, pot, unit), list(papers)
    table = tuple(table) or tuple(range(max(map(len, papers), default=0), 0, -1))
    merge.take((merge.support(paper, table) for paper in papers), times)
    return merge.election("ranking", table=table)


def _checked(projects: Iterable[Project], pot: int) -> tuple[Project, ...]:
    projects = tuple(projects)
    faults = [
        f"project {project.id}: cost {project.cost} is {_unlikely(project.cost)}"
        for project in projects
        if _unlikely(project.cost)
    ]
    twice = [name for name, times in Counter(p.id for p in projects).items() if times > 1]
    faults += [f"project {name} is listed more than once" for name in twice]
    if _unlikely(pot):
        faults.append(f"the pot {pot} is {_unlikely(pot)}")
    if faults:
        raise CountError(faults)
    return projects


def _unlikely(amount: int) -> str:
    """Say what is wrong with an amount of money; nothing where it may be right."""
    if amount < 0:
        return "below nothing"
    return f"more than {MOST} minor units" if amount > MOST else ""


class _Merge:
    """Counts papers by their support and notes unknown projects."""

    def __init__(self, projects: Iterable[Project], pot: int, unit: int) -> None:
        self.projects, self.pot, self.unit = _checked(projects, pot), pot, unit
        self.index = {project.id: number for number, project in enumerate(self.projects)}
        self.classes: Counter[Support] = Counter()
        self.unknown: dict[str, None] = {}

    def indices(self, paper: Iterable[str]) -> list[int]:
        index = self.index
        try:
            return [index[name] for name in paper]
        except KeyError:
            self.unknown.update(dict.fromkeys(name for name in paper if name not in index))
            return []

    def support(self, paper: Iterable[str], points: Iterable[int]) -> Support:
        pairs = zip(self.indices(paper), points, strict=False)
        return tuple(sorted(pair for pair in pairs if pair[1]))

    def take(self, supports: Iterable[Support], times: Iterable[int]) -> None:
        for support, count in zip(supports, chain(times, repeat(1)), strict=False):
            self.classes[support] += count

    def election(
        self, kind: BallotKind, *, scale: int = 1, table: tuple[int, ...] = ()
    ) -> Election:
        if self.unknown:
            raise CountError([f"a paper names the unknown project {x}" for x in self.unknown])
        classes, voters = tuple(self.classes), tuple(self.classes.values())
        return Election(self.projects, self.pot, classes, voters, kind, self.unit, scale, table)
