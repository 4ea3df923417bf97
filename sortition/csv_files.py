"""Reading CSV files and workbooks as people have them into numbered records, or saying why not.

Nothing here knows what the columns mean: the readers of targets, people and lists do.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sortition.csv_cells import CsvRows, plain_text
from sortition.faults import FaultList
from sortition.folding import fold
from sortition.workbook import SIGNATURES, sheets_of

#: What a caller may hand over: a path, the bytes or text of a file, or rows already read.
Source = Path | bytes | str | Iterable[Mapping[str, object]]

#: No name, address or value of a register is longer; a longer cell is a broken quotation mark.
LONGEST_CELL = 2_000

_EIGHT_BITS = ("utf-8-sig", "cp1252")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t|"
_SAID_DELIMITER = re.compile(r'\ufeff?"?sep=(.)"?\r?\n', re.IGNORECASE)
#: Records that are looked at to find the delimiter, and those among which the header stands.
_LOOKED_AT = 20

_Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its number in the spreadsheet and its cells by column position."""

    row: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(cell != "" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A header, the row it stands in, and its records."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]
    header_row: int = 1

    def positions(self, name: str) -> list[int]:
        """Where the columns called `name` stand, as names are compared."""
        wanted = fold(name)
        return [at for at, column in enumerate(self.columns) if fold(column) == wanted]

    def position(self, name: str, faults: FaultList) -> int:
        """Where the one column called `name` stands; a fault (and 0) when there is none or more."""
        found, row = self.positions(name), self.header_row
        if not found:
            faults.add("missing_column", row=row, column=name, name=name)
        elif len(found) > 1:
            faults.add("repeated_column", row=row, column=name, name=name, times=len(found))
        return found[0] if found else 0

    def check_repeats(self, faults: FaultList) -> None:
        """Add a fault for every heading that appears more than once."""
        for heading, times in Counter(map(fold, self.columns)).items():
            if heading and times > 1:
                name = self.columns[self.positions(heading)[0]]
                faults.add(
                    "repeated_column", row=self.header_row, column=name, name=name, times=times
                )


def read_table(
    source: Source, log: FaultList, wanted: Iterable[str] = (), sheet: str | None = None
) -> Table:
    """Read `source` into a table, and record what is wrong with it in `log`.

    Unreadable input gives an empty table and at least one fault. Commas, semicolons, tabs or bars
    (the first line may say `sep=;`), UTF-8, UTF-16 or what older spreadsheets write (Windows-1252),
    titles above a header that has one of the `wanted` headings, and blank rows are accepted; so are
    Excel and OpenDocument workbooks, of which the `sheet` named so is read, else that with most of
    these headings. What was guessed or left out is a notice.
    """
    if isinstance(source, str):
        return _parse(source.removeprefix("\ufeff"), log, wanted)
    if not isinstance(source, Path | bytes):
        return _from_mappings(source, log)
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        reason = error.strerror or type(error).__name__
        log.add("unreadable", name=Path(error.filename).name, reason=reason)
        return Table((), ())
    if content.startswith(SIGNATURES):
        return _from_workbook(content, log, list(wanted), sheet)
    text, encoding = _decoded(content)
    if text is None:
        log.add("encoding")
        return Table((), ())
    if encoding == "cp1252":
        log.add("guessed_letters", notice=True)
    return _parse(text, log, wanted)


def _from_workbook(content: bytes, log: FaultList, wanted: list[str], chosen: str | None) -> Table:
    """The sheet chosen, or that with most of the `wanted` headings; the first of equals."""
    try:
        sheets = sheets_of(content)
    except ValueError:
        log.add("excel")
        return Table((), ())
    if not sheets:
        log.add("empty_file")
        return Table((), ())
    texts = dict(sheets)
    name = likely_sheet(sheets, wanted)[0] if chosen is None else chosen
    if name not in texts:
        log.add("no_sheet", name=name, known=", ".join(texts))
        return Table((), ())
    if len(sheets) > 1 and chosen is None:
        others = ", ".join(other for other, _ in sheets if other != name)
        log.add("one_sheet", notice=True, name=name, others=others)
    return _parse(texts[name], log, wanted, ",")


def likely_sheet(sheets: Sequence[tuple[str, str]], wanted: Iterable[str]) -> tuple[str, str]:
    """The sheet, a name and its CSV text, with most of the `wanted` headings."""
    headings = {fold(name) for name in wanted}

    def known(sheet: tuple[str, str]) -> int:
        rows = islice(CsvRows(sheet[1], ","), _LOOKED_AT)
        return len({fold(cell) for row in rows for cell in row} & headings)

    return max(sheets, key=known)


def text_of(content: bytes) -> str | None:
    """The text of a file's bytes, without its mark; None where they are no text."""
    return None if content.startswith(SIGNATURES) else _decoded(content)[0]


def _decoded(content: bytes) -> tuple[str | None, str]:
    """The text, and the encoding that it was read in: cp1252 is a guess that may be wrong."""
    for encoding in _likely_encodings(content):
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError:
            continue
    return None, ""


def _likely_encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(_UTF16_MARKS):
        return ("utf-16",)
    start = content[:200]
    if len(start) > 3 and len(content) % 2 == 0:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if start[first::2].count(0) > len(start) / 4 and 0 not in start[1 - first :: 2]:
                return (encoding,)
    return _EIGHT_BITS


def _parse(text: str, log: FaultList, wanted: Iterable[str], mark: str | None = None) -> Table:
    said = None if mark else _SAID_DELIMITER.match(text)
    before, rest = (1, text[said.end() :]) if said else (0, text)
    rows = list[_Row]()
    reader = CsvRows(rest, said[1] if said else mark or _delimiter(text), strict=True)
    try:
        rows += ((before + reader.row, cells) for cells in reader)
    except csv.Error as error:
        log.add("malformed", row=before + reader.row, reason=str(error))
        return Table((), ())
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        log.add("empty_file")
        return Table((), ())
    last = filled[-1][0]
    for number, cells in rows:
        if not any(cell.strip() for cell in cells) and (cells or number < last):
            log.add("blank_row", row=number, notice=True)
    start = _header_at(filled, [fold(name) for name in wanted])
    for number, _ in filled[:start]:
        log.add("above_header", row=number, notice=True)
    return _table(filled[start:], log)


def _delimiter(text: str) -> str:
    """The mark that cuts most of the first records into equally many cells, quotes respected."""

    def evenness(mark: str) -> tuple[int, int]:
        widths = Counter[int]()
        with suppress(csv.Error):
            filled = (cells for cells in CsvRows(text, mark) if any(cell.strip() for cell in cells))
            widths.update(map(len, islice(filled, _LOOKED_AT)))
        widths.pop(1, None)
        width, records = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        return records, width

    return max(_DELIMITERS, key=evenness)


def _header_at(rows: Sequence[_Row], wanted: Sequence[str]) -> int:
    """Which row is the header: that with most wanted headings; else the first of several cells."""
    first = rows[:_LOOKED_AT]
    known = [len({fold(cell) for cell in cells} & set(wanted)) for _, cells in first]
    if any(known):
        return known.index(max(known))
    filled = [sum(cell.strip() != "" for cell in cells) for _, cells in first]
    return next((at for at, number in enumerate(filled) if number > 1), 0)


def _table(rows: Sequence[_Row], log: FaultList) -> Table:
    header_row, header = rows[0]
    columns = tuple(" ".join(name.split()) for name in header)
    records = []
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            log.add("extra_cells", row=number, found=len(cells), expected=len(columns))
        padded = [plain_text(cell.strip()) for cell in cells[: len(columns)]]
        padded += [""] * (len(columns) - len(padded))
        for column, cell in zip(columns, padded, strict=True):
            if len(cell) > LONGEST_CELL:
                length, longest = len(cell), LONGEST_CELL
                log.add("long_cell", row=number, column=column, length=length, longest=longest)
            elif "\0" in cell:
                log.add("null_character", row=number, column=column)
        records.append(Record(number, tuple(padded)))
    return Table(columns, tuple(records[1:]), header_row)


def _from_mappings(source: Iterable[Mapping[str, object]], log: FaultList) -> Table:
    """Rows already read: the header is the first row's keys; numbers and None become text."""
    mappings = list(source)
    if not mappings:
        log.add("empty_file")
        return Table((), ())
    columns = list(dict.fromkeys(key for mapping in mappings for key in mapping))
    rows = [(1, columns)]
    for number, mapping in enumerate(mappings, start=2):
        cells = [mapping.get(column) for column in columns]
        rows.append((number, ["" if cell is None else str(cell) for cell in cells]))
    return _table(rows, log)
