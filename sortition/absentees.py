"""Repairing a seating plan on the day: absentees leave, and as few people as can be move."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sortition.seating import Guest, Plan, Rules

_REPEAT_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Move:
    """Someone who sits at another table than planned in one round; all count from 0."""

    round: int
    id: str
    old_table: int
    new_table: int


@dataclass(frozen=True)
class Repair:
    """The plan without the absentees, and the moves that keep its tables even."""

    plan: Plan
    moves: tuple[Move, ...]


def repair(
    plan: Plan,
    guests: Sequence[Guest],
    absent: Collection[str],
    *,
    rules: Rules | None = None,
    first_round: int = 0,
) -> Repair:
    """Take absentees out of the rounds from `first_round` and even the tables to within one seat.

    Each move takes one free person from a largest table to a smallest, whoever harms the mix and
    the meetings least; people fixed, limited or kept together with others stay. Where the rules
    leave nobody to move, a table stays smaller.
    """
    rules = rules or Rules()
    values = {guest.id: guest.values for guest in guests}
    rounds = [[list(table) for table in tables] for tables in plan.rounds]
    moves: list[Move] = []
    for number in range(first_round, len(rounds)):
        rounds[number] = [[i for i in table if i not in absent] for table in rounds[number]]
    for number in range(first_round, len(rounds)):
        moves += _even_out(rounds, number, values, rules)
    return Repair(Plan(tuple(tuple(tuple(t) for t in tables) for tables in rounds)), tuple(moves))


def _even_out(
    rounds: list[list[list[str]]],
    number: int,
    values: Mapping[str, tuple[str, ...]],
    rules: Rules,
) -> list[Move]:
    tables, moves = rounds[number], list[Move]()
    while True:
        largest = max(len(table) for table in tables)
        smallest = min(len(table) for table in tables)
        if largest - smallest <= 1:
            return moves
        met = _meetings(rounds, number)
        options = [
            (_cost(tables, old, new, identity, values, met), identity, old, new)
            for old in range(len(tables))
            if len(tables[old]) == largest
            for new in range(len(tables))
            if len(tables[new]) == smallest
            for identity in tables[old]
            if _may_move(identity, tables[new], new, rules)
        ]
        if not options:
            return moves
        _, identity, old, new = min(options)
        tables[old].remove(identity)
        tables[new].append(identity)
        moves.append(Move(number, identity, old, new))


def _may_move(identity: str, there: Sequence[str], table: int, rules: Rules) -> bool:
    if identity in rules.fixed or any(identity in group for group in rules.together):
        return False
    if table not in rules.allowed.get(identity, frozenset({table})):
        return False
    return not any(
        identity in group and any(other in group for other in there) for group in rules.apart
    )


def _meetings(rounds: Sequence[Sequence[Sequence[str]]], but: int) -> Counter[frozenset[str]]:
    """How often each pair meets in the other rounds."""
    return Counter(
        frozenset((a, b))
        for number, tables in enumerate(rounds)
        if number != but
        for table in tables
        for a in table
        for b in table
        if a < b
    )


def _cost(
    tables: Sequence[Sequence[str]],
    old: int,
    new: int,
    identity: str,
    values: Mapping[str, tuple[str, ...]],
    met: Counter[frozenset[str]],
) -> float:
    """How much worse the mix and the meetings get when someone moves."""
    own = values[identity]
    alike_there = sum(
        x == y for other in tables[new] for x, y in zip(values[other], own, strict=True)
    )
    alike_here = sum(
        x == y
        for other in tables[old]
        if other != identity
        for x, y in zip(values[other], own, strict=True)
    )
    repeats = sum(met[frozenset((identity, other))] for other in tables[new])
    return alike_there - alike_here + _REPEAT_WEIGHT * repeats
