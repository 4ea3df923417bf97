"""The pool: the people who registered, read and checked against the targets."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial

from sortition.bands import band_of
from sortition.csv_files import Record, Source, Table, read_table
from sortition.faults import Fault, FaultList, InputFaults
from sortition.folding import fold
from sortition.households import likely_homes
from sortition.meanings import NO_ANSWER, Meanings, before_damage, is_cut_number, is_no_answer
from sortition.not_this_one import Choices, Doubt, doubts_of, rows_left_out
from sortition.targets import Targets

_SOURCE = "people"
#: Different unknown values of a column up to which each is a fault of its own.
_MOST_UNKNOWN = 5
#: What a single cell below the people says that is no id.
_REMARK = re.compile(r"\s|^\W|:$|^(totals?|sum|notes?|end)$", re.IGNORECASE)
#: What a formula drawn down below the people leaves in a row.
_COMPUTED = re.compile(r"|true|false|0|-|#[a-z0-9/]+[!?]?", re.IGNORECASE)

#: Id columns of the tools whose exports we read, best first.
KNOWN_ID_COLUMNS = tuple(
    "unique_id external_id nationbuilder_id pool_member_identifier person_id member_id id".split()
)


@dataclass(frozen=True, slots=True)
class Person:
    """One registered person: feature values in the order and spelling of the targets."""

    id: str
    values: tuple[str, ...]
    address: tuple[str, ...] | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True)
class Pool:
    """The people a panel may be drawn from, with unique ids, and notices from the reading."""

    features: tuple[str, ...]
    people: tuple[Person, ...]
    address_columns: tuple[str, ...] = ()
    notices: tuple[Fault, ...] = ()
    #: The heading of the column that the ids come from; None where the rows were numbered.
    id_column: str | None = None

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    @cached_property
    def by_id(self) -> dict[str, Person]:
        """Each person by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def by_folded_id(self) -> dict[str, Person]:
        """Each person by their id as ids are compared."""
        return {fold(person.id): person for person in self.people}

    def without_ids(self, ids: Iterable[str]) -> "Pool":
        """The same pool without the people named."""
        unwanted = set(ids)
        kept = tuple(person for person in self.people if person.id not in unwanted)
        return Pool(self.features, kept, self.address_columns)

    def without_the_silent(self) -> "Pool":
        """The people who answered every feature, with a notice of how many others there were."""
        kept = tuple(one for one in self.people if NO_ANSWER not in one.values)
        log = FaultList(_SOURCE)
        if out := len(self.people) - len(kept):
            log.add("not_drawn", notice=True, count=out)
        return replace(self, people=kept, notices=(*self.notices, *log.notices))

    def beside(self, selected: Sequence[Person]) -> "Pool":
        """The people who can join those selected: without them and everyone at their addresses."""
        rest, homes = (
            self.without_ids(one.id for one in selected),
            {one.address for one in selected},
        )
        kept = tuple(one for one in rest if one.address is None or one.address not in homes)
        return Pool(self.features, kept, self.address_columns)

    @cached_property
    def households(self) -> tuple[tuple[str, ...], ...]:
        """The ids of people who share an address with someone else in the pool, by address."""
        homes: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for person in self.people:
            if person.address is not None:
                homes[person.address].append(person.id)
        return tuple(tuple(ids) for ids in homes.values() if len(ids) > 1)


def read_people(
    source: Source,
    targets: Targets,
    *,
    id_column: str | None = None,
    address_columns: Sequence[str] = (),
    leave_out: Choices | None = None,
    meanings: Meanings | None = None,
    name: str = _SOURCE,
    on: date | None = None,
) -> Pool:
    """Read the pool from a CSV file's path, bytes or text, or from rows.

    Without `id_column` a well-known one is looked for; where there is none the rows are numbered
    from 1. With `address_columns`, people whose cells there are alike share an address. Columns
    that have no other use are kept. Numbers, and dates of birth by the age `on` a day (today),
    go into the bands that a feature's values are (bands.py), with a notice that counts them. A
    column that may say "not this one" needs a choice in `leave_out`: the values whose rows are left
    out, maybe none. `meanings` say which column and cell means what. Faults call the source `name`.
    Raises InputFaults with every fault found.
    """
    log, told = FaultList(name), meanings or Meanings()
    features = map(told.column, targets.features)
    wanted = [*features, *KNOWN_ID_COLUMNS, *address_columns, *filter(None, [id_column])]
    table = read_table(source, log, wanted, told.sheet)
    if not table.columns:
        raise InputFaults(log.faults)
    table.check_repeats(log)
    log.raise_any()
    day = on or datetime.now(UTC).date()
    reader = _PeopleReader(table, targets, id_column, address_columns, told, log, day)
    log.raise_any()
    people = reader.people(leave_out or {})
    if log.faults:
        raise InputFaults(log.faults, reader.unknown_counts)
    _note_likely_homes(people, log)
    id_heading = None if reader.id_at is None else table.columns[reader.id_at]
    return Pool(targets.features, people, tuple(address_columns), tuple(log.notices), id_heading)


def doubtful_columns(source: Source, targets: Targets) -> list[Doubt]:
    """The columns of a file of people that `read_people` needs a choice about; [] if unreadable."""
    faults = FaultList(_SOURCE)
    table = read_table(source, faults, wanted=[*targets.features, *KNOWN_ID_COLUMNS])
    used = {at for feature in targets.features for at in table.positions(feature)}
    return [] if faults.faults else doubts_of(table, {known_id_column(table), *used})


def known_id_column(table: Table) -> int | None:
    """Where a well-known id column stands; None where there is none."""
    for name in KNOWN_ID_COLUMNS:
        found = table.positions(name) or table.positions(name.replace("_", " "))
        if found:
            return found[0]
    return None


class _PeopleReader:
    """Reads one table of people."""

    def __init__(
        self,
        table: Table,
        targets: Targets,
        id_column: str | None,
        address_columns: Sequence[str],
        told: Meanings,
        log: FaultList,
        on: date,
    ) -> None:
        self.table, self.log, self.told = table, log, told
        self.names = targets.features
        self.features = [table.position(told.column(name), log) for name in self.names]
        self.addresses = [table.position(column, log) for column in address_columns]
        self.also_kept = [table.position(column, log) for column in told.also_kept]
        self.id_at = table.position(id_column, log) if id_column else known_id_column(table)
        if told.numbered and not id_column:
            self.id_at = None
        if self.id_at is None:
            log.add("no_id_column", notice=True)
        self.used = {self.id_at, *self.features, *self.addresses}
        #: The targets' spelling of each folded value, and what somebody said of other cells.
        self.spelling = [{fold(v): v for v in targets.values(f)} for f in targets.features]
        self.explained = [told.value_of(feature) for feature in targets.features]
        self.bands = [band_of(targets.values(f), on) for f in targets.features]
        #: By feature: how many cells were put into each band, were read as somebody said, were no
        #: answer; the cells that no value takes.
        self.banded = [Counter[str]() for _ in self.features]
        self.read_as = [Counter[tuple[str, str]]() for _ in self.features]
        self.silent = [0 for _ in self.features]
        self.unknown: list[list[tuple[int, str]]] = [[] for _ in self.features]
        self.cut: defaultdict[int, list[str]] = defaultdict(list)

    def people(self, leave_out: Choices) -> tuple[Person, ...]:
        """Everybody to draw from, with faults of what is wrong."""
        table = replace(self.table, records=tuple(self._records_of_people()))
        out = rows_left_out(table, self.used, leave_out, self.log)
        read = [self._person(record) for record in table.records if record.row not in out]
        self._report()
        if not read:
            self.log.add("no_people")
        if self.id_at is None:
            return tuple(replace(one, id=str(number)) for number, one in enumerate(read, start=1))
        return self._merged(read)

    def _records_of_people(self) -> Iterator[Record]:
        """The records but for remarks below the people, and rows of computed cells alone."""
        records = self.table.records
        # A list without features says something of a person in two cells, where it has as many.
        least = min(2, len(self.table.columns))

        def says(record: Record) -> bool:
            told = any(record.cells[at] for at in self.features)
            return told if self.features else record.filled >= least

        valued = [record.row for record in records if says(record)]
        last = valued[-1] if valued else 0
        for record in records:
            nameless = self.id_at is None or not record.cells[self.id_at]
            below = record.row > last
            computed = all(_COMPUTED.fullmatch(cell) for cell in record.cells)
            alone = record.filled == 1 and bool(_REMARK.search("".join(record.cells)))
            blank = not says(record)
            aside = (blank and (self.id_at is not None or below)) or computed
            if (nameless and aside) or (below and alone):
                self.log.add("no_person", row=record.row, notice=True)
            else:
                yield record

    @property
    def unknown_counts(self) -> dict[str, dict[str, int]]:
        """How often each cell stands there that no value takes, by feature."""
        counted = (Counter(cell for _, cell in cells) for cells in self.unknown)
        found = zip(self.names, counted, strict=True)
        return {name: dict(counts.most_common()) for name, counts in found if counts}

    def _person(self, record: Record) -> Person:
        cells, columns, id_at = record.cells, self.table.columns, self.id_at
        values = tuple(self._value(record, feature) for feature in range(len(self.features)))
        home = tuple(fold(cells[at]) for at in self.addresses)
        if home and not any(home):
            self.log.add("no_address", row=record.row, notice=True)
        identity = "" if id_at is None else cells[id_at]
        if id_at is not None and not identity:
            self.log.add("blank_id", row=record.row, column=columns[id_at])
        elif is_cut_number(identity):
            self.log.add("cut_number", row=record.row, column=columns[id_at or 0], value=identity)
        kept = [at for at, name in enumerate(columns) if at not in self.used and name]
        for at in kept:
            if is_cut_number(cells[at]):
                self.cut[at].append(cells[at])
        kept_cells = {columns[at]: cells[at] for at in (*kept, *self.addresses, *self.also_kept)}
        return Person(identity, values, home if any(home) else None, kept_cells, record.row)

    def _value(self, record: Record, feature: int) -> str:
        cell = record.cells[self.features[feature]]
        folded, find = fold(cell), self.bands[feature]
        known = self.spelling[feature].get(folded)
        if known is None and (known := self.explained[feature].get(folded)):
            self.read_as[feature][cell, known] += 1
        if known is None and find and (known := find(cell)):
            self.banded[feature][known] += 1
        if known is None and self.told.may_be_silent and is_no_answer(cell):
            known = NO_ANSWER
        if known == NO_ANSWER:
            self.silent[feature] += 1
        if known is None and not cell:
            self.log.add(
                "blank_cell", row=record.row, column=self.table.columns[self.features[feature]]
            )
        elif known is None:
            self.unknown[feature].append((record.row, cell))
        return known or ""

    def _report(self) -> None:
        """Say what was put into bands, read as somebody said, left out or cut short."""
        note, columns = partial(self.log.add, notice=True), self.table.columns
        for feature, at in enumerate(self.features):
            column, spelling = columns[at], self.spelling[feature]
            if counts := self.banded[feature]:
                told = ", ".join(f"{v}: {counts[v]}" for v in spelling.values() if counts[v])
                note("banded", column=column, count=counts.total(), bands=told)
            for (cell, value), count in self.read_as[feature].items():
                note("explained", column=column, count=count, cell=cell, value=value)
            if count := self.silent[feature]:
                note("silent", column=column, count=count)
            self._report_unknown(column, self.unknown[feature], list(spelling.values()))
        for at, cells in self.cut.items():
            note("cut_numbers", column=columns[at], count=len(cells), value=cells[0])

    def _report_unknown(
        self, column: str, cells: Sequence[tuple[int, str]], values: Sequence[str]
    ) -> None:
        """A fault for each cell without a target; one for a column that is full of others."""
        different, known = list(dict.fromkeys(cell for _, cell in cells)), ", ".join(values)
        damaged = {cell: before_damage(cell, values) for cell in different}
        others = [cell for cell in different if damaged[cell] is None]
        if len(others) > _MOST_UNKNOWN:
            few = ", ".join(others[:_MOST_UNKNOWN])
            count = sum(damaged[cell] is None for _, cell in cells)
            self.log.add("unknown_values", column=column, count=count, values=few, known=known)
        for row, cell in cells:
            if typed := damaged[cell]:
                self.log.add("date_cell", row=row, column=column, value=cell, typed=typed)
            elif len(others) <= _MOST_UNKNOWN:
                self.log.add(
                    "unknown_value", row=row, column=column, value=cell, feature=column, known=known
                )

    def _merged(self, read: list[Person]) -> tuple[Person, ...]:
        """One person an id: identical rows become one with a notice, different ones are faults."""
        by_id: defaultdict[str, list[Person]] = defaultdict(list)
        for person in read:
            by_id[fold(person.id)].append(person)
        for identity, rows in by_id.items():
            if identity and len(rows) > 1:
                first = rows[0]
                same = all(replace(one, id=first.id, row=first.row) == first for one in rows)
                self.log.add(
                    "merged_rows" if same else "duplicate_id",
                    notice=same,
                    row=rows[1].row,
                    id=first.id,
                    rows=", ".join(str(one.row) for one in rows),
                )
        return tuple(rows[0] for rows in by_id.values())


def _note_likely_homes(people: Sequence[Person], log: FaultList) -> None:
    """Note different addresses that may be one household."""
    rows: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for person in people:
        if person.address is not None and person.row is not None:
            rows[person.address].append(person.row)
    for group in likely_homes(rows):
        at = sorted(row for address in group for row in rows[address])
        log.add("likely_home", notice=True, row=at[0], rows=", ".join(map(str, at)))
