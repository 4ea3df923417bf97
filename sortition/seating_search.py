"""Simulated annealing of a seating arrangement by swaps of two units in one round."""

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sortition.seating import Bounds

_REPEAT_WEIGHT = 4.0
_LONE_WEIGHT = 20.0
_FIRST_TEMPERATURE = 2.0
_LAST_TEMPERATURE = 1e-3


class Arrangement:
    """Who sits where in every round, with counts kept up to date: `tables[round][person]`."""

    def __init__(
        self,
        values: list[list[int]],
        sizes: Sequence[int],
        tables: list[list[int]],
        protected: set[int],
    ) -> None:
        self.values, self.tables, self.protected = values, tables, protected
        people, width = len(values), 1 + max(max(own, default=0) for own in values)
        totals = [0] * width
        for own in values:
            for value in own:
                totals[value] += 1
        self.shares = [[total * size / people for total in totals] for size in sizes]
        self.counts = [[[0] * width for _ in sizes] for _ in tables]
        self.seated: list[list[set[int]]] = [[set() for _ in sizes] for _ in tables]
        self.met = [[0] * people for _ in range(people)]
        for at, seats in enumerate(tables):
            for person, table in enumerate(seats):
                self._sit(at, person, table)

    def _sit(self, at: int, person: int, table: int) -> None:
        for value in self.values[person]:
            self.counts[at][table][value] += 1
        for other in self.seated[at][table]:
            self.met[person][other] += 1
            self.met[other][person] += 1
        self.seated[at][table].add(person)
        self.tables[at][person] = table

    def _rise(self, at: int, person: int) -> None:
        table = self.tables[at][person]
        self.seated[at][table].discard(person)
        for value in self.values[person]:
            self.counts[at][table][value] -= 1
        for other in self.seated[at][table]:
            self.met[person][other] -= 1
            self.met[other][person] -= 1

    def swap(self, at: int, a: int, b: int) -> None:
        """Let two people of different tables change places in one round."""
        table_a, table_b = self.tables[at][a], self.tables[at][b]
        self._rise(at, a)
        self._rise(at, b)
        self._sit(at, a, table_b)
        self._sit(at, b, table_a)

    def swap_cost(self, at: int, a: int, b: int) -> float:
        """The change of cost that a swap would bring."""
        table_a, table_b = self.tables[at][a], self.tables[at][b]
        here, there = self.counts[at][table_a], self.counts[at][table_b]
        share_here, share_there = self.shares[table_a], self.shares[table_b]
        change = 0.0
        for x, y in zip(self.values[a], self.values[b], strict=True):
            if x != y:
                change += 4 - 2 * (
                    here[x] - share_here[x] - here[y] + share_here[y]
                    - there[x] + share_there[x] + there[y] - share_there[y]
                )  # fmt: skip
                if self.protected:
                    change += self._lone_change(here, there, x, y)
        met_a, met_b, repeats = self.met[a], self.met[b], 0
        moves = (table_a, a, met_a, met_b), (table_b, b, met_b, met_a)
        for table, leaver, met_now, met_then in moves:
            for other in self.seated[at][table]:
                if other != leaver:
                    if met_now[other] > 1:
                        repeats -= 2 * met_now[other] - 3
                    if met_then[other]:
                        repeats += 2 * met_then[other] - 1
        return change + _REPEAT_WEIGHT * repeats

    def _lone_change(self, here: list[int], there: list[int], x: int, y: int) -> float:
        """The charge for protected values left alone, after x leaves for there and y for here."""
        change = 0
        if x in self.protected:
            change += (here[x] == 2) - (here[x] == 1) + (there[x] == 0) - (there[x] == 1)
        if y in self.protected:
            change += (there[y] == 2) - (there[y] == 1) + (here[y] == 0) - (here[y] == 1)
        return _LONE_WEIGHT * change


def anneal(
    arrangement: Arrangement, bounds: "Bounds", chance: random.Random, proposals: int
) -> None:
    """Improve an arrangement in place by `proposals` random swaps, ever more choosily."""
    rounds, people = len(arrangement.tables), len(arrangement.values)
    free = [len(unit) == 1 for unit in bounds.units]
    strict = any(bounds.foes) or len(set(map(len, bounds.allowed))) > 1
    uniform, pick = chance.random, chance.random
    temperature = _FIRST_TEMPERATURE
    for number in range(proposals):
        if number % 256 == 0:
            left = 1 - number / proposals
            temperature = _FIRST_TEMPERATURE * left**2 + _LAST_TEMPERATURE
        at = int(pick() * rounds)
        a, b = int(pick() * people), int(pick() * people)
        seats = arrangement.tables[at]
        if seats[a] == seats[b]:
            continue
        if not (free[a] and free[b]):
            _swap_units(arrangement, bounds, chance, at, a, b, temperature)
            continue
        if strict and not _may_swap(bounds, seats, [a], [b]):
            continue
        change = arrangement.swap_cost(at, a, b)
        if change <= 0 or uniform() < math.exp(-change / temperature):
            arrangement.swap(at, a, b)


def _may_swap(bounds: "Bounds", seats: list[int], ours: list[int], theirs: list[int]) -> bool:
    """Whether two equally large groups of different tables may change places under the rules."""
    after = list(seats)
    for a, b in zip(ours, theirs, strict=True):
        after[a], after[b] = seats[b], seats[a]
    return all(
        after[x] in bounds.allowed[x] and all(after[foe] != after[x] for foe in bounds.foes[x])
        for x in (*ours, *theirs)
    )


def _swap_units(
    arrangement: Arrangement,
    bounds: "Bounds",
    chance: random.Random,
    at: int,
    a: int,
    b: int,
    temperature: float,
) -> None:
    """Swap a group kept together with as many single people of another table, if that is well."""
    unit, seats = bounds.units[a], arrangement.tables[at]
    if len(unit) == 1:
        a, b, unit = b, a, bounds.units[b]
    singles = [x for x in arrangement.seated[at][seats[b]] if len(bounds.units[x]) == 1]
    if len(singles) < len(unit):
        return
    others = chance.sample(sorted(singles), len(unit))
    if not _may_swap(bounds, seats, unit, others):
        return
    change = 0.0
    for x, y in zip(unit, others, strict=True):
        change += arrangement.swap_cost(at, x, y)
        arrangement.swap(at, x, y)
    if change > 0 and chance.random() >= math.exp(-change / temperature):
        for x, y in zip(unit, others, strict=True):
            arrangement.swap(at, x, y)
