"""What can be wrong with what we were given: every fault with its row, column and parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sortition.messages import ENGLISH

#: How much of a value a sentence about it shows.
_LONGEST_SHOWN = 80
#: Rows that one line names; of twenty thousand wrong cells it says how many more there are.
MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or, as a notice, worth knowing) about an input.

    `code` is a key of `messages.ENGLISH` and stays the same from release to release; `details`
    are that sentence's parameters, fit to be shown, so that a caller can say it in any language.
    `row` counts as a spreadsheet does: the header is row 1.
    """

    code: str
    source: str
    row: int | None = None
    column: str | None = None
    details: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The fault in English, without its place."""
        return ENGLISH[self.code] % self.details

    def __str__(self) -> str:
        rows = [] if self.row is None else [self.row]
        return _line(self.source, self.column, self.message, rows)


class InputFaults(ValueError):
    """The input can't be used: `faults` lists everything wrong with it, not only the first."""

    def __init__(
        self, faults: Iterable[Fault], unknown: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        #: Cells that no value takes, with how often they stand there, by feature.
        self.unknown = unknown or {}
        super().__init__("\n".join(in_lines(self.faults)))


def in_lines(faults: Iterable[Fault]) -> list[str]:
    """The faults in English, a line each; those alike in all but the row share a line."""
    alike: dict[tuple[str, str | None, str], list[int]] = {}
    for fault in faults:
        rows = alike.setdefault((fault.source, fault.column, fault.message), [])
        if fault.row is not None:
            rows.append(fault.row)
    return [_line(*fault, rows) for fault, rows in alike.items()]


def _line(source: str, column: str | None, message: str, rows: Sequence[int]) -> str:
    place, more = [source], len(rows) - MOST_ROWS
    if rows:
        shown = ", ".join(map(str, rows[:MOST_ROWS]))
        further = f" and {more} more" if more > 0 else ""
        place.append(f"row{'s' if len(rows) > 1 else ''} {shown}{further}")
    if column is not None:
        place.append(f"column {column}")
    return f"{', '.join(place)}: {message}"


class FaultList:
    """Collects what is wrong with one source and, as notices, what was put right or left out."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.notices: list[Fault] = []

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str | None = None,
        notice: bool = False,
        **details: float | str,
    ) -> None:
        """Record one fault or notice; `details` are the parameters of its sentence."""
        place = None if column is None else _short(column)
        log = self.notices if notice else self.faults
        log.append(Fault(code, self.source, row, place, _shown(details)))

    def raise_any(self) -> None:
        """Raise InputFaults when at least one fault was recorded."""
        if self.faults:
            raise InputFaults(self.faults)


def refusal(code: str, source: str, **details: float | str) -> InputFaults:
    """The exception that says one thing wrong with `source`."""
    return InputFaults([Fault(code, source, details=_shown(details))])


def _shown(details: Mapping[str, float | str]) -> dict[str, float | str]:
    return {
        name: _short(value) if isinstance(value, str) else value for name, value in details.items()
    }


def _short(value: str) -> str:
    """A value as it may stand in a sentence: one line, printable, cut when it is very long."""
    line = " ".join(value.split())
    printable = "".join(mark if mark.isprintable() else "\ufffd" for mark in line)
    return printable if len(line) <= _LONGEST_SHOWN else f"{printable[:_LONGEST_SHOWN]}…"
