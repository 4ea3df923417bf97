"""Lists that people keep in spreadsheets: every row is done, or none is and every fault is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from panel_app.core.errors import DomainError, FaultyFile
from panel_app.core.text import _
from panel_app.recruitment.desk.faults import fault_words, placed
from panel_app.recruitment.pool_files import hold_size
from sortition.csv_files import read_table
from sortition.faults import FaultList
from sortition.folding import fold

Item = TypeVar("Item")
#: A row's number in the spreadsheet, and its cells by the heading as headings are compared.
Row = tuple[int, dict[str, str]]


def rows_of(
    source: bytes | str, needed: Collection[str], called: Mapping[str, str] | None = None
) -> list[Row]:
    """Return the rows of a CSV file, a workbook or pasted cells that has the `needed` columns.

    `called` gives columns of other lists, as headings are compared, the names they have here; of
    several that mean one, the first is read. Raises FaultyFile with every fault.
    """
    hold_size(source)
    log, called = FaultList("list"), called or {}
    table = read_table(source, log, wanted=[*needed, *called])
    table.check_repeats(log)
    names = _names([fold(column) for column in table.columns], called)
    for name in needed if table.columns else ():
        if name not in names:
            table.position(name, log)
    if table.columns and not table.records:
        log.add("no_entries")
    if log.faults:
        raise FaultyFile(_nothing(), fault_words(log.faults), field="text")
    rows = [(record.row, dict(zip(names, record.cells, strict=False))) for record in table.records]
    return [row for row in rows if any(row[1].values())]


def _names(headings: list[str], called: Mapping[str, str]) -> list[str]:
    """Return what the columns are called here, each name once."""
    names = list[str]()
    for heading in headings:
        name = called.get(heading, heading)
        taken = name in names or (name != heading and name in headings)
        names.append(heading if taken else name)
    return names


def each(rows: Iterable[tuple[int, Item]], act: Callable[[Item], object]) -> int:
    """Do `act` with every row, or what was made of it; return how often it said something true.

    Raises FaultyFile where it refuses any: whoever calls undoes the others.
    """
    changed, faults = 0, dict[str, list[int]]()
    for number, row in rows:
        try:
            changed += bool(act(row))
        except DomainError as refusal:
            faults.setdefault(str(refusal), []).append(number)
    if faults:
        lines = [placed(None, words, at) for words, at in faults.items()]
        raise FaultyFile(_nothing(), lines, field="text")
    return changed


def _nothing() -> Any:
    return _("Nothing was changed: the file has faults.")
