"""The rows of a Polis export, each file turned into its own kind of record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from panel_app.opinions.polis.csv_tables import (
    FaultList,
    Table,
    read_rows,
    read_table,
)
from panel_app.opinions.votes import Statement, Vote, id_order, in_time_order
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


@dataclass(frozen=True)
class CommentRows:
    """`comments.csv`: statements, and the totals it states (often wrong)."""

    statements: tuple[Statement, ...]
    totals: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class MatrixRows:
    """The votes matrix: who, with which published group and stated totals; what on what."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    groups: Mapping[str, int]
    totals: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Summary:
    """`summary.csv`: what the conversation is about."""

    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def views(self) -> int | None:
        views = self.values.get("views", "")
        return int(views) if re.fullmatch("[0-9]{1,18}", views) else None


def read_summary(folder: Path, faults: FaultList) -> Summary:
    """Read the summary; a folder without one has an empty one."""
    path = folder / "summary.csv"
    if not path.is_file():
        return Summary()
    rows = read_rows(path, faults)
    return Summary({cells[0].strip(): plain_text(",".join(cells[1:])) for _, cells in rows})


def read_comments(folder: Path, faults: FaultList) -> CommentRows | None:
    """Read the statements; None if the file is missing or can't be used."""
    path = folder / "comments.csv"
    if not path.is_file():
        faults.add(path.name, faults.gettext("is missing"))
        return None
    needed = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
    table = read_table(path, needed, faults)
    if table is None:
        return None
    _refuse_repeats(table, "comment-id", faults)
    statements = tuple(
        _statement(table, number, dict(zip(table.header, row, strict=True)), faults)
        for number, row in table.rows
    )
    return CommentRows(statements, _stated_totals(table, "comment-id", "agrees", "disagrees"))


def _statement(table: Table, number: int, row: Mapping[str, str], faults: FaultList) -> Statement:
    moderated = row["moderated"].strip()
    if moderated not in ("1", "0", "-1", ""):
        message = faults.gettext("“%(value)s” is none of -1, 0 and 1", value=moderated)
        faults.add(table.file, message, number, "moderated")
        moderated = ""
    return Statement(
        id=row["comment-id"].strip(),
        text=plain_text(row["comment-body"]),
        moderation=int(moderated or 0),
        is_seed=_is_true(row.get("is-seed", "")),
        is_meta=_is_true(row.get("is-meta", "")),
        author=row["author-id"].strip(),
        created=_moment(table.file, number, row["timestamp"], faults),
    )


def read_matrix(folder: Path, faults: FaultList) -> MatrixRows | None:
    """Read the votes matrix of either generation; None if there is none to use."""
    paths = [folder / name for name in MATRIX_FILES if (folder / name).is_file()]
    if not paths:
        return None
    table = read_table(paths[0], ("participant", "group-id"), faults)
    if table is None:
        return None
    _refuse_repeats(table, "participant", faults)
    places = [place for place, name in enumerate(table.header) if name not in PERSON_COLUMNS]
    who = table.header.index("participant")
    cells: dict[tuple[str, str], int] = {}
    for number, row in table.rows:
        for place in places:
            if row[place]:
                value = _value(table.file, number, table.header[place], row[place], faults)
                cells[row[who].strip(), table.header[place]] = value
    return MatrixRows(
        tuple(person.strip() for person in table.column("participant")),
        tuple(table.header[place] for place in places),
        cells,
        _published_groups(table),
        _stated_totals(table, "participant", "n-agree", "n-disagree"),
    )


def _published_groups(table: Table) -> dict[str, int]:
    named = {
        person.strip(): group.strip()
        for person, group in zip(table.column("participant"), table.column("group-id"), strict=True)
        if group.strip()
    }
    names = sorted(set(named.values()), key=id_order)
    numbered = all(re.fullmatch("[0-9]{1,6}", name) for name in names)
    numbers = {name: int(name) if numbered else place for place, name in enumerate(names)}
    return {person: numbers[name] for person, name in named.items()}


def read_log(folder: Path, faults: FaultList) -> tuple[Vote, ...] | None:
    """Read the event log in the order of time, ties in the order of rows; None without one."""
    path = folder / "votes.csv"
    if not path.is_file():
        return None
    table = read_table(path, ("timestamp", "comment-id", "voter-id", "vote"), faults)
    if table is None:
        return None
    when, what, who, vote = (
        table.header.index(c) for c in ("timestamp", "comment-id", "voter-id", "vote")
    )
    important = table.index("important")
    events = [
        Vote(
            participant=row[who].strip(),
            statement=row[what].strip(),
            value=_value(table.file, number, "vote", row[vote], faults),
            at=_moment(table.file, number, row[when], faults),
            is_important=important is not None and _is_true(row[important]),
        )
        for number, row in table.rows
    ]
    return tuple(in_time_order(events))


def _refuse_repeats(table: Table, column: str, faults: FaultList) -> None:
    place, seen = table.header.index(column), set[str]()
    for number, cells in table.rows:
        cell = cells[place].strip()
        if not cell:
            faults.add(table.file, faults.gettext("is empty"), number, column)
        elif cell in seen:
            message = faults.gettext("“%(value)s” is there twice", value=cell)
            faults.add(table.file, message, number, column)
        seen.add(cell)


def _stated_totals(
    table: Table, key: str, agree: str, disagree: str
) -> tuple[tuple[str, int, int], ...]:
    """The totals that a file states, rows without a number left out."""
    if agree not in table.header or disagree not in table.header:
        return ()
    columns = zip(table.column(key), table.column(agree), table.column(disagree), strict=True)
    return tuple(
        (name.strip(), int(agrees), int(disagrees))
        for name, agrees, disagrees in columns
        if _is_number(agrees) and _is_number(disagrees)
    )


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*-?[0-9]{1,9}\s*", cell))


def _is_true(cell: str) -> bool:
    return cell.strip().lower() in ("1", "true", "t", "yes")


def _value(file: str, row: int, column: str, cell: str, faults: FaultList) -> int:
    value = VALUES.get(cell) if cell in VALUES else VALUES.get(cell.strip())
    if value is None:
        message = faults.gettext("“%(value)s” is none of -1, 0 and 1", value=cell)
        faults.add(file, message, row, column)
        return 0
    return value


def _moment(file: str, row: int, cell: str, faults: FaultList) -> datetime | None:
    """A timestamp in seconds or milliseconds, told apart by its size."""
    if not re.fullmatch(r"\s*[0-9]{1,14}(\.0+)?\s*", cell):
        message = faults.gettext("“%(value)s” is no timestamp", value=cell)
        faults.add(file, message, row, "timestamp")
        return None
    number = int(float(cell))
    seconds, thousandths = divmod(number, 1000) if number >= FIRST_MILLISECONDS else (number, 0)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=thousandths * 1000)
