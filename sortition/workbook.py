"""Excel and OpenDocument workbooks as CSV, converted by a process of its own.

A workbook is a packed file that may unpack to anything. The process that reads it has limits of
memory and time, so that a hostile one harms nothing; this file is also its program.
"""

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

#: How a workbook begins: xlsx and ods are zip files, older Excel has a format of its own.
SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
#: What reading one may take: bytes, seconds of processor time, cells.
MEMORY, SECONDS, MOST_CELLS = 1 << 30, 30, 2_000_000


def sheets_of(content: bytes) -> list[tuple[str, str]]:
    """The name and the CSV text of every visible sheet that holds something, in their order.

    Rows stand at their numbers, numbers without a needless `.0`, dates as `1980-12-31`. Raises
    ValueError for a workbook that is damaged, has a password, or takes more than the limits.
    """
    program = [sys.executable, "-I", str(Path(__file__).resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, which reads from its input alone
            program, input=content, capture_output=True, timeout=2 * SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise ValueError("unreadable workbook") from error
    return [(name, text) for name, text in json.loads(done.stdout)]


def main() -> None:
    """Convert the workbook that comes in; write names and texts as JSON."""
    _limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found, cells = [], 0
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        cells += sum(map(len, rows))
        if cells > MOST_CELLS:
            sys.exit(f"more than {MOST_CELLS} cells")
        if any(cell != "" for row in rows for cell in row):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([map(_shown, row) for row in rows])
            found.append((sheet.name, text.getvalue()))
    json.dump(found, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _shown(cell: object) -> str:
    """A cell as people read it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    main()
