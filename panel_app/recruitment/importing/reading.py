"""Taking an uploaded file of people apart, and looking at its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panel_app.core.errors import FaultyFile
from panel_app.core.text import _
from panel_app.recruitment import pool_files
from panel_app.recruitment.desk.faults import fault_words
from sortition import workbook
from sortition.csv_files import Table, likely_sheet, read_table, text_of
from sortition.faults import Fault, FaultList
from sortition.pool import KNOWN_ID_COLUMNS
from sortition.targets import Targets

#: Characters of a sheet that its columns are guessed from, and examples that a page shows.
LOOKED_AT, EXAMPLES = 60_000, 3
_LONGEST_EXAMPLE = 40


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a sheet, each with some of its cells."""

    columns: Sequence[str]
    cells: Mapping[str, Sequence[str]]

    def examples(self, column: str) -> list[str]:
        """Return a few different cells, cut where they are long."""
        shown = list(dict.fromkeys(cell for cell in self.cells[column] if cell))[:EXAMPLES]
        plain = [cell.replace("\0", "\ufffd") for cell in shown]
        return [c if len(c) <= _LONGEST_EXAMPLE else f"{c[:_LONGEST_EXAMPLE]}…" for c in plain]


def taken_apart(name: str, source: bytes | str) -> dict[str, Any]:
    """Return a file's name and sheets, each a name and its text. Raises FaultyFile in words."""
    pool_files.hold_size(source)
    if isinstance(source, str):
        return {"name": name, "sheets": [["", source]]}
    if source.startswith(workbook.SIGNATURES):
        try:
            sheets = workbook.sheets_of(source)
        except ValueError:
            raise _unread("excel") from None
        if not sheets:
            raise _unread("empty_file")
        return {"name": name, "sheets": [list(sheet) for sheet in sheets]}
    text = text_of(source)
    if text is None:
        raise _unread("encoding")
    return {"name": name, "sheets": [["", text]], "guessed": not _is_utf8(source)}


def chosen_sheet(sheets: Sequence[Sequence[str]], name: str, targets: Targets) -> tuple[str, str]:
    """Return the sheet called `name`, else that which has most of the headings looked for."""
    known = {sheet[0]: sheet[1] for sheet in sheets}
    if name in known:
        return name, known[name]
    return likely_sheet(list(known.items()), [*targets.features, *KNOWN_ID_COLUMNS])


def head_of(text: str, targets: Targets) -> Head:
    """Return a sheet's columns with cells of its first rows. Raises FaultyFile where it has none.

    A heading that stands there twice can't be chosen, and is refused.
    """
    wanted = [*targets.features, *KNOWN_ID_COLUMNS]
    log = FaultList("people")
    table = read_table(text[:LOOKED_AT].rpartition("\n")[0] or text, log, wanted)
    if not table.columns or len(text) <= LOOKED_AT:
        log = FaultList("people")
        table = read_table(text, log, wanted)
    if table.columns:
        table.check_repeats(log)
        if not table.records:
            log.add("no_people")
    faults = [fault for fault in log.faults if fault.code not in _OF_ROWS]
    if faults:
        raise _faulty(faults)
    return _head(table)


_OF_ROWS = frozenset({"extra_cells", "long_cell", "null_character"})


def _head(table: Table) -> Head:
    cells = {
        column: [record.cells[at] for record in table.records[:200]]
        for at, column in enumerate(table.columns)
        if column
    }
    return Head(list(cells), cells)


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode()
    except UnicodeDecodeError:
        return source.startswith((b"\xff\xfe", b"\xfe\xff"))
    return True


def _unread(code: str) -> FaultyFile:
    return _faulty([Fault(code, "people")])


def _faulty(faults: Sequence[Fault]) -> FaultyFile:
    message = _("Nothing was imported: the people have faults.")
    return FaultyFile(message, fault_words(faults), field="text")
