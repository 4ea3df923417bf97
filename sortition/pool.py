"""The pool: the people who registered, read and checked against the targets."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sortition.csv_files import Record, Source, Table, read_table
from sortition.faults import Fault, FaultList, InputFaults
from sortition.folding import fold
from sortition.likely_homes import likely_homes
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
KNOWN_ID_COLUMNS = (
    "unique_id",
    "external_id",
    "nationbuilder_id",
    "pool_member_identifier",
    "person_id",
    "member_id",
    "id",
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

    def without_addresses(self, addresses: Collection[tuple[str, ...]]) -> "Pool":
        """The same pool without the people living at one of `addresses`."""
        kept = tuple(person for person in self.people if person.address not in addresses)
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
    keep_columns: Sequence[str] | None = None,
    leave_out: Choices | None = None,
    name: str = _SOURCE,
) -> Pool:
    """Read the pool from a CSV file's path, bytes or text, or from rows.

    Without `id_column` a well-known one is looked for; where there is none the rows are numbered
    from 1. With `address_columns`, people whose cells there are alike share an address. Columns
    to keep default to all that have no other use. A column that may say "not this one" (see
    `standing`) needs a choice in `leave_out`: the values whose rows are left out, maybe none.
    Faults call the source `name`. Raises InputFaults with every fault found.
    """
    faults, notices = FaultList(name), FaultList(name)
    wanted = [*targets.features, *KNOWN_ID_COLUMNS, *address_columns, *filter(None, [id_column])]
    table = read_table(source, faults, notices, wanted)
    if not table.columns:
        raise InputFaults(faults.faults)
    reader = _PeopleReader(table, targets, faults, notices)
    people = reader.people(id_column, tuple(address_columns), keep_columns, leave_out or {})
    faults.raise_any()
    reader.note_likely_homes(people)
    return Pool(
        targets.features, people, tuple(address_columns), tuple(notices.faults), reader.id_column
    )


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
        self, table: Table, targets: Targets, faults: FaultList, notices: FaultList
    ) -> None:
        self.table, self.faults, self.notices = table, faults, notices
        self.targets = targets
        self.spelling = [
            {fold(value): value for value in targets.values(feature)}
            for feature in targets.features
        ]
        self.spelling_at: dict[int, dict[str, str]] = {}
        self.unknown: dict[int, list[tuple[int, str]]] = {}
        self.id_column: str | None = None

    def people(
        self,
        id_column: str | None,
        address_columns: tuple[str, ...],
        keep_columns: Sequence[str] | None,
        leave_out: Choices,
    ) -> tuple[Person, ...]:
        self.table.check_repeats(self.faults)
        if self.faults.faults:
            return ()
        features = [self._column(feature) for feature in self.targets.features]
        self.spelling_at = dict(zip(features, self.spelling, strict=True))
        addresses = [self._column(column) for column in address_columns]
        id_at = self._column(id_column) if id_column else self._known_id_column()
        if keep_columns is None:
            kept = self._unused({id_at, *features, *addresses})
        else:
            kept = [self._column(column) for column in keep_columns]
        if self.faults.faults:
            return ()
        self.id_column = None if id_at is None else self.table.columns[id_at]
        table = replace(self.table, records=tuple(self._records_of_people(id_at, features)))
        asked_about = {id_at, *features, *addresses}
        out = rows_left_out(table, asked_about, leave_out, self.faults, self.notices)
        read = [
            self._person(record, id_at, features, addresses, kept)
            for record in table.records
            if record.row not in out
        ]
        self._report_unknown()
        if not read:
            self.faults.add("no_people")
        return self._merged(read, numbered=id_at is None)

    def _column(self, name: str) -> int:
        return self.table.position(name, self.faults)

    def _known_id_column(self) -> int | None:
        found = known_id_column(self.table)
        if found is None:
            self.notices.add("no_id_column")
        return found

    def _records_of_people(self, id_at: int | None, features: list[int]) -> Iterator[Record]:
        """The records but for remarks below the people, and rows of computed cells alone."""
        records = self.table.records
        # A list without features says something of a person in two cells, where it has as many.
        least = min(2, len(self.table.columns))

        def says(record: Record) -> bool:
            told = any(record.cells[at] for at in features)
            return told if features else record.filled >= least

        valued = [record.row for record in records if says(record)]
        last = valued[-1] if valued else 0
        for record in records:
            nameless = id_at is None or not record.cells[id_at]
            below = record.row > last
            computed = all(_COMPUTED.fullmatch(cell) for cell in record.cells)
            alone = record.filled == 1 and bool(_REMARK.search("".join(record.cells)))
            blank = not says(record)
            aside = (blank and (id_at is not None or below)) or computed
            if (nameless and aside) or (below and alone):
                self.notices.add("no_person", row=record.row)
            else:
                yield record

    def _unused(self, used: set[int | None]) -> list[int]:
        return [at for at, name in enumerate(self.table.columns) if at not in used and name]

    def _person(
        self,
        record: Record,
        id_at: int | None,
        features: list[int],
        addresses: list[int],
        kept: list[int],
    ) -> Person:
        cells, columns = record.cells, self.table.columns
        values = tuple(
            self._value(record, at, spelling)
            for at, spelling in zip(features, self.spelling, strict=True)
        )
        home = tuple(fold(cells[at]) for at in addresses)
        if addresses and not any(home):
            self.notices.add("no_address", row=record.row)
        if id_at is not None and not cells[id_at]:
            self.faults.add("blank_id", row=record.row, column=columns[id_at])
        identity = cells[id_at] if id_at is not None else ""
        kept_cells = {columns[at]: cells[at] for at in (*kept, *addresses)}
        return Person(identity, values, home if any(home) else None, kept_cells, record.row)

    def _value(self, record: Record, at: int, spelling: Mapping[str, str]) -> str:
        cell = record.cells[at]
        known = spelling.get(fold(cell))
        if known is not None:
            return known
        column = self.table.columns[at]
        if not cell:
            self.faults.add("blank_cell", row=record.row, column=column)
        else:
            self.unknown.setdefault(at, []).append((record.row, cell))
        return ""

    def _report_unknown(self) -> None:
        """A fault for each cell without a target; one for a column that is full of others."""
        for at, cells in self.unknown.items():
            column = self.table.columns[at]
            known = ", ".join(self.spelling_at[at].values())
            different = list(dict.fromkeys(cell for _, cell in cells))
            if len(different) > _MOST_UNKNOWN:
                few = ", ".join(different[:_MOST_UNKNOWN])
                self.faults.add(
                    "unknown_values", column=column, count=len(cells), values=few, known=known
                )
                continue
            for row, cell in cells:
                self.faults.add(
                    "unknown_value", row=row, column=column, value=cell, feature=column, known=known
                )

    def note_likely_homes(self, people: Sequence[Person]) -> None:
        """Note different addresses that may be one household."""
        rows: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for person in people:
            if person.address is not None and person.row is not None:
                rows[person.address].append(person.row)
        for group in likely_homes(rows):
            at = sorted(row for address in group for row in rows[address])
            self.notices.add("likely_home", row=at[0], rows=", ".join(map(str, at)))

    def _merged(self, read: list[Person], *, numbered: bool) -> tuple[Person, ...]:
        """One person an id: identical rows become one with a notice, different ones are faults."""
        if numbered:
            return tuple(
                Person(str(number), person.values, person.address, person.kept, person.row)
                for number, person in enumerate(read, start=1)
            )
        by_id: defaultdict[str, list[Person]] = defaultdict(list)
        for person in read:
            by_id[fold(person.id)].append(person)
        for identity, rows in by_id.items():
            if identity and len(rows) > 1:
                self._report_duplicate(rows[0].id, rows)
        return tuple(rows[0] for rows in by_id.values())

    def _report_duplicate(self, identity: str, rows: list[Person]) -> None:
        first = rows[0]
        same = all(
            (row.values, row.address, row.kept) == (first.values, first.address, first.kept)
            for row in rows
        )
        numbers = ", ".join(str(row.row) for row in rows)
        log = self.notices if same else self.faults
        log.add(
            "merged_rows" if same else "duplicate_id", row=rows[1].row, id=identity, rows=numbers
        )
