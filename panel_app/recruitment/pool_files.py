"""Reading uploaded files of targets and people; every fault is said, nothing half-read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from panel_app.core.errors import FaultyFile
from panel_app.core.text import _
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.models import Person, Target
from sortition import workbook
from sortition.faults import Fault, InputFaults
from sortition.meanings import Meanings
from sortition.not_this_one import Choices
from sortition.pool import KNOWN_ID_COLUMNS, Pool, read_people
from sortition.targets import Targets, read_targets, size_faults

_NAME = re.compile(r"(^|[ _-])(fore|first|last|full|sur|family|given|middle)?[ _-]?name\d*$", re.I)
_ADDRESS = re.compile(
    r"address|street|road|post ?code|postal|(^|[ _])(zip|city|town)|flat|house", re.I
)
_NO_ADDRESS = re.compile(r"mail|web|ip[ _]address|household", re.I)

#: Lines and cells of one file. They are counted in a moment, before anything is taken apart: what
#: is larger would take minutes and gigabytes, and others would wait.
MOST_LINES, MOST_CELLS = 60_000, 2_000_000
#: Row, column, text and how long it may be.
Cell: TypeAlias = tuple[int | None, str, str, int]


def read_target_file(source: bytes | str, size: int, *, fitting: bool = True) -> Targets:
    """Read targets for a panel of `size`, in people or per cent of it.

    Raises FaultyFile with every fault, also where they don't fit the size unless told otherwise.
    """
    hold_size(source)
    try:
        targets = read_targets(source, size)
        _check_lengths("targets", _texts_of(targets))
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the targets have faults."), refusal.faults) from None
    faults = size_faults(targets, size) if fitting else []
    if faults:
        raise _faulty(_("Nothing was imported: the targets don’t fit the panel’s size."), faults)
    return targets


def read_people_file(source: bytes | str, targets: Targets, leave_out: Choices) -> Pool:
    """Read people against the targets, but for those left out. Raises FaultyFile with every fault.

    It is a fault that a column may say who is not to be drawn and `leave_out` says nothing of it.
    """
    try:
        return read_people_as(source, targets, leave_out=leave_out)
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the people have faults."), refusal.faults) from None


def read_people_as(
    source: bytes | str,
    targets: Targets,
    *,
    leave_out: Choices,
    id_column: str | None = None,
    meanings: Meanings | None = None,
) -> Pool:
    """Read people as somebody explained their columns. Raises InputFaults with every fault."""
    hold_size(source)
    pool = read_people(source, targets, id_column=id_column, leave_out=leave_out, meanings=meanings)
    _check_lengths("people", ((p.row, "id", p.id, Person.reference.type.length) for p in pool))
    return pool


def hold_size(source: bytes | str) -> None:
    """Raise FaultyFile where there are more lines or cells than a pool has.

    A workbook is held to its own limits as it is read.
    """
    if isinstance(source, str):
        source = source.encode()
    if source.startswith(workbook.SIGNATURES):
        return
    lines = max(source.count(b"\n"), source.count(b"\r"))
    cells = lines + max(source.count(mark) for mark in (b",", b";", b"\t"))
    if lines > MOST_LINES or cells > MOST_CELLS:
        message = _(
            "Nothing was imported: the file has about %(lines)d lines and %(cells)d cells. At most"
            " %(most_lines)d lines and %(most_cells)d cells are read.",
            lines=lines,
            cells=cells,
            most_lines=MOST_LINES,
            most_cells=MOST_CELLS,
        )
        raise FaultyFile(message, [], field="text")


def guess_names(columns: Iterable[str]) -> list[str]:
    """Return the columns that look like a person's name."""
    return [column for column in columns if _NAME.search(column)]


def guess_addresses(columns: Iterable[str]) -> list[str]:
    """Return the columns that look like an address, for an organiser to confirm."""
    ids = {name.casefold() for name in KNOWN_ID_COLUMNS}
    likely = [c for c in columns if _ADDRESS.search(c) and not _NO_ADDRESS.search(c)]
    return [column for column in likely if column.casefold() not in ids]


def _texts_of(targets: Targets) -> Iterator[Cell]:
    for target in targets:
        column = target.feature[:80]
        yield None, column, target.feature, Target.feature.type.length
        yield None, column, target.value, Target.value.type.length


def _check_lengths(source: str, cells: Iterable[Cell]) -> None:
    """Hold texts to what the database keeps of them. Raises InputFaults."""
    faults = [
        Fault("long_cell", source, row, column, {"length": len(text), "longest": longest})
        for row, column, text, longest in cells
        if len(text) > longest
    ]
    if faults:
        raise InputFaults(faults)


def _faulty(message: object, faults: Iterable[Fault]) -> FaultyFile:
    return FaultyFile(message, fault_words(faults), field="text")
