"""Reading a folder's CSV files into rows, with every fault and where it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sortition.csv_cells import CsvRows
from sortition.faults import Fault, InputFaults


class FaultList(list[Fault]):
    """Collects faults while files are read, so that all are told at once."""

    def say(self, file: str, text: str, row: int | None = None, column: str | None = None) -> None:
        """Note what is wrong with a file; row 1 is the header."""
        self.append(Fault("option", file, row, column, {"text": text}))

    def stop_if_any(self) -> None:
        """Raise InputFaults if anything was found so far."""
        if self:
            raise InputFaults(self)


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

    def fault(self, row: int, column: str, text: str) -> None:
        """Note that a cell is wrong."""
        self.faults.say(self.file, text, row, column)


def read_rows(path: Path, faults: FaultList) -> list[Row]:
    """Read all rows of a CSV file in UTF-8, blank ones left out; faults are added."""

    def refuse(reason: str) -> None:
        faults.say(path.name, f"can't be read as CSV: {reason}", rows.row)

    try:
        rows = CsvRows(path.read_bytes().decode("utf-8-sig"), refuse=refuse)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.say(path.name, f"is not UTF-8 text from line {line} on")
        return []
    except OSError as error:
        faults.say(path.name, f"can't be opened: {error.strerror}")
        return []
    return [Row(rows.row, cells) for cells in rows if cells]


def read_table(path: Path, needed: Sequence[str], faults: FaultList) -> Table | None:
    """Read a table that must have the `needed` columns; None if it can't be used."""
    rows = read_rows(path, faults)
    if not rows:
        if not any(fault.source == path.name for fault in faults):
            faults.say(path.name, "is empty")
        return None
    header = tuple(cell.strip() for cell in rows[0].cells)
    missing = [column for column in needed if column not in header]
    twice = sorted({column for column in header if header.count(column) > 1})
    for column in missing:
        faults.say(path.name, f"has no column “{column}”", 1)
    for column in twice:
        faults.say(path.name, f"has the column “{column}” twice", 1)
    if missing or twice:
        return None
    body = _join_unquoted(rows[1:], header)
    for row in body:
        if (found := len(row.cells)) != len(header):
            text = f"has {found} cells where the header has {len(header)}"
            faults.say(path.name, text, row.number)
    even = tuple(row for row in body if len(row.cells) == len(header))
    return Table(path.name, header, even, faults)


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
