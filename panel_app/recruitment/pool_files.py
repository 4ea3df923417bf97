"""Reading uploaded files of targets and people; every fault is said, nothing half-read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from panel_app.core.errors import FaultyFile
from panel_app.core.text import _
from panel_app.recruitment.desk.faults import fault_words
from panel_app.recruitment.models import Person, Target
from sortition.faults import Fault, InputFaults
from sortition.pool import KNOWN_ID_COLUMNS, Pool, read_people
from sortition.targets import Targets, read_targets, size_faults

#: What spreadsheet programs save that isn't UTF-8 text; these the reader names by itself.
_LEFT_TO_READER = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff")
_NAME = re.compile(r"(^|[ _-])(fore|first|last|full|sur|family|given|middle)?[ _-]?name\d*$", re.I)
_ADDRESS = re.compile(
    r"address|street|road|post ?code|postal|(^|[ _])(zip|city|town)|flat|house", re.I
)
_NO_ADDRESS = re.compile(r"mail|web|ip[ _]address|household", re.I)

#: Row, column, text and how long it may be.
Cell: TypeAlias = tuple[int | None, str, str, int]


def decoded(content: bytes) -> bytes | str:
    """Return the text of an upload: UTF-8, or what older spreadsheets write (cp1252).

    What is neither stays bytes, for the reader to name the fault.
    """
    if content.startswith(_LEFT_TO_READER):
        return content
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content


def guessed(content: bytes) -> bool:
    """Whether `decoded` took the content for what older spreadsheets write, which may be wrong."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return isinstance(decoded(content), str)
    return False


def read_target_file(source: bytes | str, size: int) -> Targets:
    """Read targets for a panel of `size`. Raises FaultyFile with every fault."""
    try:
        targets = read_targets(source)
        _check_lengths("targets", _texts_of(targets))
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the targets have faults."), refusal.faults) from None
    faults = size_faults(targets, size)
    if faults:
        raise _faulty(_("Nothing was imported: the targets don’t fit the panel’s size."), faults)
    return targets


def read_people_file(source: bytes | str, targets: Targets) -> Pool:
    """Read people against the targets. Raises FaultyFile with every fault."""
    try:
        pool = read_people(source, targets)
        _check_lengths("people", ((p.row, "id", p.id, Person.reference.type.length) for p in pool))
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the people have faults."), refusal.faults) from None
    return pool


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
