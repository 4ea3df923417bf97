"""Tables over rounds: mixed by every feature, few repeated meetings, everyone's needs kept.

Simulated annealing on swaps of two people in one round. The cost is the squared distance of each
table's counts from its proportional share, 4 times the squared repeats of each pair, and a charge
for a protected value sitting alone. A fixed number of proposals gives the same plan everywhere.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sortition.faults import FaultList, refusal
from sortition.seating_search import Arrangement, anneal

#: Proposals of a plan by default: about a second or two of plain Python.
PROPOSALS = 400_000
_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone to seat: feature values in the order of the plan's features."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """What a plan must keep to, in every round; tables count from 0.

    `together` are groups at one table; `apart` groups of whom no two share a table; `fixed` gives
    people a table; `allowed` limits people to tables (an interpreter's, a step-free one);
    `never_alone` are (feature, value) pairs of whom a table has none or at least two, where it can.
    """

    together: Sequence[frozenset[str]] = ()
    apart: Sequence[frozenset[str]] = ()
    fixed: Mapping[str, int] = field(default_factory=dict)
    allowed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    never_alone: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Plan:
    """`rounds[r][t]` holds the ids at table t in round r."""

    rounds: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How good a plan is.

    `off_cells` is the share of (table, value) counts outside the floor and ceiling of the
    proportional share; `repeats` the share of pair meetings that are not first meetings; `thrice`
    the pairs that meet three times or more; `lone` the protected values sitting alone;
    `new_faces` the mean number of different table-mates.
    """

    off_cells: float
    repeats: float
    thrice: int
    lone: int
    new_faces: float


def table_sizes(people: int, table_size: int) -> list[int]:
    """Sizes of the tables, as near to `table_size` as can be, differing by at most one."""
    tables = max(1, min(people, round(people / max(1, table_size))))
    small = people // tables
    extra = people - small * tables
    return [small + 1] * extra + [small] * (tables - extra)


def seat(
    guests: Sequence[Guest],
    features: Sequence[str],
    *,
    table_size: int,
    rounds: int,
    rules: Rules | None = None,
    seed: int,
    proposals: int = PROPOSALS,
) -> Plan:
    """Seat the guests over the rounds. Raises InputFaults when the rules can't all be kept."""
    rules = rules or Rules()
    sizes = table_sizes(len(guests), table_size)
    _check(guests, features, sizes, rounds, rules)
    chance = random.Random(seed)
    place = {guest.id: at for at, guest in enumerate(guests)}
    bounds = Bounds(place, rules, len(sizes))
    tables = [bounds.first_tables(sizes, chance) for _ in range(rounds)]
    numbers: dict[tuple[str, str], int] = {}
    values = [
        [numbers.setdefault(pair, len(numbers)) for pair in zip(features, own.values, strict=True)]
        for own in guests
    ]
    protected = {numbers[pair] for pair in rules.never_alone}
    arrangement = Arrangement(values, sizes, tables, protected)
    anneal(arrangement, bounds, chance, proposals)
    return Plan(
        tuple(
            tuple(
                tuple(guest.id for at, guest in enumerate(guests) if seats[at] == table)
                for table in range(len(sizes))
            )
            for seats in arrangement.tables
        )
    )


class Bounds:
    """The rules by position: who moves together, who may sit where and with whom."""

    def __init__(self, place: Mapping[str, int], rules: Rules, tables: int) -> None:
        self.people = len(place)
        self.units = [[at] for at in range(self.people)]
        for group in rules.together:
            merged = sorted({x for identity in group for x in self.units[place[identity]]})
            for at in merged:
                self.units[at] = merged
        everywhere = frozenset(range(tables))
        self.allowed = [everywhere] * self.people
        for identity, those in rules.allowed.items():
            self.allowed[place[identity]] &= those
        for identity, table in rules.fixed.items():
            self.allowed[place[identity]] &= {table}
        self.foes: list[set[int]] = [set() for _ in range(self.people)]
        for group in rules.apart:
            for identity in group:
                self.foes[place[identity]] |= {place[x] for x in group if x != identity}

    def first_tables(self, sizes: Sequence[int], chance: random.Random) -> list[int]:
        """A random table for everyone that keeps the rules. Raises InputFaults."""
        units = list({tuple(unit): unit for unit in self.units}.values())
        for _ in range(_ATTEMPTS):
            chance.shuffle(units)
            units.sort(key=lambda unit: (min(len(self.allowed[at]) for at in unit), -len(unit)))
            placed = self._place(units, list(sizes), chance)
            if placed is not None:
                return placed
        raise refusal("impossible_rules", "seating")

    def _place(
        self, units: Sequence[list[int]], room: list[int], chance: random.Random
    ) -> list[int] | None:
        tables = [-1] * self.people
        for unit in units:
            open_tables = [
                table
                for table in range(len(room))
                if room[table] >= len(unit) and self.may_sit(unit, table, tables)
            ]
            if not open_tables:
                return None
            table = chance.choice(open_tables)
            room[table] -= len(unit)
            for at in unit:
                tables[at] = table
        return tables

    def may_sit(self, unit: Sequence[int], table: int, tables: Sequence[int]) -> bool:
        """Whether a unit may sit at a table with those sitting there now."""
        return all(
            table in self.allowed[at]
            and self.foes[at].isdisjoint(unit)
            and all(tables[foe] != table for foe in self.foes[at])
            for at in unit
        )


def _check(
    guests: Sequence[Guest],
    features: Sequence[str],
    sizes: Sequence[int],
    rounds: int,
    rules: Rules,
) -> None:
    faults, known = FaultList("seating"), {guest.id for guest in guests}
    if not guests or rounds < 1:
        faults.add("nobody_to_seat")
    seen = Counter(guest.id for guest in guests)
    for identity in sorted(identity for identity, times in seen.items() if times > 1):
        faults.add("repeated_id", id=identity)
    named = {*rules.fixed, *rules.allowed}.union(*rules.together, *rules.apart)
    for identity in sorted(named - known):
        faults.add("unknown_id", id=identity)
    tables = set(rules.fixed.values()).union(*rules.allowed.values())
    for table in sorted(tables - set(range(len(sizes)))):
        faults.add("unknown_table", table=table + 1, tables=len(sizes))
    values = {(f, v) for guest in guests for f, v in zip(features, guest.values, strict=True)}
    for feature, value in sorted(set(rules.never_alone) - values):
        faults.add("nobody_with_value", feature=feature, value=value)
    faults.raise_any()


def score(
    plan: Plan, guests: Sequence[Guest], features: Sequence[str] = (), rules: Rules | None = None
) -> Score:
    """Measure a plan; `features` and `rules` are needed only to count protected values alone."""
    values_of = {guest.id: guest.values for guest in guests}
    protected = set((rules or Rules()).never_alone)
    off = cells = lone = 0
    met: Counter[frozenset[str]] = Counter()
    for tables in plan.rounds:
        present = [identity for table in tables for identity in table]
        whole = Counter(pair for i in present for pair in enumerate(values_of[i]))
        for table in tables:
            here = Counter(pair for i in table for pair in enumerate(values_of[i]))
            for (at, value), total in whole.items():
                share, count = total * len(table), here[at, value] * len(present)
                off += not share - len(present) < count < share + len(present)
                cells += 1
                if protected and (features[at], value) in protected:
                    lone += here[at, value] == 1
            met.update(frozenset((a, b)) for a in table for b in table if a < b)
    meetings = sum(met.values())
    return Score(
        off_cells=off / cells if cells else 0.0,
        repeats=1 - len(met) / meetings if meetings else 0.0,
        thrice=sum(times >= 3 for times in met.values()),
        lone=lone,
        new_faces=2 * len(met) / len(guests) if guests else 0.0,
    )
