"""Writing CSV so that no spreadsheet program takes a text for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = r"[\s\"']*[=+\-@|%\uff1d\uff0b\uff0d\uff20]"
#: Where a cell begins: at its start, and after a mark or line break at which a program may cut it.
_BEGINS = re.compile(rf"^(?={_FORMULA}|'*[\t\r\n])|(?<=[;\t\r\n])(?={_FORMULA})")
_QUOTED = re.compile(rf"^'(?={_FORMULA}|'*[\t\r\n])|(?<=[;\t\r\n])'(?={_FORMULA})")


def safe_cell(value: object) -> object:
    """A cell as it may be written: a text gets a quote mark wherever a formula could begin.

    Numbers stay as they are; None is an empty cell.
    """
    if isinstance(value, str):
        return _BEGINS.sub("'", value)
    return "" if value is None else value


def plain_text(cell: str) -> str:
    """A cell without the quote marks of `safe_cell`."""
    return _QUOTED.sub("", cell)


def csv_text(
    header: Sequence[object], rows: Iterable[Sequence[object]], line_end: str = "\n"
) -> str:
    """A header and rows as the text of a CSV file, each cell safe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerows([safe_cell(cell) for cell in row] for row in (header, *rows))
    return out.getvalue()
