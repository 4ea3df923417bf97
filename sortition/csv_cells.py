"""CSV rows in and out; what is written, no spreadsheet program takes for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

#: The csv module's own limit is the process's: every reader here asks for the same one.
_LONGEST_FIELD = 1_000_000

_FORMULA = r"[\s\"']*[=+\-@|%\uff1d\uff0b\uff0d\uff20]"
#: Where a cell begins: at its start, and after a mark or line break at which a program may cut it.
_BEGINS = re.compile(rf"^(?={_FORMULA}|'*[\t\r\n])|(?<=[;\t\r\n])(?={_FORMULA})")
_QUOTED = re.compile(rf"^'(?={_FORMULA}|'*[\t\r\n])|(?<=[;\t\r\n])'(?={_FORMULA})")


class CsvRows:
    """The rows of a CSV text or of its lines, one by one, whatever is wrong with some of them.

    Quotes left open or misplaced (if `strict`) and cells over a million letters are told to
    `refuse`, and the rows after them are read; without it csv.Error is raised. Of the row read
    or refused last, `row` is the number, and `begins` and `line` are the first and last line.
    """

    def __init__(
        self,
        text: str | Iterable[str],
        delimiter: str = ",",
        strict: bool = False,
        refuse: Callable[[str], None] | None = None,
    ) -> None:
        csv.field_size_limit(_LONGEST_FIELD)
        lines = io.StringIO(text, newline="") if isinstance(text, str) else text
        self._reader = csv.reader(lines, delimiter=delimiter, strict=strict)
        self._refuse = refuse
        self.row = self.begins = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        while True:
            self.row, self.begins = self.row + 1, self._reader.line_num + 1
            try:
                return next(self._reader)
            except csv.Error as error:
                if self._refuse is None:
                    raise
                self._refuse(str(error))

    @property
    def line(self) -> int:
        return self._reader.line_num


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
