"""Reading a folder's CSV files into rows, with every fault and where it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from panel_app.gettext_protocol import Gettext, gettext_noop
from sortition.csv_cells import CsvRows


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which file, and where: row 1 is the header."""

    file: str
    message: str
    row: int | None = None
    column: str | None = None


class FaultyFiles(ValueError):
    """Files that can't be read as they are; `faults` holds all that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.file}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


@dataclass
class FaultList:
    """Collects faults while files are read, so that all are told at once."""

    gettext: Gettext
    found: list[Fault] = field(default_factory=list)

    def add(
        self,
        file: str,
        message: str,
        row: int | None = None,
        column: str | None = None,
        /,
        **details: object,
    ) -> None:
        """Note a fault in the reader's language; `details` fill in the message."""
        self.found.append(Fault(file, self.gettext(message, **details), row, column))

    def stop_if_any(self) -> None:
        """Raise FaultyFiles if anything was found so far."""
        if self.found:
            raise FaultyFiles(self.found)


class Row(NamedTuple):
    """A row's cells, and the number a spreadsheet shows beside it."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A CSV file with a header; every row has as many cells as the header."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: FaultList

    def records(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each row's number, and its cells by column."""
        for number, cells in self.rows:
            yield number, dict(zip(self.header, cells, strict=True))

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of a column that is known to be there, without blanks around them."""
        place = self.header.index(name)
        return tuple(cells[place].strip() for _, cells in self.rows)

    def fault(self, row: int, column: str, message: str, /, **details: object) -> None:
        """Note that a cell is wrong."""
        self.faults.add(self.file, message, row, column, **details)


def read_rows(path: Path, faults: FaultList) -> list[Row]:
    """Read all rows of a CSV file in UTF-8, blank ones left out; faults are added."""

    def refuse(reason: str) -> None:
        unread = gettext_noop("can't be read as CSV: %(error)s")
        faults.add(path.name, unread, rows.row, error=reason)

    try:
        rows = CsvRows(path.read_bytes().decode("utf-8-sig"), refuse=refuse)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.add(path.name, gettext_noop("is not UTF-8 text from line %(line)s on"), line=line)
        return []
    except OSError as error:
        faults.add(path.name, gettext_noop("can't be opened: %(error)s"), error=error.strerror)
        return []
    return [Row(rows.row, cells) for cells in rows if cells]


def read_table(path: Path, needed: Sequence[str], faults: FaultList) -> Table | None:
    """Read a table that must have the `needed` columns; None if it can't be used."""
    rows = read_rows(path, faults)
    if not rows:
        if not any(fault.file == path.name for fault in faults.found):
            faults.add(path.name, gettext_noop("is empty"))
        return None
    header = tuple(cell.strip() for cell in rows[0].cells)
    missing = [column for column in needed if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    for column in missing:
        faults.add(path.name, gettext_noop("has no column “%(column)s”"), 1, column=column)
    for column in twice:
        message = gettext_noop("has the column “%(column)s” twice")
        faults.add(path.name, message, 1, column=column)
    if missing or twice:
        return None
    body = _join_unquoted(rows[1:], header)
    even = [row for row in body if len(row.cells) == len(header)]
    for row in body:
        if len(row.cells) != len(header):
            message = gettext_noop("has %(found)s cells where the header has %(expected)s")
            found = len(row.cells)
            faults.add(path.name, message, row.number, found=found, expected=len(header))
    return Table(path.name, header, tuple(even), faults)


def _join_unquoted(rows: list[Row], header: Sequence[str]) -> list[Row]:
    """Mend bodies that an old exporter left unquoted: their commas and line breaks.

    Only where the body is the last column, so that everything too much belongs to it. A row
    that begins with a time but ends early is no line of a body.
    """
    if header[-1] != "comment-body":
        return rows
    width, mended = len(header), list[Row]()
    for number, cells in rows:
        if len(cells) >= width and re.fullmatch(r"\s*-?[0-9]+(\.0+)?\s*", cells[0]):
            mended.append(Row(number, [*cells[: width - 1], ",".join(cells[width - 1 :])]))
        elif not mended or (len(cells) > 1 and re.fullmatch("[0-9]{9,}", cells[0].strip())):
            mended.append(Row(number, cells))
        else:
            mended[-1].cells[-1] += "\n" + ",".join(cells)
    return mended
