"""Reading a CSV file, or rows already read, into numbered records; every refusal says why."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortition.faults import FaultList

#: What a caller may hand over: a path, the bytes or text of a CSV file, or rows already read.
Source = Path | bytes | str | Iterable[Mapping[str, object]]

#: No name, address or value of a register is longer; a longer cell is a broken quotation mark.
LONGEST_CELL = 2_000

_EXCEL_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE_ENDS = ("\r", "\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its number in the spreadsheet and its cells by column position."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its records; blank rows are left out but still counted in row numbers."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]

    def positions(self, name: str) -> list[int]:
        """Where the columns called `name` stand, whatever the case of their letters."""
        wanted = fold(name)
        return [at for at, column in enumerate(self.columns) if fold(column) == wanted]

    def position(self, name: str, faults: FaultList) -> int:
        """Where the one column called `name` stands; a fault (and 0) when there is none or more."""
        found = self.positions(name)
        if not found:
            faults.add("missing_column", row=1, column=name, name=name)
        elif len(found) > 1:
            faults.add("repeated_column", row=1, column=name, name=name, times=len(found))
        return found[0] if found else 0


def fold(text: str) -> str:
    """A header or value as it is compared: stripped, runs of spaces as one, case ignored."""
    return " ".join(text.split()).casefold()


def read_table(source: Source, faults: FaultList) -> Table:
    """Read `source` into a table and record what is wrong with it in `faults`.

    Unreadable input gives an empty table and at least one fault. A byte order mark, a missing
    final newline, semicolons or tabs instead of commas are accepted.
    """
    if isinstance(source, Path | bytes):
        content = _content(source, faults) if isinstance(source, Path) else source
        text = None if content is None else _decode(content, faults)
        return Table((), ()) if text is None else _parse(text, faults)
    if isinstance(source, str):
        return _parse(source.removeprefix("\ufeff"), faults)
    return _from_mappings(source, faults)


def _content(path: Path, faults: FaultList) -> bytes | None:
    """The file's bytes, or None with a fault when it can't be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        faults.add(
            "unreadable",
            name=path.name,
            reason=error.strerror or type(error).__name__,
        )
        return None


def _decode(content: bytes, faults: FaultList) -> str | None:
    """The file's text, or None with a fault when it is no UTF-8 text."""
    if content.startswith(_EXCEL_SIGNATURES):
        faults.add("excel")
        return None
    encoding = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        faults.add(
            "encoding",
            row=content[: error.start].count(b"\n") + 1,
            byte=f"0x{content[error.start]:02x}",
        )
        return None


def _parse(text: str, faults: FaultList) -> Table:
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(_reader(text), start=1):
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
    except csv.Error as error:
        faults.add(
            "malformed",
            row=number + 1,
            reason=str(error),
        )
        return Table((), ())
    if not rows:
        faults.add("empty_file")
        return Table((), ())
    return _table(rows, faults)


def _reader(text: str) -> Iterable[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ","
    if "," not in first:
        delimiter = next((mark for mark in (";", "\t") if mark in first), ",")
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _table(rows: Sequence[tuple[int, list[str]]], faults: FaultList) -> Table:
    header_row, header = rows[0]
    columns = tuple(name.strip() for name in header)
    records = []
    for number, cells in [(header_row, header), *rows[1:]]:
        extra = [cell for cell in cells[len(columns) :] if cell.strip()]
        if extra:
            faults.add(
                "extra_cells",
                row=number,
                found=len(cells),
                expected=len(columns),
            )
        padded = [cell.strip() for cell in cells[: len(columns)]]
        padded += [""] * (len(columns) - len(padded))
        _check_cells(number, columns, padded, faults)
        records.append(Record(number, tuple(padded)))
    return Table(columns, tuple(records[1:]))


def _check_cells(row: int, columns: Sequence[str], cells: Sequence[str], faults: FaultList) -> None:
    for column, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            faults.add(
                "long_cell",
                row=row,
                column=column,
                length=len(cell),
                longest=LONGEST_CELL,
            )
        elif "\0" in cell:
            faults.add("null_character", row=row, column=column)


def _from_mappings(source: Iterable[Mapping[str, object]], faults: FaultList) -> Table:
    """Rows already read: the header is the first row's keys; numbers and None become text."""
    mappings = list(source)
    if not mappings:
        faults.add("empty_file")
        return Table((), ())
    columns = list(dict.fromkeys(key for mapping in mappings for key in mapping))
    rows = [(1, columns)]
    for number, mapping in enumerate(mappings, start=2):
        cells = [mapping.get(column) for column in columns]
        rows.append((number, ["" if cell is None else str(cell) for cell in cells]))
    return _table(rows, faults)
