"""The command `seat`."""

import argparse
from dataclasses import asdict

from sortition.cli.inputs import names, refuse, tell
from sortition.csv_cells import csv_text
from sortition.csv_files import Table, read_table
from sortition.faults import FaultList
from sortition.seating import Guest, Rules, score
from sortition.seating import seat as seat_guests


def seat(options: argparse.Namespace) -> int:
    """Seat the people of a file at tables over rounds."""
    faults = FaultList("people")
    table = read_table(options.people, faults)
    faults.raise_any()
    id_at = _column(table, options.id_column) if options.id_column else 0
    wanted = names(options.features)
    columns = [_column(table, name) for name in wanted] or [
        at for at in range(len(table.columns)) if at != id_at
    ]
    features = tuple(table.columns[at] for at in columns)
    if options.table_size < 1:
        raise refuse("seating", f"A table of {options.table_size} seats nobody.")
    guests = [
        Guest(record.cells[id_at], tuple(record.cells[at] for at in columns))
        for record in table.records
    ]
    rules = _rules(options, table, id_at)
    plan = seat_guests(
        guests,
        features,
        table_size=options.table_size,
        rounds=options.rounds,
        rules=rules,
        seed=options.seed,
    )
    value = {
        "rounds": [[list(people) for people in tables] for tables in plan.rounds],
        "score": asdict(score(plan, guests, features, rules)),
    }
    seated = [
        (number, at, people)
        for number, tables in enumerate(plan.rounds, start=1)
        for at, people in enumerate(tables, start=1)
    ]
    lines = [f"Round {number}, table {at}: {', '.join(people)}" for number, at, people in seated]
    rows = [[number, at, identity] for number, at, people in seated for identity in people]
    return tell(options, value, lines, {"seating.csv": csv_text(["round", "table", "id"], rows)})


def _column(table: Table, name: str) -> int:
    found = table.positions(name)
    if len(found) != 1:
        raise refuse("people", f"The column {name} must appear once, not {len(found)} times.")
    return found[0]


def _rules(options: argparse.Namespace, table: Table, id_at: int) -> Rules:
    """The rules of the options; tables count from 1 there and from 0 inside."""
    allowed: dict[str, frozenset[int]] = {}
    for text in options.needs:
        pair, tables = _sides(text, "=")
        column, value = _sides(pair, ":")
        at = _column(table, column)
        those = [record for record in table.records if record.cells[at] == value]
        if not those:
            raise refuse("seating", f"Nobody has {column} {value}.")
        for record in those:
            identity = record.cells[id_at]
            given = frozenset(_number(name) - 1 for name in names(tables))
            allowed[identity] = allowed.get(identity, given) & given
    fixed = (_sides(text, "=") for text in options.fixed)
    return Rules(
        together=[frozenset(names(text)) for text in options.together],
        apart=[frozenset(names(text)) for text in options.apart],
        fixed={identity: _number(place) - 1 for identity, place in fixed},
        allowed=allowed,
        never_alone=[_sides(text, ":") for text in options.never_alone],
    )


def _sides(text: str, mark: str) -> tuple[str, str]:
    left, found, right = text.partition(mark)
    if not (left and found and right):
        raise refuse("seating", f"“{text}” needs something on both sides of “{mark}”.")
    return left, right


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise refuse("seating", f"“{text}” is not the number of a table.")
    return int(text)
