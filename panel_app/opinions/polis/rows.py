"""The rows of a Polis export, each file turned into its own kind of record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from panel_app.opinions.polis.csv_tables import FaultList, Table, read_rows, read_table
from panel_app.opinions.votes import Statement, Vote, id_order, last_votes
from sortition.csv_cells import plain_text

MATRIX_FILES = ("participant-votes.csv", "participants-votes.csv")
PERSON_COLUMNS = (
    "participant",
    "xid",
    "group-id",
    "n-comments",
    "n-votes",
    "n-agree",
    "n-disagree",
)
VALUES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "-0.0": 0}
#: Timestamps above this are milliseconds: as seconds they would lie in the year 5138.
FIRST_MILLISECONDS = 100_000_000_000

#: What each participant answered to each statement: (participant, statement) to a value.
Cells = Mapping[tuple[str, str], int]
#: Agrees and disagrees as a file states them (often wrong), by statement or participant.
Totals = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class MatrixRows:
    """The votes matrix: who, with which published group and totals; what on what."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    cells: Cells
    groups: Mapping[str, int]
    totals: Totals


def read_summary(folder: Path, faults: FaultList) -> dict[str, str]:
    """Read `summary.csv`, what the conversation is about; a folder without one has an empty one."""
    path = folder / "summary.csv"
    rows = read_rows(path, faults) if path.is_file() else []
    return {cells[0].strip(): plain_text(",".join(cells[1:])) for _, cells in rows}


def read_comments(folder: Path, faults: FaultList) -> tuple[tuple[Statement, ...], Totals] | None:
    """Read the statements and their totals; None if the file is missing or can't be used."""
    path = folder / "comments.csv"
    if not path.is_file():
        faults.say(path.name, "is missing")
        return None
    needed = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
    table = read_table(path, needed, faults)
    if table is None:
        return None
    _refuse_repeats(table, "comment-id")
    statements = tuple(_statement(table, number, row) for number, row in table.records())
    return statements, _stated_totals(table, "comment-id", "agrees", "disagrees")


def _statement(table: Table, number: int, row: Mapping[str, str]) -> Statement:
    moderated = row["moderated"]
    return Statement(
        id=row["comment-id"].strip(),
        text=plain_text(row["comment-body"]),
        moderation=_value(table, number, "moderated", moderated) if moderated.strip() else 0,
        is_seed=_is_true(row.get("is-seed", "")),
        is_meta=_is_true(row.get("is-meta", "")),
        author=row["author-id"].strip(),
        created=_moment(table, number, row["timestamp"]),
    )


def read_matrix(folder: Path, faults: FaultList) -> MatrixRows | None:
    """Read the votes matrix of either generation; None if there is none to use."""
    paths = [folder / name for name in MATRIX_FILES if (folder / name).is_file()]
    table = read_table(paths[0], ("participant", "group-id"), faults) if paths else None
    if table is None:
        return None
    _refuse_repeats(table, "participant")
    places = [place for place, name in enumerate(table.header) if name not in PERSON_COLUMNS]
    participants = table.column("participant")
    cells = {
        (person, table.header[place]): _value(table, number, table.header[place], row[place])
        for person, (number, row) in zip(participants, table.rows, strict=True)
        for place in places
        if row[place]
    }
    return MatrixRows(
        participants,
        tuple(table.header[place] for place in places),
        cells,
        _published_groups(table),
        _stated_totals(table, "participant", "n-agree", "n-disagree"),
    )


def read_importance(folder: Path, faults: FaultList) -> frozenset[tuple[str, str]] | None:
    """Read what matters to whom; None where the export says nothing of it."""
    path = folder / "participant-importance.csv"
    table = read_table(path, ("participant",), faults) if path.is_file() else None
    if table is None:
        return None
    not_statements = (*PERSON_COLUMNS, "n-important")
    return frozenset(
        (row["participant"].strip(), name)
        for _number, row in table.records()
        for name in table.header
        if name not in not_statements and row[name].strip() == "1"
    )


def _published_groups(table: Table) -> dict[str, int]:
    columns = zip(table.column("participant"), table.column("group-id"), strict=True)
    named = {person: group for person, group in columns if group}
    names = sorted(set(named.values()), key=id_order)
    numbered = all(re.fullmatch("[0-9]{1,6}", name) for name in names)
    numbers = {name: int(name) if numbered else place for place, name in enumerate(names)}
    return {person: numbers[name] for person, name in named.items()}


def read_log(folder: Path, faults: FaultList) -> tuple[Cells, int] | None:
    """Read everybody's last votes by time, ties by row, and how many were changed; None without."""
    path, needed = folder / "votes.csv", ("timestamp", "comment-id", "voter-id", "vote")
    table = read_table(path, needed, faults) if path.is_file() else None
    if table is None:
        return None
    events = [
        Vote(
            participant=row["voter-id"].strip(),
            statement=row["comment-id"].strip(),
            value=_value(table, number, "vote", row["vote"]),
            at=_moment(table, number, row["timestamp"]),
        )
        for number, row in table.records()
    ]
    last = last_votes(events)
    return last, len(events) - len(last)


def _refuse_repeats(table: Table, column: str) -> None:
    seen = set[str]()
    for (number, _), cell in zip(table.rows, table.column(column), strict=True):
        if not cell:
            table.fault(number, column, "is empty")
        elif cell in seen:
            table.fault(number, column, f"“{cell}” is there twice")
        seen.add(cell)


def _stated_totals(table: Table, key: str, agree: str, disagree: str) -> Totals:
    """The totals that a file states, rows without a number left out."""
    if agree not in table.header or disagree not in table.header:
        return {}
    columns = zip(table.column(key), table.column(agree), table.column(disagree), strict=True)
    return {
        name: (int(agrees), int(disagrees))
        for name, agrees, disagrees in columns
        if _is_number(agrees) and _is_number(disagrees)
    }


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch("-?[0-9]{1,9}", cell))


def _is_true(cell: str) -> bool:
    return cell.strip().lower() in ("1", "true", "t", "yes")


def _value(table: Table, row: int, column: str, cell: str) -> int:
    value = VALUES.get(cell) if cell in VALUES else VALUES.get(cell.strip())
    if value is None:
        table.fault(row, column, f"“{cell}” is none of -1, 0 and 1")
    return value or 0


def _moment(table: Table, row: int, cell: str) -> datetime | None:
    """A timestamp in seconds or milliseconds, told apart by its size."""
    if not re.fullmatch(r"\s*[0-9]{1,14}(\.0+)?\s*", cell):
        table.fault(row, "timestamp", f"“{cell}” is no timestamp")
        return None
    number = int(float(cell))
    seconds, thousandths = divmod(number, 1000) if number >= FIRST_MILLISECONDS else (number, 0)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=thousandths * 1000)
