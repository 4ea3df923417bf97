"""Targets: how few and how many of each feature value a panel may hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sortition.csv_files import Record, Source, Table, read_table
from sortition.faults import Fault, FaultList, InputFaults
from sortition.folding import fold

_SOURCE = "targets"
_HEADINGS = ("feature", "category", "value", "name", "min", "max", "min_flex", "max_flex")


@dataclass(frozen=True, slots=True)
class Target:
    """A feature value's minimum and maximum on the panel, in people.

    The flex bounds say how far a suggested relaxation may go. `held` counts seats already taken
    off the bounds by people selected before.
    """

    feature: str
    value: str
    minimum: int
    maximum: int
    flex_minimum: int
    flex_maximum: int
    held: int = 0


@dataclass(frozen=True)
class Targets:
    """All targets, in the order of the file; spelling here is the spelling used everywhere."""

    rows: tuple[Target, ...]
    notices: tuple[Fault, ...] = ()

    def __iter__(self) -> Iterator[Target]:
        return iter(self.rows)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The features' names, each once."""
        return tuple(dict.fromkeys(target.feature for target in self.rows))

    def values(self, feature: str) -> tuple[str, ...]:
        """The values of one feature, in order."""
        return tuple(target.value for target in self.rows if target.feature == feature)

    @cached_property
    def by_value(self) -> dict[tuple[str, str], Target]:
        """The target of each (feature, value)."""
        return {(target.feature, target.value): target for target in self.rows}


def read_targets(source: Source) -> Targets:
    """Read targets from a CSV file's path, bytes or text, or from rows.

    Accepts the headers `feature,value,min,max`, `category,name,min,max` and
    `category,feature,min,max`, each with or without `min_flex,max_flex`. Raises InputFaults with
    every fault found.
    """
    faults, notices = FaultList(_SOURCE), FaultList(_SOURCE)
    table = read_table(source, faults, notices, _HEADINGS)
    if table.columns:
        reader = _TargetReader(table, faults, notices)
        rows = reader.rows()
        faults.raise_any()
        return Targets(rows, tuple(notices.faults))
    raise InputFaults(faults.faults)


def size_faults(targets: Targets, size: int) -> list[Fault]:
    """Faults of a panel size: each feature needs sum(min) <= size <= sum(max)."""
    faults = FaultList(_SOURCE)
    if size < 1:
        faults.add("no_seats", size=size)
        return faults.faults
    for feature in targets.features:
        rows = [target for target in targets if target.feature == feature]
        low, high = sum(row.minimum for row in rows), sum(row.maximum for row in rows)
        if low > size:
            faults.add("minima_above_size", column=feature, feature=feature, total=low, size=size)
        if high < size:
            faults.add("maxima_below_size", column=feature, feature=feature, total=high, size=size)
    return faults.faults


class _TargetReader:
    """Reads one table of targets."""

    def __init__(self, table: Table, faults: FaultList, notices: FaultList) -> None:
        self.table, self.faults, self.notices = table, faults, notices
        self.feature_at, self.value_at = self._naming_columns()
        self.minimum_at = self._column("min")
        self.maximum_at = self._column("max")
        self.flex_at = self._flex_columns()
        self.widest = self._widest()

    def rows(self) -> tuple[Target, ...]:
        if self.faults.faults:
            return ()
        found = [target for record in self.table.records if (target := self._target(record))]
        if not found and not self.faults.faults:
            self.faults.add("no_targets")
        self._check_repeats(found)
        return tuple(found)

    def _widest(self) -> int:
        """The largest sum of one feature's maxima."""
        sums: Counter[str] = Counter()
        for record in self.table.records:
            sums[fold(record.cells[self.feature_at])] += _whole(record.cells[self.maximum_at]) or 0
        return max(sums.values(), default=0)

    def _column(self, name: str) -> int:
        """Where the one column called `name` stands; a fault when there is none or more."""
        return self.table.position(name, self.faults)

    def _naming_columns(self) -> tuple[int, int]:
        """The columns of the feature's and the value's name, of whichever header set."""
        has = self.table.positions
        if has("category"):
            return self._column("category"), self._column("name" if has("name") else "feature")
        return self._column("feature"), self._column("value")

    def _flex_columns(self) -> tuple[int, int] | None:
        present = [name for name in ("min_flex", "max_flex") if self.table.positions(name)]
        if not present:
            return None
        return self._column("min_flex"), self._column("max_flex")

    def _target(self, record: Record) -> Target | None:
        cells = record.cells
        feature, value = cells[self.feature_at], cells[self.value_at]
        unnamed = not value and (not feature or fold(feature) in ("total", "sum"))
        if unnamed or not (cells[self.minimum_at] or cells[self.maximum_at]):
            self.notices.add("no_minimum", row=record.row)
            return None
        for at, name in ((self.feature_at, feature), (self.value_at, value)):
            if not name:
                column = self.table.columns[at]
                self.faults.add("blank_cell", row=record.row, column=column)
        low = self._number(record, self.minimum_at)
        high = self._number(record, self.maximum_at)
        flex_low, flex_high = self._flex(record, 0), self._flex(record, 1)
        if not (feature and value) or None in (low, high, flex_low, flex_high):
            return None
        target = Target(feature, value, low or 0, high or 0, flex_low or 0, flex_high or 0)
        return target if self._ordered(record, target) else None

    def _flex(self, record: Record, end: int) -> int | None:
        """A flex bound; as wide as can be where there is no such cell; None with a fault."""
        if self.flex_at is None or not record.cells[self.flex_at[end]]:
            return self.widest if end else 0
        return self._number(record, self.flex_at[end])

    def _number(self, record: Record, at: int) -> int | None:
        text = record.cells[at]
        number = _whole(text)
        if number is not None:
            return number
        column = self.table.columns[at]
        if text:
            self.faults.add("not_a_number", row=record.row, column=column, text=text)
        else:
            self.faults.add("blank_cell", row=record.row, column=column)
        return None

    def _ordered(self, record: Record, target: Target) -> bool:
        """Whether min_flex <= min <= max <= max_flex; a fault for each that fails."""
        pairs = (
            ("min", target.minimum, "max", target.maximum),
            ("min_flex", target.flex_minimum, "min", target.minimum),
            ("max", target.maximum, "max_flex", target.flex_maximum),
        )
        before = len(self.faults.faults)
        for low_name, low, high_name, high in pairs:
            if low > high:
                self.faults.add(
                    "out_of_order",
                    row=record.row,
                    column=low_name,
                    low_name=low_name,
                    low=low,
                    high_name=high_name,
                    high=high,
                    feature=target.feature,
                    value=target.value,
                )
        return len(self.faults.faults) == before

    def _check_repeats(self, targets: Iterable[Target]) -> None:
        seen: dict[tuple[str, str], Target] = {}
        spelling: dict[str, str] = {}
        for target in targets:
            key = fold(target.feature), fold(target.value)
            if key in seen:
                self.faults.add(
                    "repeated_target",
                    column=target.feature,
                    feature=target.feature,
                    value=target.value,
                )
            seen[key] = target
            known = spelling.setdefault(key[0], target.feature)
            if known != target.feature:
                self.faults.add(
                    "two_spellings", column=target.feature, known=known, feature=target.feature
                )


def _whole(text: str) -> int | None:
    """A whole number of people (`12`, `12.0`, in any script's digits), else None."""
    number = fold(text)
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else None
