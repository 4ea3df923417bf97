"""Reading a folder's CSV files into rows, with every fault and where it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from panel_app.opinions.gettext_protocol import Gettext
from sortition.csv_cells import CsvRows, csv_text


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
        self, file: str, message: str, row: int | None = None, column: str | None = None
    ) -> None:
        self.found.append(Fault(file, message, row, column))

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

    def index(self, column: str) -> int | None:
        return self.header.index(column) if column in self.header else None

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of a column that is known to be there."""
        place = self.header.index(name)
        return tuple(cells[place] for _, cells in self.rows)


def read_rows(path: Path, faults: FaultList) -> list[Row]:
    """Read all rows of a CSV file in UTF-8, blank ones left out; faults are added."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = faults.gettext("is not UTF-8 text from line %(line)s on", line=line)
        faults.add(path.name, message)
        return []
    except OSError as error:
        message = faults.gettext("can't be opened: %(error)s", error=error.strerror or "")
        faults.add(path.name, message)
        return []
    try:
        rows = enumerate(CsvRows(text), start=1)
        return [Row(number, cells) for number, cells in rows if cells]
    except csv.Error as error:
        message = faults.gettext("can't be read as CSV: %(error)s", error=str(error))
        faults.add(path.name, message)
        return []


def read_table(path: Path, needed: Sequence[str], faults: FaultList) -> Table | None:
    """Read a table that must have the `needed` columns; None if it can't be used."""
    rows = read_rows(path, faults)
    if not rows:
        if not any(fault.file == path.name for fault in faults.found):
            faults.add(path.name, faults.gettext("is empty"))
        return None
    header = tuple(cell.strip() for cell in rows[0].cells)
    missing = [column for column in needed if column not in header]
    for column in missing:
        faults.add(path.name, faults.gettext("has no column “%(column)s”", column=column), 1)
    for column in sorted({column for column in header if header.count(column) > 1}):
        message = faults.gettext("has the column “%(column)s” twice", column=column)
        faults.add(path.name, message, 1)
    if missing or len(set(header)) < len(header):
        return None
    body = _join_unquoted(rows[1:], header)
    return Table(path.name, header, tuple(_even_rows(path.name, header, body, faults)))


def _even_rows(
    file: str, header: Sequence[str], rows: Sequence[Row], faults: FaultList
) -> Iterator[Row]:
    for row in rows:
        if len(row.cells) == len(header):
            yield row
            continue
        message = faults.gettext(
            "has %(found)s cells where the header has %(expected)s",
            found=len(row.cells),
            expected=len(header),
        )
        faults.add(file, message, row.number)


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


def write_rows(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8; texts that look like formulas get quote marks."""
    path.write_text(csv_text(rows[0], rows[1:]), encoding="utf-8", newline="")
