"""What can be wrong with what we were given: every fault with its row, column and parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or, as a notice, worth knowing) about an input.

    `code` and `details` let a caller say it in another language; `message` says it in English.
    `row` counts as a spreadsheet does: the header is row 1.
    """

    code: str
    message: str
    source: str
    row: int | None = None
    column: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        place = [self.source]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message}"


class InputFaults(ValueError):
    """The input can't be used: `faults` lists everything wrong with it, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FaultList:
    """Collects the faults of one source, so that a reader can go on after the first."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def add(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        **details: object,
    ) -> None:
        """Record one fault; `message` is a template filled from `details`."""
        text = message.format(**{name: _short(value) for name, value in details.items()})
        self.faults.append(
            Fault(f"{self.source}.{code}", text, self.source, row, column, dict(details))
        )

    def raise_any(self) -> None:
        """Raise InputFaults when at least one fault was recorded."""
        if self.faults:
            raise InputFaults(self.faults)


def _short(value: object, longest: int = 80) -> str:
    """A value as it may stand in a sentence: one line, and cut when it is very long."""
    text = " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[:longest]}…"
