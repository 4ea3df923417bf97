"""Reading uploaded files of targets and people, and saying every fault in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from panel_app.core.errors import FaultyFile
from panel_app.core.text import _, gettext, ngettext
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


def read_target_file(source: bytes | str, size: int) -> Targets:
    """Read targets for a panel of `size`. Raises FaultyFile with every fault."""
    try:
        targets = read_targets(source)
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the targets have faults."), refusal.faults) from None
    faults = size_faults(targets, size)
    if faults:
        raise _faulty(_("Nothing was imported: the targets don’t fit the panel’s size."), faults)
    return targets


def read_people_file(source: bytes | str, targets: Targets) -> Pool:
    """Read people against the targets. Raises FaultyFile with every fault."""
    try:
        return read_people(source, targets)
    except InputFaults as refusal:
        raise _faulty(_("Nothing was imported: the people have faults."), refusal.faults) from None


def guess_names(columns: Iterable[str]) -> list[str]:
    """Return the columns that look like a person's name."""
    return [column for column in columns if _NAME.search(column)]


def guess_addresses(columns: Iterable[str]) -> list[str]:
    """Return the columns that look like an address, for an organiser to confirm."""
    ids = {name.casefold() for name in KNOWN_ID_COLUMNS}
    likely = [c for c in columns if _ADDRESS.search(c) and not _NO_ADDRESS.search(c)]
    return [column for column in likely if column.casefold() not in ids]


def fault_words(faults: Iterable[Fault]) -> list[str]:
    """Say every fault with its rows and column; faults alike in all but the row share a line."""
    rows: dict[tuple[str | None, str], list[int]] = {}
    for fault in faults:
        found = rows.setdefault((fault.column, fault.message), [])
        if fault.row is not None:
            found.append(fault.row)
    return [_words(column, message, sorted(at)) for (column, message), at in rows.items()]


def _words(column: str | None, message: str, rows: list[int]) -> str:
    where = {"rows": _ranges(rows), "column": column, "message": message}
    if rows and column:
        words = ngettext(
            "Row %(rows)s, column %(column)s: %(message)s",
            "Rows %(rows)s, column %(column)s: %(message)s",
            len(rows),
            **where,
        )
    elif rows:
        words = ngettext(
            "Row %(rows)s: %(message)s", "Rows %(rows)s: %(message)s", len(rows), **where
        )
    else:
        words = gettext("Column %(column)s: %(message)s", **where) if column else message
    return str(words)


def _ranges(rows: list[int]) -> str:
    """Write row numbers as people do: 2, 5–7."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row <= runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)


def _faulty(message: object, faults: Iterable[Fault]) -> FaultyFile:
    return FaultyFile(message, fault_words(faults), field="text")
