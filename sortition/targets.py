"""Targets: how few and how many of each feature value a panel may hold, read or by census."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from sortition.csv_files import Record, Source, Table, read_table
from sortition.faults import Fault, FaultList, InputFaults
from sortition.folding import fold

_SOURCE = "targets"
_PER_CENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) ?[%٪]", re.ASCII)
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


def read_targets(source: Source, size: int | None = None) -> Targets:
    """Read targets from a CSV file's path, bytes or text, or from rows.

    Accepts the headers `feature,value,min,max`, `category,name,min,max` and
    `category,feature,min,max`, each with or without `min_flex,max_flex`. A cell such as `45 %` is
    a share of `size` where that is given: minimums are rounded down, maximums up. Raises
    InputFaults with every fault found.
    """
    log = FaultList(_SOURCE)
    table = read_table(source, log, _HEADINGS)
    if not table.columns:
        raise InputFaults(log.faults)
    reader = _TargetReader(table, log, size)
    log.raise_any()
    rows = tuple(target for record in table.records if (target := reader.target(record)))
    if not rows and not log.faults:
        log.add("no_targets")
    _check_repeats(rows, log)
    log.raise_any()
    return Targets(rows, tuple(log.notices))


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
    """Reads the rows of one table of targets, of whichever header set."""

    def __init__(self, table: Table, log: FaultList, size: int | None) -> None:
        self.table, self.log, self.size = table, log, size
        has = table.positions
        naming = ("feature", "value")
        if has("category"):
            naming = ("category", "name" if has("name") else "feature")
        flex = ("min_flex", "max_flex")
        names = (*naming, "min", "max", *(flex if any(map(has, flex)) else ()))
        self.at = [table.position(name, log) for name in names]
        #: The largest sum of one feature's maxima: as wide as a flex bound can be.
        self.widest = 0
        if not log.faults:
            sums = Counter[str]()
            for cells in (record.cells for record in table.records):
                sums[fold(cells[self.at[0]])] += self._people(cells[self.at[3]], 1) or 0
            self.widest = max(sums.values(), default=0)

    def target(self, record: Record) -> Target | None:
        """The target of a row; None with a notice where it has no minimum, or with faults."""
        feature, value, low, high, *_ = (record.cells[at] for at in self.at)
        unnamed = not value and (not feature or fold(feature) in ("total", "sum"))
        if unnamed or not (low or high):
            self.log.add("no_minimum", row=record.row, notice=True)
            return None
        for at, name in zip(self.at, (feature, value), strict=False):
            if not name:
                self.log.add("blank_cell", row=record.row, column=self.table.columns[at])
        bounds = [self._number(record, at) for at in self.at[2:4]]
        flex = zip(self.at[4:], (0, self.widest), strict=False)
        bounds += [self._number(record, *bound) for bound in flex] or [0, self.widest]
        numbers = [bound for bound in bounds if bound is not None]
        if not (feature and value) or len(numbers) < len(bounds):
            return None
        target = Target(feature, value, *numbers)
        return target if self._ordered(record, target) else None

    def _number(self, record: Record, at: int, blank: int | None = None) -> int | None:
        """The number in a cell, or `blank` where it has none; None with a fault."""
        text, column = record.cells[at], self.table.columns[at]
        number = self._people(text, self.at.index(at) % 2) if text else blank
        if number is None and text:
            self.log.add("not_a_number", row=record.row, column=column, text=text)
        elif number is None:
            self.log.add("blank_cell", row=record.row, column=column)
        return number

    def _people(self, text: str, up: int) -> int | None:
        """The people that a cell names, per cent of the panel rounded up or down, else None."""
        share = _PER_CENT.fullmatch(fold(text))
        if share is None or self.size is None:
            return _whole(text)
        people = Fraction(share[1].replace(",", ".")) * self.size / 100
        return math.ceil(people) if up else math.floor(people)

    def _ordered(self, record: Record, target: Target) -> bool:
        """Whether min_flex <= min <= max <= max_flex; a fault for each that fails."""
        low, high = ("min", target.minimum), ("max", target.maximum)
        flex_low, flex_high = ("min_flex", target.flex_minimum), ("max_flex", target.flex_maximum)
        before = len(self.log.faults)
        for less, more in ((low, high), (flex_low, low), (high, flex_high)):
            if less[1] > more[1]:
                self.log.add(
                    "out_of_order",
                    row=record.row,
                    column=less[0],
                    low_name=less[0],
                    low=less[1],
                    high_name=more[0],
                    high=more[1],
                    feature=target.feature,
                    value=target.value,
                )
        return len(self.log.faults) == before


def _check_repeats(targets: Iterable[Target], log: FaultList) -> None:
    seen: set[tuple[str, str]] = set()
    spelling: dict[str, str] = {}
    for feature, value in ((target.feature, target.value) for target in targets):
        key = fold(feature), fold(value)
        if key in seen:
            log.add("repeated_target", column=feature, feature=feature, value=value)
        seen.add(key)
        known = spelling.setdefault(key[0], feature)
        if known != feature:
            log.add("two_spellings", column=feature, known=known, feature=feature)


def _whole(text: str) -> int | None:
    """A whole number of people (`12`, `12.0`, in any script's digits), else None."""
    number = fold(text)
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else None


_SHARES = ("share", "count", "people", "population", "percent", "per cent", "%")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
#: From so many seats on a value's targets get room of a share of the panel, of at most so many.
_ROOM_FROM, _ROOM, _MOST_ROOM = 5, 0.03, 3


def from_census(source: Source, size: int, area: str = "") -> Targets:
    """Return targets for a panel of `size` in proportion to a table's shares or counts.

    Its columns are `feature` and `value` (or `category` and `name`), a share in any unit (counts,
    per cent, parts of one), and perhaps `area`; with `area` its rows alone count. A value gets its
    share rounded down and up, and from 5 seats on room for 3 % of the panel more, 3 people at most.
    Raises InputFaults with every fault.
    """
    log = FaultList("targets")
    table = read_table(source, log, ("feature", "category", "value", "name", "area", *_SHARES))
    if not table.columns:
        raise InputFaults(log.faults)
    naming = ("category", "name") if table.positions("category") else ("feature", "value")
    share = next((name for name in _SHARES if table.positions(name)), "share")
    at = [table.position(name, log) for name in (*naming, share)]
    log.raise_any()
    areas = table.positions("area")
    shares: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for record in table.records:
        if areas and area and fold(record.cells[areas[0]]) != fold(area):
            continue
        feature, value, text = (record.cells[column] for column in at)
        number = _NUMBER.fullmatch(fold(text).removesuffix("%"))
        if not (feature and value):
            log.add("blank_cell", row=record.row, column="feature" if value else "value")
        elif number is None:
            log.add("not_a_number", row=record.row, column=share, text=text)
        else:
            so_far = shares[feature].get(value, 0.0)
            shares[feature][value] = so_far + float(number[0].replace(",", "."))
    if not shares and not log.faults:
        log.add("no_targets")
    log.raise_any()
    rows = [row for feature, values in shares.items() for row in _rows(feature, values, size)]
    widest = max(sum(r.maximum for r in rows if r.feature == feature) for feature in shares)
    return Targets(tuple(Target(r.feature, r.value, r.minimum, r.maximum, 0, widest) for r in rows))


def _rows(feature: str, values: dict[str, float], size: int) -> list[Target]:
    whole, rows = sum(values.values()) or 1.0, []
    room = min(_MOST_ROOM, round(_ROOM * size))
    for value, share in values.items():
        seats = size * share / whole
        more = room if seats >= _ROOM_FROM else 0
        low, high = math.floor(seats + 1e-9) - more, math.ceil(seats - 1e-9) + more
        rows.append(Target(feature, value, max(0, low), min(size, high), 0, size))
    return rows
