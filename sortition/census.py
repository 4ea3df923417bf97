"""Targets made out of a census table: how large a share of the people have each value."""

import math
import re
from collections import defaultdict

from sortition.csv_files import Record, Source, read_table
from sortition.faults import FaultList, InputFaults
from sortition.folding import fold
from sortition.targets import Target, Targets

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
        _add(shares, record, at, share, log)
    if not shares and not log.faults:
        log.add("no_targets")
    log.raise_any()
    rows = [row for feature, values in shares.items() for row in _rows(feature, values, size)]
    widest = max(sum(r.maximum for r in rows if r.feature == feature) for feature in shares)
    return Targets(tuple(Target(r.feature, r.value, r.minimum, r.maximum, 0, widest) for r in rows))


def _add(
    shares: defaultdict[str, dict[str, float]],
    record: Record,
    at: list[int],
    heading: str,
    log: FaultList,
) -> None:
    """Add a row's share to its value: rows of several areas add up."""
    feature, value, text = (record.cells[column] for column in at)
    number = _NUMBER.fullmatch(fold(text).removesuffix("%"))
    if not (feature and value):
        log.add("blank_cell", row=record.row, column="feature" if value else "value")
    elif number is None:
        log.add("not_a_number", row=record.row, column=heading, text=text)
    else:
        known = shares[feature]
        known[value] = known.get(value, 0.0) + float(number[0].replace(",", "."))


def _rows(feature: str, values: dict[str, float], size: int) -> list[Target]:
    whole, rows = sum(values.values()) or 1.0, []
    room = min(_MOST_ROOM, round(_ROOM * size))
    for value, share in values.items():
        seats = size * share / whole
        more = room if seats >= _ROOM_FROM else 0
        low, high = math.floor(seats + 1e-9) - more, math.ceil(seats - 1e-9) + more
        rows.append(Target(feature, value, max(0, low), min(size, high), 0, size))
    return rows
