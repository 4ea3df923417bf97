"""Changes to a seating plan while its rounds go on, and the fewest meetings it could repeat.

Past rounds are never touched. Whoever leaves is taken out, whoever comes sits down at a table with
room, and people move only while two tables differ by more than one: each such move is needed.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from sortition.faults import refusal
from sortition.seating import Guest, Plan, Rules

#: What meeting somebody again, and leaving a protected value alone, weigh beside an alike mix.
_AGAIN, _LONE = 4.0, 20.0

Tables = list[list[str]]


def meetings_again(plan: Plan) -> int:
    """Count how often a pair sits together in two rounds: over all pairs, and pairs of rounds."""
    return sum(_pairs(times) for times in Counter(_met(plan.rounds)).values())


def fewest_again(plan: Plan) -> int:
    """Return a number that `meetings_again` of no plan with these people and sizes is below.

    People of one table who sit in another round too are spread over its tables; spread as evenly
    as can be, that many pairs still sit together. And all meetings share so many different pairs.
    """
    by_rounds = sum(
        max(_spread(one, other), _spread(other, one)) for one, other in combinations(plan.rounds, 2)
    )
    people = len({identity for tables in plan.rounds for table in tables for identity in table})
    meetings = sum(_pairs(len(table)) for tables in plan.rounds for table in tables)
    return max(by_rounds, _evenly(meetings, _pairs(people)))


def _spread(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> int:
    there = {identity for table in other for identity in table}
    return sum(_evenly(len(there.intersection(table)), len(other)) for table in one)


def _evenly(things: int, places: int) -> int:
    """Return the pairs that share a place when things are spread as evenly as can be."""
    if not places:
        return 0
    each, more = divmod(things, places)
    return more * _pairs(each + 1) + (places - more) * _pairs(each)


def _pairs(number: int) -> int:
    return number * (number - 1) // 2


def reseat(
    plan: Plan,
    guests: Mapping[str, Guest],
    *,
    since: int,
    gone: Collection[str] = (),
    come: Sequence[str] = (),
    rules: Rules | None = None,
    level: bool = True,
) -> Plan:
    """Take people out of, and into, the rounds from number `since` (from 0) with few moves.

    Without `level` nobody moves who sits already, however unlike the tables get.

    `guests` holds everybody of those rounds and all who come, by id. Rules that the plan keeps
    stay kept. Raises InputFaults where someone who comes can sit nowhere.
    """
    rules, rounds = rules or Rules(), [[list(table) for table in one] for one in plan.rounds]
    for number in range(since, len(rounds)):
        tables = [[i for i in table if i not in gone] for table in rounds[number]]
        others = rounds[:number] + rounds[number + 1 :]
        seating = _Seating(tables, guests, rules, list(_met(others)))
        for identity in come:
            seating.sit_down(identity)
        while level and seating.level():
            pass
        rounds[number] = tables
    return Plan(tuple(tuple(tuple(table) for table in tables) for tables in rounds))


def _met(rounds: Sequence[Sequence[Sequence[str]]]) -> Iterator[frozenset[str]]:
    return (frozenset(p) for tables in rounds for t in tables for p in combinations(t, 2))


class _Seating:
    """One round that people sit down in; `tables` changes in place."""

    def __init__(
        self,
        tables: Tables,
        guests: Mapping[str, Guest],
        rules: Rules,
        met: Sequence[frozenset[str]],
    ) -> None:
        self.tables, self.guests, self.rules, self.met = tables, guests, rules, Counter(met)
        self.values = {value for _feature, value in rules.never_alone}

    def sit_down(self, identity: str) -> None:
        """Seat one more at the table with most room, and there where it fits best."""
        own = [at for at, table in enumerate(self.tables) if self._friends(identity, table)]
        open_tables = own or range(len(self.tables))
        free = [at for at in open_tables if self._may_sit(identity, at)]
        if not free:
            raise refusal("impossible_rules", "seating")
        best = min(free, key=lambda at: (len(self.tables[at]), self._cost(identity, at), at))
        self.tables[best].append(identity)

    def level(self) -> bool:
        """Move one person from a largest table to a smallest; False where that isn't needed."""
        sizes = [len(table) for table in self.tables]
        most, fewest = max(sizes, default=0), min(sizes, default=0)
        if most - fewest < 2:
            return False
        moves = [
            (self._cost(identity, to) - self._cost(identity, at), at, to, identity)
            for at, table in enumerate(self.tables)
            if len(table) == most
            for to, other in enumerate(self.tables)
            if len(other) == fewest
            for identity in table
            if self._may_sit(identity, to) and not self._friends(identity, table)
        ]
        if not moves:
            return False
        _cost, at, to, identity = min(moves)
        self.tables[at].remove(identity)
        self.tables[to].append(identity)
        return True

    def _friends(self, identity: str, table: Sequence[str]) -> bool:
        """Whether somebody at the table is to be kept together with this one."""
        groups = [group for group in self.rules.together if identity in group]
        return any(other != identity and other in g for g in groups for other in table)

    def _may_sit(self, identity: str, at: int) -> bool:
        fixed, allowed = self.rules.fixed.get(identity, at), self.rules.allowed.get(identity)
        apart = [group for group in self.rules.apart if identity in group]
        foes = any(other in group for group in apart for other in self.tables[at])
        return fixed == at and (allowed is None or at in allowed) and not foes

    def _cost(self, identity: str, at: int) -> float:
        """What it costs that this person sits at a table: meetings again, likeness, loneliness."""
        others = [other for other in self.tables[at] if other != identity]
        again = sum(self.met[frozenset((identity, other))] for other in others)
        values = self.guests[identity].values
        alike = [
            sum(self.guests[other].values[at] == value for other in others)
            for at, value in enumerate(values)
        ]
        lone = sum(v in self.values and not n for v, n in zip(values, alike, strict=True))
        return _AGAIN * again + sum(alike) / max(1, len(others)) + _LONE * lone
